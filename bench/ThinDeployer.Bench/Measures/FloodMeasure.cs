using System.Diagnostics;
using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>How long others wait while strangers send wrong tokens.</summary>
internal static class FloodMeasure
{
    private const int Clients = 32;

    /// <summary>Milliseconds.</summary>
    private const double Limit = 50;

    /// <summary>Between two questions.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <param name="bench">With the options.</param>
    /// <param name="contestants">The last is the reference.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<ComparisonTable> TableAsync(
        Workbench bench,
        IReadOnlyList<IContestant> contestants,
        CancellationToken cancellationToken
    )
    {
        var table = new ComparisonTable("flood", Unit.FineMilliseconds, "webhook", "refused/s meanwhile");
        var script = bench.ScriptFile(LuaScript.Request("POST", Services.WrongToken));
        await using var servers = await RunningServers.StartAsync(bench, contestants, cancellationToken);
        Turn<FloodFigures>[] turns =
        [
            .. servers.All.Select(server => new Turn<FloodFigures>(
                server.Name,
                stop => FloodAsync(server, script, bench.Options.Seconds, stop)
            )),
        ];
        var rounds = await Rounds.RunAsync("flood", bench.Options.Rounds, turns, cancellationToken);
        foreach (var (turn, figures) in turns.Zip(rounds))
        {
            var waits = Samples.Of(figures, each => each.Milliseconds);
            var ratio = waits.RatioTo(Samples.Of(rounds[^1], each => each.Milliseconds));
            var refused = Samples.Of(figures, each => each.RefusedPerSecond).Median;
            Goal[] goals = turn.Name == Workbench.OursName ? [Goal.Under(Limit, "ms", waits.Median)] : [];
            table.Add($"{Clients} clients", turn.Name, waits, ratio, [Unit.PerSecond("").Write(refused)], goals);
        }

        return table;
    }

    private static async Task<FloodFigures> FloodAsync(
        RunningServer server,
        string script,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        var load = new Wrk(server.DeployUrl(Services.Site), script, Clients, seconds) { MustSucceed = false };
        var flood = load.RunAsync(cancellationToken);
        var waits = await Task.Factory.StartNew(
            () => Ask(server, flood),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        return new FloodFigures(Samples.Percentile(waits, 99), (await flood).PerSecond);
    }

    /// <summary>Blocks its thread, so that it is late for no other reason than the server.</summary>
    private static List<double> Ask(RunningServer server, Task flood)
    {
        var waits = new List<double>();
        using var connection = RawConnection.Open(server.Port);
        var request = RawConnection.Request("GET", server.Contestant.LivePath, token: "");
        do
        {
            var begin = Stopwatch.GetTimestamp();
            var status = connection.Exchange(request);
            waits.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            if (status / 100 != 2)
            {
                throw new BenchFaultException($"{server.Name} says by {status} that it is not alive");
            }
        } while (!flood.Wait(Pause));

        return waits;
    }

    /// <param name="Milliseconds">That 99 of 100 answers did not exceed.</param>
    /// <param name="RefusedPerSecond">Meanwhile.</param>
    private sealed record FloodFigures(double Milliseconds, double RefusedPerSecond);
}
