using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Measures;

namespace ThinDeployer.Bench;

/// <summary>Runs the measures one after the other, and prints and keeps what came of them.</summary>
internal sealed class Comparison(BenchOptions options)
{
    private static readonly IReadOnlyList<IMeasure> Measures =
    [
        new DeploymentsMeasure(),
        new BurstMeasure(),
        new RefusedMeasure(),
        new OutputMeasure(),
        new StartMeasure(),
        new MemoryMeasure(),
        new HistoryMeasure(),
        new FunctionsMeasure(),
        new GrowthMeasure(),
    ];

    private readonly StringBuilder _text = new();
    private readonly List<Goal> _goals = [];
    private int _measured;
    private bool _failed;

    /// <returns>Whether every measure could be made; goals that are not met do not count.</returns>
    /// <exception cref="BenchFaultException">A measure is wanted that is not known.</exception>
    internal async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var chosen = Chosen();
        var date = TimeProvider.System.GetUtcNow();
        try
        {
            using var bench = new Workbench(options);
            Add("# Comparison with peers\n");
            Add((await Machine.DescribeAsync(bench, date, cancellationToken)).ToMarkdown());
            foreach (var measure in chosen)
            {
                await RunAsync(measure, bench, cancellationToken);
            }

            Add($"## Goals\n\n{_goals.Count(goal => goal.IsMet)} of {_goals.Count} are met.\n");
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Add("Interrupted.\n");
            }

            // A quick run has no figures to keep.
            if (_measured > 0 && !options.IsQuick)
            {
                await KeepAsync(date);
            }
        }

        return !_failed;
    }

    private List<IMeasure> Chosen()
    {
        if (options.Only.Except(Measures.Select(measure => measure.Name)).FirstOrDefault() is { } unknown)
        {
            throw new BenchFaultException($"there is no measure {unknown}");
        }

        return options.Only.Count > 0
            ? [.. Measures.Where(measure => options.Only.Contains(measure.Name))]
            : [.. Measures.Where(measure => options.WithGrowth || measure.Name != GrowthMeasure.Title)];
    }

    /// <summary>One that fails does not keep the others from being made.</summary>
    private async Task RunAsync(IMeasure measure, Workbench bench, CancellationToken cancellationToken)
    {
        try
        {
            var section = await measure.RunAsync(bench, cancellationToken);
            _measured++;
            _goals.AddRange(section.Goals);
            Add(section.Markdown);
        }
        catch (Exception fault)
            when (fault is BenchFaultException or IOException or SocketException or HttpRequestException)
        {
            // Ctrl+C in a terminal also reaches what runs, which then fails.
            cancellationToken.ThrowIfCancellationRequested();
            _failed = true;
            Add($"## {measure.Name}\n\nNot measured: {fault.Message}\n");
        }
    }

    private void Add(string markdown)
    {
        _text.Append(_text.Length > 0 ? "\n" : "").Append(markdown);
        Console.WriteLine(markdown);
    }

    private async Task KeepAsync(DateTimeOffset date)
    {
        var commit = await Machine.CommitAsync(options.Root, CancellationToken.None);
        var name = date.UtcDateTime.ToString("yyyy-MM-dd-HHmm", CultureInfo.InvariantCulture);
        var what = string.Concat(options.Only.Select(measure => $"-{measure}"));
        var file = Path.Combine(options.Root, "bench", "results", $"{name}-{commit}{what}.md");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, _text.ToString(), CancellationToken.None);
        await Console.Error.WriteLineAsync($"kept in {file}");
    }
}
