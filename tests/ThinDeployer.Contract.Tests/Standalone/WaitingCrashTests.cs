using ThinDeployer.Contract.Tests.Deciding;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What waits for a decision, and what was decided, is there after a crash.</summary>
public sealed class WaitingCrashTests
{
    private const int Rounds = 8;

    [Fact]
    public async Task One_that_waits_still_waits_and_each_approval_counts()
    {
        var start = With("approval: {by: [alice, bob], count: 2}", "echo ran >> ran");
        var server = await RunningServer.StartAsync(start);
        var id = await server.WaitsAsync("site");
        await server.ApproveAsync(id, Deciders.Alice);

        server = await server.CrashAndRestartAsync(start);
        Assert.Equal("waiting", await server.StatusAsync(id));
        Assert.Equal(409, (await server.ApproveAsync(id, Deciders.Alice)).Status);
        Assert.Equal(200, (await server.ApproveAsync(id, Deciders.Bob)).Status);
        await using var last = server;

        Assert.Equal("succeeded", (await last.EndOfAsync(id)).GetProperty("status").GetString());
        Assert.Equal("ran\n", last.Workspace.ReadSite("ran"));
    }

    [Fact]
    public async Task What_was_approved_but_had_not_begun_asks_again_where_the_commands_are_others_by_now()
    {
        var start = With("approval: {by: [alice]}", "until [ -e go ]; do sleep 0.02; done; echo old >> ran");
        var server = await RunningServer.StartAsync(start);
        var first = await server.WaitsAsync("site");
        var second = await server.WaitsAsync("site");
        await server.ApproveAsync(first, Deciders.Alice);
        await server.ApproveAsync(second, Deciders.Alice);
        Assert.Equal("queued", await server.StatusAsync(second));

        start.Workspace.Write("deployer.yml", Deciders.Service("site", "approval: {by: [alice]}", "echo new >> ran"));
        server = await server.CrashAndRestartAsync(start);
        await using var last = server;

        Assert.Equal("interrupted", await last.StatusAsync(first));
        Assert.Equal("waiting", await last.StatusAsync(second));
    }

    [Fact]
    public async Task Whatever_moment_a_crash_chooses_an_approved_one_runs_once()
    {
        var start = With("parallel: 4, max_queued: 1000, approval: {by: [alice]}", "echo $DEPLOYMENT_ID >> ran");
        var random = new Random(Environment.ProcessId);
        var server = await RunningServer.StartAsync(start);
        var approved = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => server.WaitsAsync("site")));
            var stop = random.Next(1, ids.Length);
            await Task.WhenAll(ids[..stop].Select(id => server.ApproveAsync(id, Deciders.Alice)));
            approved.AddRange(ids[..stop]);
            var late = Task.WhenAll(
                ids[stop..]
                    .Select(async id =>
                    {
                        try
                        {
                            await server.ApproveAsync(id, Deciders.Alice);
                        }
                        catch (Exception exception)
                            when (exception is HttpRequestException or OperationCanceledException)
                        {
                            // The server was killed meanwhile.
                        }
                    })
            );
            var next = server.CrashAndRestartAsync(start);
            await late;
            server = await next;
        }

        await using var last = server;
        foreach (var id in approved)
        {
            var status = (await last.EndOfAsync(id)).GetProperty("status").GetString();
            Assert.True(status is "succeeded" or "interrupted", $"{id} is {status}");
        }

        var ran = last.Workspace.ReadSite("ran").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ran.Distinct(), ran);
    }

    private static ProgramStart With(string more, string command)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", Deciders.Service("site", more, command));
        return new ProgramStart(new StandaloneServer(), workspace);
    }
}
