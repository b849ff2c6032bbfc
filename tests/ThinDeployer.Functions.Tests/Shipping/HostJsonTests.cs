using System.Text.Json;

namespace ThinDeployer.Functions.Tests.Shipping;

/// <summary>What the host is told in <c>host.json</c>.</summary>
public sealed class HostJsonTests
{
    private static readonly JsonElement Host = RepositoryFile.Json("host.json");

    [Fact]
    public void It_is_written_for_the_host_of_today()
    {
        Assert.Equal("2.0", Host.GetProperty("version").GetString());
    }

    [Fact]
    public void A_deployment_may_take_longer_than_any_limit_of_the_host()
    {
        Assert.Equal("-1", Host.GetProperty("functionTimeout").GetString());
    }

    [Fact]
    public void Paths_are_those_of_the_original()
    {
        Assert.Equal("", Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
    }

    [Fact]
    public void A_file_that_changes_does_not_restart_the_host()
    {
        Assert.False(Host.GetProperty("fileWatchingEnabled").GetBoolean());
    }
}
