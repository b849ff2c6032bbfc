using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Whatever moment a crash chooses: each success is followed, once.</summary>
public sealed class ChainCrashTests
{
    private const int Rounds = 6;

    [Fact]
    public async Task Each_success_is_followed_once()
    {
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            ServiceYaml.With(
                "first",
                "parallel: 4, max_queued: 1000, keep: 1000, then: [second]",
                "echo %n% >> first.ran"
            ) + ServiceYaml.With("second", "max_queued: 1000, keep: 1000", "echo %n% >> second.ran")
        );
        var start = new ProgramStart(new StandaloneServer(), workspace);
        var random = new Random(Environment.ProcessId);
        var server = await RunningServer.StartAsync(start);
        var ids = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = random.Next(3, 12); i > 0; i--)
            {
                var answer = await server.DeployAtOnceAsync($"first?n={ids.Count}");
                ids.Add(answer.Json.GetProperty("id").GetString()!);
            }

            server = await server.CrashAndRestartAsync(start);
        }

        await using var last = server;
        var succeeded = new List<string>();
        for (var n = 0; n < ids.Count; n++)
        {
            if ((await last.EndOfAsync(ids[n])).GetProperty("status").GetString() == "succeeded")
            {
                succeeded.Add($"{n}");
            }
        }

        await Eventually.IsTrueAsync(
            async () => await last.CountAsync("queued") + await last.CountAsync("running"),
            0,
            "all has ended"
        );
        var list = (await last.AskAsync("/deployments?service=second&limit=200")).Json.GetProperty("deployments");
        var followed = list.EnumerateArray()
            .Select(one => one.GetProperty("variables").GetProperty("n").GetString()!)
            .ToList();
        Assert.Equal(succeeded.Order(), followed.Order());
    }
}
