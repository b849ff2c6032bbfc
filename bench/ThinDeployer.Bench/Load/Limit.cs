using System.Globalization;
using System.Text.RegularExpressions;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Load;

/// <summary>The C program <c>bench/limit.c</c>: shell commands without any server.</summary>
internal static partial class Limit
{
    internal const string Name = "limit (posix_spawn in C)";

    private const int Trial = 300;

    /// <returns>Commands a second, over about so many seconds.</returns>
    internal static async Task<double> RateAsync(
        Workbench bench,
        string command,
        int workers,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        var trial = await RunAsync(bench, Trial, workers, command, cancellationToken);
        var count = (int)(Trial / trial.TotalSeconds * seconds);
        var time = await RunAsync(bench, count, workers, command, cancellationToken);
        return count / time.TotalSeconds;
    }

    internal static async Task<TimeSpan> RunAsync(
        Workbench bench,
        int count,
        int workers,
        string command,
        CancellationToken cancellationToken
    )
    {
        string[] arguments = [Number(count), Number(workers), command];
        var output = await Tool.OutputAsync(bench.ProgramOf("limit"), arguments, cancellationToken);
        return TimeSpan.FromSeconds(
            double.Parse(Seconds.Match(output).Groups["number"].ValueSpan, CultureInfo.InvariantCulture)
        );
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^seconds=(?<number>[0-9.]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Seconds { get; }
}
