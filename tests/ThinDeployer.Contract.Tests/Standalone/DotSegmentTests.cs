using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>A proxy that lets <c>/deploy/</c> through may compare paths as they were sent: none leads elsewhere.</summary>
public sealed class DotSegmentTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    protected override string Configuration => ServiceYaml.Of("site", "true");

    [Theory]
    [InlineData("/deploy/../deployments")]
    [InlineData("/deploy/%2e%2e/deployments")]
    [InlineData("/deploy/.%2E/deployments?x=y")]
    [InlineData("/a/b/deploy/../deployments")]
    [InlineData("/deploy/../../../deployments")]
    [InlineData("/./deployments")]
    [InlineData("/deployments/.")]
    public async Task There_is_nothing_behind_dots(string path) => Assert.Equal(404, await StatusAsync(path));

    [Theory]
    [InlineData("/deployments?x=/../y")]
    [InlineData("/deployments")]
    public async Task A_query_may_have_them(string path) => Assert.Equal(200, await StatusAsync(path));

    private async Task<int> StatusAsync(string path)
    {
        await using var connection = await Server.ConnectAsync();
        await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: {ServiceYaml.Token}\r\n\r\n");
        return (await connection.ReadAnswerAsync()).Status;
    }
}
