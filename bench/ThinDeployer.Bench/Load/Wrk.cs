using System.Globalization;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Load;

/// <summary>Load by wrk, with one thread.</summary>
/// <param name="Url">Where.</param>
/// <param name="Script">Path of the Lua script that makes the requests.</param>
/// <param name="Clients">Connections.</param>
/// <param name="Seconds">How long.</param>
internal sealed record Wrk(string Url, string Script, int Clients, int Seconds)
{
    /// <summary>Whether every answer must be 2xx, or none.</summary>
    public bool MustSucceed { get; init; } = true;

    /// <exception cref="BenchFaultException">An answer was not as it must be.</exception>
    internal async Task<WrkResult> RunAsync(CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-t1",
            $"-c{Number(Clients)}",
            $"-d{Number(Seconds)}s",
            "--timeout",
            "30s",
            "--latency",
            "-s",
            Script,
            Url,
        ];
        var result = WrkResult.Parse(await Tool.OutputAsync("wrk", arguments, cancellationToken));
        var expected = MustSucceed ? 0 : result.Requests;
        return result.Requests > 0 && result.NotGood == expected && !result.HadSocketErrors
            ? result
            : throw new BenchFaultException($"{Url}: not every answer was as it must be: {result}");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
