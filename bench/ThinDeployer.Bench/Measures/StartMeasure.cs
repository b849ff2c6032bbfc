using System.Diagnostics;
using System.Net.Sockets;
using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>How soon after its start a server has run a first deployment.</summary>
internal sealed class StartMeasure : IMeasure
{
    private const int Kept = 100_000;

    /// <summary>One start says little, and takes little time.</summary>
    private const int StartsPerRound = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public string Name => "start";

    public async Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        using var history = await KeptHistory.MakeAsync(bench, Kept, keep: Kept, cancellationToken);
        List<Turn<double>> turns =
        [
            new(bench.Webhook.Name, cancel => StartEmptyAsync(bench, bench.Webhook, cancel)),
            new(bench.Native.Name, cancel => StartEmptyAsync(bench, bench.Native, cancel)),
            new($"{bench.Native.Name}, {Kept} kept", cancel => StartAsync(bench.Native, history, cancel)),
        ];
        if (bench.Jit is { } jit)
        {
            turns.Add(new(jit.Name, cancel => StartEmptyAsync(bench, jit, cancel)));
        }

        var rounds = await Rounds.RunAsync("start", bench.Options.Rounds * StartsPerRound, turns, cancellationToken);
        var table = new ComparisonTable("from", Unit.Milliseconds, "webhook");
        foreach (var (turn, values) in turns.Zip(rounds))
        {
            var times = new Samples(values);
            var ratio = times.RatioTo(new Samples(rounds[0]));
            Goal[] goals = turn.Name.StartsWith(Workbench.OursName, StringComparison.Ordinal)
                ? [Goal.AtMost(5, "webhook's", ratio)]
                : [];
            table.Add("start", turn.Name, times, ratio, goals: goals);
        }

        return new Section("Start")
            .Say(
                "From the start of the process to the answer of its first deployment, asked for every half a millisecond until "
                    + $"somebody listens. {StartsPerRound} starts a round; the files are in the page cache."
            )
            .Show(table);
    }

    private static async Task<double> StartEmptyAsync(
        Workbench bench,
        IContestant contestant,
        CancellationToken cancellationToken
    )
    {
        using var folder = bench.NewFolder(Services.Standard);
        return await StartAsync(contestant, folder, cancellationToken);
    }

    private static async Task<double> StartAsync(
        IContestant contestant,
        ServerFolder folder,
        CancellationToken cancellationToken
    )
    {
        var port = RunningServer.FreePort();
        var start = contestant.StartIn(folder, port);
        var request = RawConnection.Request("POST", contestant.PathOf(Services.Site), Services.Token);

        var started = Stopwatch.GetTimestamp();
        await using var program = StartedProgram.Start(start);
        var status = await Task.Run(() => FirstAnswer(program, port, request, started), cancellationToken);
        var time = Stopwatch.GetElapsedTime(started);

        return status / 100 == 2
            ? time.TotalMilliseconds
            : throw new BenchFaultException($"{contestant.Name}: the first deployment was answered by {status}");
    }

    private static int FirstAnswer(StartedProgram program, int port, byte[] request, long started)
    {
        while (Stopwatch.GetElapsedTime(started) < Limit && !program.HasExited)
        {
            try
            {
                using var connection = RawConnection.Open(port);
                return connection.Exchange(request);
            }
            catch (SocketException)
            {
                Posix.Pause();
            }
        }

        throw new BenchFaultException("a server did not start");
    }
}
