using System.Globalization;
using System.Text.RegularExpressions;

namespace ThinDeployer.Bench.Load;

/// <summary>What wrk says of a run.</summary>
/// <param name="Requests">Answered.</param>
/// <param name="PerSecond">Answered, a second.</param>
/// <param name="NotGood">Of them, neither 2xx nor 3xx.</param>
/// <param name="HadSocketErrors">Connections that failed, or were cut.</param>
/// <param name="Median">Milliseconds until the answer.</param>
/// <param name="Percentile99">Milliseconds that 99 of 100 did not exceed.</param>
internal sealed partial record WrkResult(
    long Requests,
    double PerSecond,
    long NotGood,
    bool HadSocketErrors,
    double Median,
    double Percentile99
)
{
    internal static WrkResult Parse(string output) =>
        new(
            (long)Number(RequestCount.Match(output)),
            Number(Rate.Match(output)),
            Failures.Match(output) is { Success: true } match ? (long)Number(match) : 0,
            output.Contains("Socket errors", StringComparison.Ordinal),
            Latency(output, "50%"),
            Latency(output, "99%")
        );

    private static double Latency(string output, string percentile)
    {
        var match = Latencies.Matches(output).First(match => match.Groups["percentile"].Value == percentile);
        var milliseconds = match.Groups["unit"].Value switch
        {
            "us" => 0.001,
            "ms" => 1,
            "s" => 1_000,
            _ => 60_000,
        };
        return Number(match) * milliseconds;
    }

    private static double Number(Match match) =>
        match.Success
            ? double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)
            : throw new BenchFaultException("wrk printed what was not expected");

    [GeneratedRegex("(?<number>[0-9]+) requests in ", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex RequestCount { get; }

    [GeneratedRegex(@"Requests/sec: +(?<number>[0-9.]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Rate { get; }

    [GeneratedRegex("Non-2xx or 3xx responses: (?<number>[0-9]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Failures { get; }

    [GeneratedRegex(
        " (?<percentile>[0-9]+%) +(?<number>[0-9.]+)(?<unit>us|ms|s|m)",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Latencies { get; }
}
