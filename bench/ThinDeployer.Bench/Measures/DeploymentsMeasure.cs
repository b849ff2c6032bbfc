using System.Globalization;
using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>Deployments that are waited for, by clients that ask for the next as soon as they have an answer.</summary>
internal sealed class DeploymentsMeasure : IMeasure
{
    private static readonly int[] ClientCounts = [1, 8, 32];

    /// <summary>What needs a shell, and what does not.</summary>
    internal static readonly Work Nothing = new(Services.Site, Services.NothingCommand, [0.6, 0.7, 0.75]);
    private static readonly Work[] All = [Nothing, new(Services.Words, Services.WordsCommand, [0.85, 1.0, 1.0])];

    public string Name => "deployments";

    public async Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var section = new Section("Deployments").Say(
            "One step, waited for; `parallel: 64`, and every record flushed to the disk. The limit starts the same shell command "
                + "without any server, by 1 worker (beside 1 client) and by 2. webhook gives a command no session of its own. A spike keeps no record and "
                + "has no rules: posix_spawn with a session (POSIX_SPAWN_SETSID), CliWrap without."
        );
        foreach (var work in All)
        {
            section
                .Say($"The step is `{work.Command}`:")
                .Show(
                    await TableAsync(
                        bench,
                        [.. bench.Servers, .. bench.Spikes],
                        work,
                        withLimit: true,
                        cancellationToken
                    )
                );
        }

        return section;
    }

    /// <param name="bench">With the options.</param>
    /// <param name="contestants">webhook is one of them.</param>
    /// <param name="work">What is deployed.</param>
    /// <param name="withLimit">Whether the limit takes part.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<ComparisonTable> TableAsync(
        Workbench bench,
        IReadOnlyList<IContestant> contestants,
        Work work,
        bool withLimit,
        CancellationToken cancellationToken
    )
    {
        var table = new ComparisonTable("clients", Unit.PerSecond("deployments"), "webhook", "own CPU each, µs");
        var script = bench.DeployScript();
        await using var servers = await RunningServers.StartAsync(bench, contestants, cancellationToken);
        foreach (var server in servers.All)
        {
            await new Wrk(server.DeployUrl(work.Service), script, Clients: 8, Seconds: 1).RunAsync(cancellationToken);
        }

        foreach (var clients in ClientCounts)
        {
            Turn<LoadFigures>[] turns =
            [
                .. servers.All.Select(server =>
                    LoadFigures.TurnOf(
                        server,
                        new Wrk(server.DeployUrl(work.Service), script, clients, bench.Options.Seconds)
                    )
                ),
                .. withLimit && clients <= 8
                    ? [LimitTurn(bench, work.Command, workers: clients == 1 ? 1 : 2)]
                    : Array.Empty<Turn<LoadFigures>>(),
            ];
            var what = $"deployments, {clients} clients";
            AddRows(
                table,
                clients,
                work,
                turns,
                await Rounds.RunAsync(what, bench.Options.Rounds, turns, cancellationToken)
            );
        }

        return table;
    }

    private static void AddRows(
        ComparisonTable table,
        int clients,
        Work work,
        IReadOnlyList<Turn<LoadFigures>> turns,
        IReadOnlyList<IReadOnlyList<LoadFigures>> rounds
    )
    {
        var webhook = LoadFigures.Rates(rounds[turns.ToList().FindIndex(turn => turn.Name == WebhookServer.Title)]);
        foreach (var (turn, figures) in turns.Zip(rounds))
        {
            var rates = LoadFigures.Rates(figures);
            var ratio = rates.RatioTo(webhook);
            Goal[] goals =
                turn.Name == Workbench.OursName
                    ? [Goal.AtLeast(work.Goals[Array.IndexOf(ClientCounts, clients)], "webhook's", ratio)]
                    : [];
            table.Add(
                clients.ToString(CultureInfo.InvariantCulture),
                turn.Name,
                rates,
                ratio,
                [LoadFigures.Processor(figures)],
                goals
            );
        }
    }

    private static Turn<LoadFigures> LimitTurn(Workbench bench, string command, int workers) =>
        new(
            $"{Limit.Name}, {workers} {(workers == 1 ? "worker" : "workers")}",
            async cancellationToken => new LoadFigures(
                await Limit.RateAsync(bench, command, workers, bench.Options.Seconds, cancellationToken),
                ProcessorMicroseconds: null
            )
        );
}

/// <summary>What is deployed.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Command">Its only step.</param>
/// <param name="Goals">Of webhook's rate, by 1, 8 and 32 clients.</param>
internal sealed record Work(string Service, string Command, IReadOnlyList<double> Goals);
