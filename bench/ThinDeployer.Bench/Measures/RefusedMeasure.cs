using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>Requests with a wrong token.</summary>
internal sealed class RefusedMeasure : IMeasure
{
    private const int Clients = 32;

    public string Name => "refused";

    public async Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var table = await TableAsync(bench, bench.Servers, cancellationToken);
        return new Section("Refused requests")
            .Say(
                "A wrong token, 403; no limit of failures (`--auth-failures-per-minute 0`). This server tells its log of the first ones "
                    + "by a line each and of the others by a count, webhook writes none."
            )
            .Show(table)
            .Say(
                "Meanwhile somebody asks again and again whether the server is alive; 99 of 100 answers took no longer than this."
            )
            .Show(await FloodMeasure.TableAsync(bench, bench.Servers, cancellationToken));
    }

    /// <param name="bench">With the options.</param>
    /// <param name="contestants">The last is the reference.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<ComparisonTable> TableAsync(
        Workbench bench,
        IReadOnlyList<IContestant> contestants,
        CancellationToken cancellationToken
    )
    {
        var table = new ComparisonTable("clients", Unit.PerSecond("refused"), "webhook", "own CPU each, µs");
        var script = bench.ScriptFile(LuaScript.Request("POST", Services.WrongToken));
        await using var servers = await RunningServers.StartAsync(bench, contestants, cancellationToken);
        Wrk[] loads =
        [
            .. servers.All.Select(server => new Wrk(
                server.DeployUrl(Services.Site),
                script,
                Clients,
                bench.Options.Seconds
            )
            {
                MustSucceed = false,
            }),
        ];
        foreach (var load in loads)
        {
            await (load with { Seconds = 1 }).RunAsync(cancellationToken);
        }

        Turn<LoadFigures>[] turns = [.. servers.All.Zip(loads, LoadFigures.TurnOf)];
        var rounds = await Rounds.RunAsync("refused", bench.Options.Rounds, turns, cancellationToken);
        foreach (var (turn, figures) in turns.Zip(rounds))
        {
            var rates = LoadFigures.Rates(figures);
            var ratio = rates.RatioTo(LoadFigures.Rates(rounds[^1]));
            Goal[] goals = turn.Name == Workbench.OursName ? [Goal.AtLeast(1.2, "webhook's", ratio)] : [];
            table.Add($"{Clients}", turn.Name, rates, ratio, [LoadFigures.Processor(figures)], goals);
        }

        return table;
    }
}
