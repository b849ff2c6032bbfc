using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>Accepting and looking at deployments with more and more of them waiting.</summary>
internal static class QueueGrowth
{
    /// <summary>Few, so that the queue hardly grows by them.</summary>
    private const int Further = 100;

    private static readonly int[] Lengths = [1, 100, 1_000, 5_000];

    internal static async Task<Table> TableAsync(Workbench bench, CancellationToken cancellationToken)
    {
        Turn<QueueFigures>[] turns =
        [
            .. Lengths.Select(length => new Turn<QueueFigures>(
                $"{length} queued",
                cancel => WithQueueAsync(bench, length, cancel)
            )),
        ];
        var rounds = await Rounds.RunAsync("growth, queue", bench.Options.Rounds, turns, cancellationToken);
        var table = new Table(
            "queued",
            "accepted/s, 1 client",
            "accepted, p50, ms",
            "accepted, p99, ms",
            "looked at, p99, ms, 1 client",
            "looked at, p99, ms, 8 clients"
        );
        foreach (var (length, figures) in Lengths.Zip(rounds))
        {
            table.Add(
                Unit.Count.Write(length),
                Unit.Count.Write(Samples.Of(figures, each => each.Accepted.PerSecond).Median),
                Unit.FineMilliseconds.Write(Samples.Of(figures, each => Latency(each, 50)).Median),
                Unit.FineMilliseconds.Write(Samples.Of(figures, each => Latency(each, 99)).Median),
                Unit.FineMilliseconds.Write(Samples.Of(figures, each => each.LookedAtByOne).Median),
                Unit.FineMilliseconds.Write(Samples.Of(figures, each => each.LookedAtByEight).Median)
            );
        }

        return table;
    }

    private static double Latency(QueueFigures figures, double percent) =>
        Samples.Percentile(figures.Accepted.Latencies, percent);

    private static async Task<QueueFigures> WithQueueAsync(
        Workbench bench,
        int length,
        CancellationToken cancellationToken
    )
    {
        await using var server = await bench.StartAsync(bench.Native, cancellationToken);
        using var history = new HistoryClient(server);
        await history.DeployAsync(Services.Busy, cancellationToken);
        var request = RawConnection.Request("POST", server.Contestant.PathOf(Services.Busy), Services.Token);
        await ExactLoad.RunAsync(server.Port, request, length, clients: Math.Min(length, 32), cancellationToken);

        var accepted = await ExactLoad.RunAsync(server.Port, request, Further, clients: 1, cancellationToken);
        var last = await history.DeployAsync(Services.Busy, cancellationToken);
        var look = new Wrk(
            server.UrlOf($"/deployments/{last}"),
            bench.ScriptFile(LuaScript.Request("GET", Services.AdminToken)),
            Clients: 1,
            bench.Options.Seconds
        );
        var one = await look.RunAsync(cancellationToken);
        var eight = await (look with { Clients = 8 }).RunAsync(cancellationToken);
        return new QueueFigures(accepted, one.Percentile99, eight.Percentile99);
    }

    /// <summary>Times in milliseconds, p99.</summary>
    private sealed record QueueFigures(ExactResult Accepted, double LookedAtByOne, double LookedAtByEight);
}
