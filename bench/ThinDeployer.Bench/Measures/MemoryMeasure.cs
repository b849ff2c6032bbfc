using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>What a server holds at rest, after much work, and with many who watch.</summary>
internal sealed class MemoryMeasure : IMeasure
{
    private const int Followers = 500;
    private const string Rest = "at rest";
    private const string FollowText = "500 followers, text";
    private const string FollowEvents = "500 followers, events";

    /// <summary>Until what was done before has settled.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    public string Name => "memory";

    public async Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var count =
            bench.Options.IsFull ? 100_000
            : bench.Options.IsQuick ? 1_000
            : 10_000;
        var worked = FormattableString.Invariant($"after {count:#,0} deployments");
        var table = new ComparisonTable("when", Unit.Megabytes, "webhook");
        await CompareAsync(table, bench, Rest, 32, _ => Task.CompletedTask, cancellationToken);
        await CompareAsync(
            table,
            bench,
            worked,
            48,
            server => WorkAsync(server, count, cancellationToken),
            cancellationToken
        );
        await FollowAsync(table, bench, FollowText, [], cancellationToken);
        await FollowAsync(table, bench, FollowEvents, ["Accept: text/event-stream"], cancellationToken);

        var note = bench.Options.IsFull ? "" : " `--full` makes 100,000 deployments, for which the goal is meant.";
        return new Section("Memory")
            .Say(
                "Resident memory (VmRSS) of a fresh process: before any request; a second after deployments by 8 clients; and while "
                    + $"{Followers} clients follow the log of a deployment that runs and prints nothing.{note}"
            )
            .Show(table);
    }

    private static async Task CompareAsync(
        ComparisonTable table,
        Workbench bench,
        string when,
        double limit,
        Func<RunningServer, Task> work,
        CancellationToken cancellationToken
    )
    {
        Turn<double>[] turns =
        [
            .. bench.Servers.Select(contestant => new Turn<double>(
                contestant.Name,
                cancel => MemoryAsync(bench, contestant, work, cancel)
            )),
        ];
        // Many deployments take long, and what they leave behind hardly varies.
        var count = bench.Options.IsFull && when != Rest ? 1 : bench.Options.Rounds;
        var rounds = await Rounds.RunAsync($"memory {when}", count, turns, cancellationToken);
        foreach (var (turn, values) in turns.Zip(rounds))
        {
            var memory = new Samples(values);
            Goal[] goals = turn.Name == Workbench.OursName ? [Goal.Under(limit, "MiB", memory.Median)] : [];
            table.Add(when, turn.Name, memory, memory.RatioTo(new Samples(rounds[^1])), goals: goals);
        }
    }

    private static async Task FollowAsync(
        ComparisonTable table,
        Workbench bench,
        string when,
        string[] headers,
        CancellationToken cancellationToken
    )
    {
        var turn = new Turn<double>(bench.Native.Name, cancel => FollowedAsync(bench, headers, cancel));
        var rounds = await Rounds.RunAsync($"memory {when}", bench.Options.Rounds, [turn], cancellationToken);
        var memory = new Samples(rounds[0]);
        table.Add(when, turn.Name, memory, ratio: null, goals: Goal.Under(64, "MiB", memory.Median));
    }

    private static async Task<double> MemoryAsync(
        Workbench bench,
        IContestant contestant,
        Func<RunningServer, Task> work,
        CancellationToken cancellationToken
    )
    {
        await using var server = await bench.StartAsync(contestant, cancellationToken);
        await work(server);
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        return server.Program.Memory();
    }

    private static Task<ExactResult> WorkAsync(RunningServer server, int count, CancellationToken cancellationToken)
    {
        var request = RawConnection.Request("POST", server.Contestant.PathOf(Services.Site), Services.Token);
        return ExactLoad.RunAsync(server.Port, request, count, clients: 8, cancellationToken);
    }

    private static async Task<double> FollowedAsync(
        Workbench bench,
        string[] headers,
        CancellationToken cancellationToken
    )
    {
        await using var server = await bench.StartAsync(bench.Native, cancellationToken);
        using var history = new HistoryClient(server);
        var id = await history.DeployAsync(Services.Busy, cancellationToken);
        var request = RawConnection.Request("GET", $"/deployments/{id}/log?follow=true", Services.Token, headers);
        var followers = new List<RawConnection>();
        try
        {
            while (followers.Count < Followers)
            {
                followers.Add(RawConnection.Open(server.Port));
                if (followers[^1].ExchangeHead(request) is not 200 and var status)
                {
                    throw new BenchFaultException($"a follower was answered by {status}");
                }
            }

            await Task.Delay(Settling, TimeProvider.System, cancellationToken);
            return server.Program.Memory();
        }
        finally
        {
            followers.ForEach(follower => follower.Dispose());
        }
    }
}
