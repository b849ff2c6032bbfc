using ThinDeployer.Broker;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Broker;

public sealed class BrokerEndpointTests
{
    [Theory]
    [InlineData("amqps://front:pw@broker.example", "broker.example", 5671, "/", 15671)]
    [InlineData("amqps://front:pw@broker.example:5000/", "broker.example", 5000, "/", 15671)]
    [InlineData("amqps://front:pw@broker.example/shop%2Fone", "broker.example", 5671, "shop/one", 15671)]
    [InlineData("amqp://front:pw@localhost", "localhost", 5672, "/", 15672)]
    [InlineData("amqp://front:pw@127.0.0.1?management=8080", "127.0.0.1", 5672, "/", 8080)]
    [InlineData("amqp://front:pw@[::1]:5000", "::1", 5000, "/", 15672)]
    public void An_address_is_read(string text, string host, int port, string virtualHost, int management)
    {
        var address = BrokerEndpoint.Read(new LineAddress(new Uri(text), AuthorityFile: null));

        Assert.Equal((host, port, virtualHost), (address.Host, address.Port, address.VirtualHost));
        Assert.Equal(("front", "pw", management), (address.User, address.Password, address.ManagementPort));
    }

    [Theory]
    [InlineData("amqp://front:hidden@broker.example", "use amqps://broker.example")]
    [InlineData("amqp://front:hidden@192.168.1.2", "use amqps://192.168.1.2")]
    [InlineData("https://front:hidden@broker.example", "amqps://LOGIN:PASSWORD@HOST")]
    [InlineData("amqps://broker.example", "has no login")]
    [InlineData("amqps://front:hidden@broker.example/one/two", "virtual host")]
    [InlineData("amqps://front:hidden@broker.example?management=no", "management=PORT")]
    [InlineData("amqps://front:hidden@broker.example?verify=none", "management=PORT")]
    public void An_address_that_is_not_to_be_used_is_said_without_its_password(string text, string why)
    {
        var refused = Assert.Throws<FormatException>(() =>
            BrokerEndpoint.Read(new LineAddress(new Uri(text), AuthorityFile: null))
        );

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Special_characters_of_a_login_are_written_as_in_addresses()
    {
        var line = new LineAddress(new Uri("amqps://a%40b:p%2Fw%3A@broker.example"), AuthorityFile: null);

        var address = BrokerEndpoint.Read(line);

        Assert.Equal(("a@b", "p/w:"), (address.User, address.Password));
    }

    [Theory]
    [InlineData("amqps://front:pw@broker.example", "amqps://broker.example:5671/")]
    [InlineData("amqps://front:pw@broker.example/shop?management=1", "amqps://broker.example:5671/shop")]
    [InlineData("amqp://front:pw@[::1]", "amqp://[::1]:5672/")]
    public void Machines_are_told_the_address_without_the_login(string text, string told)
    {
        var address = BrokerEndpoint.Read(new LineAddress(new Uri(text), AuthorityFile: null));

        Assert.Equal(told, address.Public.OriginalString);
    }

    [Theory]
    [InlineData("", "no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n", "--broker-ca")]
    public void A_file_without_authorities_is_said(string content, string why)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("ca.pem"), content);

        var refused = Assert.Throws<FormatException>(() => new BrokerTrust(folder.At("ca.pem")));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => new BrokerTrust(folder.At("none.pem")));
    }
}
