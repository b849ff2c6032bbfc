using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Followers do not keep a server from ending.</summary>
public sealed class FollowerAtShutdownTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task One_who_waits_and_one_who_does_not_read_are_let_go()
    {
        await using var server = await StartAsync();
        var running = (await server.DeployAtOnceAsync("runs")).Json.GetProperty("id").GetString()!;
        await server.Workspace.SiteHasAsync("began");
        var queued = (await server.DeployAtOnceAsync("runs")).Json.GetProperty("id").GetString()!;
        await using var follower = await server.FollowAsync(running);
        await using var waiter = await server.FollowAsync(queued);
        await using var stream = await server.StreamAsync("prints");
        await follower.OutputUntilAsync("began");
        await Eventually.IsTrueAsync(
            async () =>
                (await server.AskAsync("/deployments?service=prints")).Text.Contains(
                    "succeeded",
                    StringComparison.Ordinal
                )
                    ? 1
                    : 0,
            1,
            "all was printed that nobody reads"
        );

        server.Program.Signal(PosixSignal.Terminate);
        var code = await server.Program.ExitAsync().WaitAsync(Soon, TimeProvider.System);
        var end = (await follower.AllAsync())[^1];
        var (_, isWhole) = await waiter.RestAsync();

        Assert.Equal(0, code);
        Assert.Equal(("end", "interrupted"), (end.Type, end.Data.GetProperty("status").GetString()));
        Assert.False(isWhole);
    }

    private static Task<RunningServer> StartAsync()
    {
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            ServiceYaml.With("runs", "stop_grace: 1s", "touch began; sleep 600")
                + ServiceYaml.Of("prints", "yes | head -c 30000000")
        );
        return RunningServer.StartAsync(ServerStart.With(workspace, "--shutdown-grace", "1s"));
    }
}
