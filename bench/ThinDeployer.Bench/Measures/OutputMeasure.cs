using System.Diagnostics;
using System.Globalization;
using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>Steps that print much, waited for and read by their clients.</summary>
internal sealed class OutputMeasure : IMeasure
{
    private const string Shell = "the shell alone";

    public string Name => "output";

    public async Task<Section> RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var table = new ComparisonTable("at once", Unit.Milliseconds, "the shell", "peak memory, MiB");
        foreach (var count in (int[])[1, 8])
        {
            Turn<OutputFigures>[] turns =
            [
                new(bench.Native.Name, cancel => ServerAsync(bench, bench.Native, count, cancel)),
                new(bench.Webhook.Name, cancel => ServerAsync(bench, bench.Webhook, count, cancel)),
                new(Shell, cancel => ShellAsync(bench, count, cancel)),
            ];
            var what = $"output, {count} at once";
            var rounds = await Rounds.RunAsync(what, bench.Options.Rounds, turns, cancellationToken);
            AddRows(table, count, turns, rounds);
        }

        return new Section("Large output")
            .Say(
                $"A step that prints 100 MB (`{Services.OutputCommand}`), all of it kept (`max_output: 128MiB`), answered and read; "
                    + "from the request to the last byte. Each round with a fresh process. The shell alone is the same command, "
                    + "read through a pipe."
            )
            .Show(table);
    }

    private static void AddRows(
        ComparisonTable table,
        int count,
        IReadOnlyList<Turn<OutputFigures>> turns,
        IReadOnlyList<IReadOnlyList<OutputFigures>> rounds
    )
    {
        var shell = Samples.Of(rounds[^1], each => each.Milliseconds);
        foreach (var (turn, figures) in turns.Zip(rounds))
        {
            var times = Samples.Of(figures, each => each.Milliseconds);
            var ratio = times.RatioTo(shell);
            var peak = turn.Name == Shell ? null : Samples.Of(figures, each => each.PeakMemory ?? 0);
            Goal[] goals =
                turn.Name == Workbench.OursName
                    ? [Goal.AtMost(2, "the shell's", ratio), Goal.Under(64, "MiB", peak!.Median)]
                    : [];
            table.Add(
                count.ToString(CultureInfo.InvariantCulture),
                turn.Name,
                times,
                ratio,
                [peak is null ? "" : Unit.Megabytes.Write(peak.Median)],
                goals
            );
        }
    }

    private static async Task<OutputFigures> ServerAsync(
        Workbench bench,
        IContestant contestant,
        int count,
        CancellationToken cancellationToken
    )
    {
        await using var server = await bench.StartAsync(contestant, cancellationToken);
        var path = contestant.PathOf(Services.Output);
        var request = RawConnection.Request("POST", path, Services.Token, "Connection: close");

        var started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(Read, cancellationToken)));
        var time = Stopwatch.GetElapsedTime(started);

        return answers.All(bytes => bytes > Services.OutputBytes)
            ? new OutputFigures(time.TotalMilliseconds, server.Program.PeakMemory())
            : throw new BenchFaultException($"{contestant.Name} answered with {answers.Min()} bytes");

        long Read()
        {
            using var connection = RawConnection.Open(server.Port);
            return connection.ExchangeLarge(request);
        }
    }

    private static async Task<OutputFigures> ShellAsync(Workbench bench, int count, CancellationToken cancellationToken)
    {
        var time = await Limit.RunAsync(bench, count, workers: count, Services.OutputCommand, cancellationToken);
        return new OutputFigures(time.TotalMilliseconds, PeakMemory: null);
    }

    private sealed record OutputFigures(double Milliseconds, double? PeakMemory);
}
