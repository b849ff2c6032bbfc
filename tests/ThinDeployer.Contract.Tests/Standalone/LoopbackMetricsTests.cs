using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Where there is no token for the metrics, only who asks for himself on this machine sees them.</summary>
public sealed class LoopbackMetricsTests : IAsyncLifetime
{
    private RunningServer? _server;

    public async Task InitializeAsync() => _server = await StartAsync("");

    private static Task<RunningServer> StartAsync(string trustedProxies)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));
        return RunningServer.StartAsync(
            new ProgramStart(new StandaloneServer(), workspace)
            {
                Settings = new Dictionary<string, string>
                {
                    ["THIN_DEPLOYER_ADMIN_TOKEN"] = "the-admin-token-of-these-tests",
                    ["THIN_DEPLOYER_TRUSTED_PROXIES"] = trustedProxies,
                },
            }
        );
    }

    public Task DisposeAsync() => _server!.DisposeAsync().AsTask();

    [Theory]
    [InlineData("Host: 127.0.0.1:8012")]
    [InlineData("Host: localhost")]
    [InlineData("Host: [::1]:8012")]
    [InlineData("Host: 127.0.0.1\nX-Auth-Token: the-admin-token-of-these-tests")]
    [InlineData("Host: deploy.example.com\nX-Forwarded-For: 192.0.2.1\nX-Auth-Token: the-admin-token-of-these-tests")]
    public async Task It_is_open(string headers) => Assert.Equal(200, await StatusAsync("1.1", headers));

    [Theory]
    [InlineData("Host: 127.0.0.1\nX-Forwarded-For: 127.0.0.1")]
    [InlineData("Host: 127.0.0.1\nX-Forwarded-For: 192.0.2.1")]
    [InlineData("Host: 127.0.0.1\nX-Forwarded-For:")]
    [InlineData("Host: 127.0.0.1\nForwarded: for=127.0.0.1")]
    [InlineData("Host: 127.0.0.1\nX-Real-IP: 127.0.0.1")]
    [InlineData("Host: 127.0.0.1\nVia: 1.1 proxy")]
    [InlineData("Host: 127.0.0.1\nX-Forwarded-Proto: https")]
    [InlineData("Host: 127.0.0.1\nx-forwarded-anything: x")]
    [InlineData("Host: 192.0.2.1")]
    [InlineData("Host: deploy.example.com")]
    [InlineData("Host: 127.0.0.1.example.com")]
    [InlineData("Host: 127.0.0.1\nX-Auth-Token: wrong")]
    [InlineData("Host: 127.0.0.1\nX-Auth-Token:")]
    public async Task It_is_closed(string headers) => Assert.Equal(403, await StatusAsync("1.1", headers));

    [Fact]
    public async Task It_is_closed_to_what_speaks_as_a_proxy_without_headers_does() =>
        Assert.Equal(403, await StatusAsync("1.0", "Host: 127.0.0.1"));

    /// <summary>Who names a proxy expects calls of strangers from that address.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("unix")]
    public async Task It_is_closed_where_a_proxy_is_trusted(string trustedProxies)
    {
        await using var server = await StartAsync(trustedProxies);

        Assert.Equal(403, (await server.GetAsync("/metrics")).Status);
    }

    private async Task<int> StatusAsync(string version, string headers)
    {
        await using var connection = await _server!.ConnectAsync();
        await connection.SendAsync($"GET /metrics HTTP/{version}\r\n{headers.ReplaceLineEndings("\r\n")}\r\n\r\n");
        return (await connection.ReadAnswerAsync()).Status;
    }
}
