using System.Diagnostics;
using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>Many requests at once that are answered as soon as they are recorded, and then run one after the other.</summary>
internal sealed class BurstMeasure : IMeasure
{
    private const int Clients = 32;

    public string Name => "burst";

    public async Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken) =>
        new Section("A burst")
            .Say(
                $"{Services.BurstSize} requests by {Clients} clients to one service with `respond: accepted` and `max_queued: 10000`, "
                    + "`parallel` as it is by default (1); each answer is given when the record is on the disk. The history then "
                    + "has to say that every one succeeded. webhook knows no such answer: its figure is that of deployments "
                    + $"waited for, by {Clients} clients."
            )
            .Show(await TableAsync(bench, bench.Native, cancellationToken));

    internal static async Task<ComparisonTable> TableAsync(
        Workbench bench,
        IContestant contestant,
        CancellationToken cancellationToken
    )
    {
        var table = new ComparisonTable("clients", Unit.PerSecond("accepted"), "webhook", "all had run after, s");
        await using var webhook = await bench.StartAsync(bench.Webhook, cancellationToken);
        var load = new Wrk(webhook.DeployUrl(Services.Site), bench.DeployScript(), Clients, bench.Options.Seconds);
        Turn<BurstFigures>[] turns =
        [
            new(contestant.Name, cancel => AcceptAsync(bench, contestant, cancel)),
            new(
                webhook.Name,
                async cancel => new BurstFigures((await load.RunAsync(cancel)).PerSecond, RunSeconds: null)
            ),
        ];
        var rounds = await Rounds.RunAsync("burst", bench.Options.Rounds, turns, cancellationToken);

        var rates = Samples.Of(rounds[0], each => each.PerSecond);
        var reference = Samples.Of(rounds[1], each => each.PerSecond);
        var ratio = rates.RatioTo(reference);
        Goal[] goals = contestant.Name == Workbench.OursName ? [Goal.AtLeast(8, "webhook's", ratio)] : [];
        var run = new Unit("s", "0.0").Write(Samples.Of(rounds[0], each => each.RunSeconds ?? 0).Median);
        table.Add($"{Clients}", contestant.Name, rates, ratio, [run], goals);
        table.Add($"{Clients}", webhook.Name, reference, 1);
        return table;
    }

    private static async Task<BurstFigures> AcceptAsync(
        Workbench bench,
        IContestant contestant,
        CancellationToken cancellationToken
    )
    {
        await using var server = await bench.StartAsync(contestant, cancellationToken);
        using var history = new HistoryClient(server);
        await WarmUpAsync(server, cancellationToken);
        var request = RawConnection.Request("POST", server.Contestant.PathOf(Services.Burst), Services.Token);

        var started = Stopwatch.GetTimestamp();
        var result = await ExactLoad.RunAsync(server.Port, request, Services.BurstSize, Clients, cancellationToken);
        await history.AllEndedAsync(Services.Burst, cancellationToken);
        var all = Stopwatch.GetElapsedTime(started);

        var succeeded = await history.CountAsync(Services.Burst, "succeeded", cancellationToken);
        return succeeded == Services.BurstSize
            ? new BurstFigures(result.PerSecond, all.TotalSeconds)
            : throw new BenchFaultException($"of {Services.BurstSize} accepted, {succeeded} succeeded");
    }

    private static Task<ExactResult> WarmUpAsync(RunningServer server, CancellationToken cancellationToken) =>
        ExactLoad.RunAsync(
            server.Port,
            RawConnection.Request("POST", server.Contestant.PathOf(Services.Site), Services.Token),
            count: 500,
            clients: 8,
            cancellationToken
        );

    private sealed record BurstFigures(double PerSecond, double? RunSeconds);
}
