using System.Collections.Concurrent;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Functions.Tests.Serving;

/// <summary>The host starts another worker where one crashed, but not for ever.</summary>
public sealed class WorkerCrashTests
{
    private const int Clients = 4;

    /// <summary>The third crash would end the host.</summary>
    private const int Crashes = 2;

    private const int BeforeCrash = 40;

    [Fact]
    public async Task Under_load_nothing_acknowledged_is_lost_and_nothing_runs_twice()
    {
        await using var server = await FunctionsServer.StartAsync(
            ServiceYaml.With("one", "max_queued: 10000, keep: 10000", "echo $DEPLOYMENT_ID >> ran")
        );
        var acknowledged = new ConcurrentBag<string>();
        for (var crash = 1; crash <= Crashes; crash++)
        {
            using var end = new CancellationTokenSource();
            var load = Enumerable.Range(0, Clients).Select(_ => LoadAsync(server, acknowledged, end.Token)).ToList();
            await Eventually.IsTrueAsync(() => acknowledged.Count >= crash * BeforeCrash, "there is load");

            await server.ReplaceWorkerAsync(worker => PosixSignal.Send(worker, PosixSignal.Kill));

            await end.CancelAsync();
            await Task.WhenAll(load);
        }

        foreach (var id in acknowledged)
        {
            var status = (await server.EndOfAsync(id)).GetProperty("status").GetString();
            var times = Ran(server).Count(line => line == id);
            Assert.True(
                status == "succeeded" ? times == 1 : status == "interrupted" && times <= 1,
                $"{id} is {status} and ran {times} times"
            );
        }

        Assert.Equal(Ran(server).Distinct(), Ran(server));
    }

    [Fact]
    public async Task The_third_crash_ends_the_host()
    {
        await using var server = await FunctionsServer.StartAsync(ServiceYaml.Of("site", "true"));

        await server.ReplaceWorkerAsync(worker => PosixSignal.Send(worker, PosixSignal.Kill));
        await server.ReplaceWorkerAsync(worker => PosixSignal.Send(worker, PosixSignal.Kill));
        PosixSignal.Send(server.Program.CoreId, PosixSignal.Kill);

        Assert.Equal(1, await server.Program.ExitAsync());
    }

    [Fact]
    public async Task One_that_is_told_to_end_is_not_started_again()
    {
        await using var server = await FunctionsServer.StartAsync(ServiceYaml.Of("site", "true"));

        PosixSignal.Send(server.Program.CoreId, PosixSignal.Terminate);

        await Eventually.IsTrueAsync(
            () => server.Program.Output.Text.Contains("not started again", StringComparison.Ordinal),
            "the host takes its end for wanted"
        );
        Assert.False(server.Program.HasExited);
    }

    private static async Task LoadAsync(RunningServer server, ConcurrentBag<string> acknowledged, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                var answer = await server.DeployAtOnceAsync("one");
                if (answer.Status == 202)
                {
                    acknowledged.Add(answer.Json.GetProperty("id").GetString()!);
                }
            }
            catch (HttpRequestException)
            {
                // Its answer went with the worker: nothing was promised.
            }
        }
    }

    private static string[] Ran(RunningServer server) =>
        server.Workspace.ReadSite("ran").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
