using System.Globalization;
using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>Reading a long history.</summary>
internal sealed class HistoryMeasure : IMeasure
{
    private const int Kept = 100_000;
    private const double Limit = 5;

    public string Name => "history";

    public async Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        using var folder = await KeptHistory.MakeAsync(bench, Kept, keep: Kept, cancellationToken);
        await using var server = await RunningServer.StartAsync(
            bench.Native,
            folder,
            isOwned: false,
            cancellationToken
        );
        (string Path, string Script)[] pages =
        [
            ("/deployments", LuaScript.Request("GET", Services.AdminToken)),
            (
                "/deployments/{id}",
                LuaScript.AnyOf("GET", Services.AdminToken, $"/deployments/{KeptHistory.IdFormat}", Kept - 1)
            ),
        ];
        var table = new Table(
            "page",
            "clients",
            "p99, ms, median",
            "lowest to highest",
            "half within, ms",
            "pages/s",
            "goal"
        );
        var section = new Section("History");
        var goals = new List<Goal>();
        foreach (var (path, script) in pages)
        {
            foreach (var clients in (int[])[1, 8])
            {
                var url = server.UrlOf(path == "/deployments" ? path : "/");
                var load = new Wrk(url, bench.ScriptFile(script), clients, bench.Options.Seconds);
                await (load with { Seconds = 1 }).RunAsync(cancellationToken);
                var turn = new Turn<WrkResult>(bench.Native.Name, load.RunAsync);
                var what = $"history, {path}, {clients} clients";
                var rounds = await Rounds.RunAsync(what, bench.Options.Rounds, [turn], cancellationToken);
                goals.Add(AddRow(table, path, clients, rounds[0]));
            }
        }

        return section
            .Say(
                $"Pages of a history of {Kept} deployments, with the admin token; single ones are asked for at random."
            )
            .Show(table, goals);
    }

    private static Goal AddRow(Table table, string path, int clients, IReadOnlyList<WrkResult> rounds)
    {
        var slowest = Samples.Of(rounds, each => each.Percentile99);
        var goal = Goal.Under(Limit, "ms", slowest.Median);
        var unit = Unit.FineMilliseconds;
        table.Add(
            $"`GET {path}`",
            clients.ToString(CultureInfo.InvariantCulture),
            unit.Write(slowest.Median),
            $"{unit.Write(slowest.Lowest)} to {unit.Write(slowest.Highest)}",
            unit.Write(Samples.Of(rounds, each => each.Median).Median),
            Unit.PerSecond("pages").Write(Samples.Of(rounds, each => each.PerSecond).Median),
            goal.ToString()
        );
        return goal;
    }
}
