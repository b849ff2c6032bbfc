using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>A server that deploys itself: its last step has somebody else restart it, and ends.</summary>
public sealed class SelfRestartTests
{
    private const string Rollback = "on_failure: [touch rolled-back]";

    /// <summary>As <c>systemctl restart --no-block</c>: somebody else is asked, who does not wait for the step either.</summary>
    private const string Detached = "setsid sh -c 'kill -TERM $(cat ../data/lock.pid)' > /dev/null 2>&1 &";

    [Theory]
    [InlineData(Detached)]
    [InlineData(Detached + " until [ -e stopping ]; do sleep 0.02; done; echo the last word")]
    public async Task A_step_that_asks_for_the_restart_and_ends_has_succeeded(string command)
    {
        var start = With(ServiceYaml.With("self", Rollback, "echo installed", command));
        var server = await RunningServer.StartAsync(start);
        var id = await BeginAsync(server);

        await server.Workspace.SiteHasAsync("began");
        await UntilStoppingAsync(server);
        server.Workspace.TouchSite("stopping");
        var exit = await server.Program.ExitAsync();
        await using var next = await RunningServer.StartAsync(start);
        var end = await next.EndOfAsync(id);

        Assert.Equal(0, exit);
        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.False(File.Exists(next.Workspace.At("site", "rolled-back")));
    }

    [Fact]
    public async Task A_step_that_waits_for_the_restart_is_interrupted_and_rolled_back()
    {
        var start = With(
            ServiceYaml.With("self", Rollback, "echo installed", Detached + " sleep 600"),
            "--shutdown-grace",
            "200ms"
        );
        var server = await RunningServer.StartAsync(start);
        var id = await BeginAsync(server);

        await server.Program.ExitAsync();
        await using var next = await RunningServer.StartAsync(start);

        Assert.Equal("interrupted", (await next.EndOfAsync(id)).GetProperty("status").GetString());
        await next.Workspace.SiteHasAsync("rolled-back");
    }

    private static ProgramStart With(string configuration, params string[] arguments)
    {
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            configuration.Replace("echo installed", "echo installed; touch began", StringComparison.Ordinal)
        );
        return ServerStart.With(workspace, arguments);
    }

    private static async Task<string> BeginAsync(RunningServer server) =>
        (await server.DeployAtOnceAsync("self")).Json.GetProperty("id").GetString()!;

    private static Task UntilStoppingAsync(RunningServer server) =>
        Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    return (await server.GetAsync("/technical/ready")).Status;
                }
                catch (HttpRequestException)
                {
                    return 503;
                }
            },
            503,
            "the server is stopping"
        );
}
