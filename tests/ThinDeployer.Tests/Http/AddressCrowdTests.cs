using System.Net;
using ThinDeployer.Addresses;
using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

public sealed class AddressCrowdTests
{
    private readonly AddressCrowd _crowd = new(NetworkList.Parse("192.0.2.7")!, most: 2);

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2")]
    [InlineData("2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8:0:1::1")]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2")]
    public void An_address_or_a_64_gets_its_share_and_no_more(string first, string second, string third, string other)
    {
        Assert.True(Enters(first));
        Assert.True(Enters(second));
        Assert.False(Enters(third));
        Assert.True(Enters(other));
    }

    [Fact]
    public void Who_leaves_makes_room()
    {
        Assert.True(Enters("192.0.2.1") && Enters("192.0.2.1"));

        _crowd.Leave(IPAddress.Parse("192.0.2.1"));

        Assert.True(Enters("192.0.2.1"));
        Assert.False(Enters("192.0.2.1"));
    }

    [Fact]
    public void A_declared_proxy_speaks_for_many() =>
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(Enters("::ffff:192.0.2.7")));

    private bool Enters(string address) => _crowd.TryEnter(IPAddress.Parse(address));
}
