using System.Globalization;
using CsCheck;

// One search at a time, so that a machine with few processors searches and does not wait.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ThinDeployer.Fuzz;

/// <summary>
/// How long is searched. The environment variable <c>THIN_DEPLOYER_FUZZ_SECONDS</c> gives the seconds for all searches
/// together, 58 without it. What fails prints its seed; <c>CsCheck_Seed</c> begins with that very case.
/// </summary>
internal static class FuzzTime
{
    private const string Variable = "THIN_DEPLOYER_FUZZ_SECONDS";
    private const int DefaultSeconds = 58;

    /// <summary>The sum of all shares in this project.</summary>
    private const int Shares = 58;

    private static readonly int Total =
        int.TryParse(
            Environment.GetEnvironmentVariable(Variable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var seconds
        )
        && seconds > 0
            ? seconds
            : DefaultSeconds;

    /// <summary>Searches for a case that makes <paramref name="assert"/> throw.</summary>
    /// <param name="cases">Where.</param>
    /// <param name="share">Of the whole time; seconds where nothing else is said.</param>
    /// <param name="assert">Throws on what must not be.</param>
    /// <param name="print">How a case is shown.</param>
    /// <param name="threads">More than there are processors where a case waits for another process.</param>
    internal static void Search<T>(
        this Gen<T> cases,
        int share,
        Action<T> assert,
        Func<T, string>? print = null,
        int threads = 2
    ) => cases.Sample(assert, time: Math.Max(1, share * Total / Shares), threads: threads, print: print);
}
