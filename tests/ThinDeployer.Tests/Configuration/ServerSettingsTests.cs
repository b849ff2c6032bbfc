using System.Net;
using ThinDeployer.Configuration;

namespace ThinDeployer.Tests.Configuration;

public sealed class ServerSettingsTests
{
    [Fact]
    public void What_nobody_set_has_its_default()
    {
        var settings = Read("", value: null);

        Assert.Equal(20, settings.AuthFailuresPerMinute);
        Assert.False(settings.TrustedProxies.Contains(IPAddress.Loopback));
        Assert.False(settings.HidesServices);
        Assert.Empty(settings.Mistakes);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    public void The_limit_of_failures_is_a_number(string value, int limit) =>
        Assert.Equal(limit, Read("auth-failures-per-minute", value).AuthFailuresPerMinute);

    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("1", true)]
    [InlineData("off", false)]
    [InlineData("0", false)]
    public void Whether_services_are_hidden_is_a_yes_or_no(string value, bool hides) =>
        Assert.Equal(hides, Read("hide-services", value).HidesServices);

    [Fact]
    public void Proxies_are_a_list()
    {
        var proxies = Read("trusted-proxies", "127.0.0.1, 10.0.0.0/8").TrustedProxies;

        Assert.True(proxies.Contains(IPAddress.Loopback));
        Assert.True(proxies.Contains(IPAddress.Parse("10.9.9.9")));
    }

    [Theory]
    [InlineData("auth-failures-per-minute", "-1")]
    [InlineData("auth-failures-per-minute", "many")]
    [InlineData("hide-services", "perhaps")]
    [InlineData("trusted-proxies", "10.0.0.0/33")]
    [InlineData("trusted-proxies", "proxy.example.org")]
    public void What_can_not_be_understood_is_a_mistake_that_names_the_switch(string name, string value) =>
        Assert.Contains($"--{name}", Assert.Single(Read(name, value).Mistakes), StringComparison.Ordinal);

    private static ServerSettings Read(string name, string? value) =>
        ServerSettings.Read(asked => asked == name ? value : null, _ => null, serves: false);
}
