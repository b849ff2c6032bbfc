using System.Security.Cryptography;

namespace ThinDeployer.Outbox;

/// <summary>When a try that was in vain is made again.</summary>
internal static class Backoff
{
    /// <summary>From what happened on; then it is given up.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    internal static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>What the other side asks for is believed up to here.</summary>
    private static readonly TimeSpan LongestAskedFor = TimeSpan.FromHours(6);

    private const int Doublings = 10;
    private const int Steps = 1_000;

    /// <summary>Doubles, with chance in it, so that many who failed together don't come again together.</summary>
    /// <param name="attempts">That were in vain; 1 at least.</param>
    /// <param name="askedFor">By the other side; null where it says nothing.</param>
    internal static TimeSpan After(int attempts, TimeSpan? askedFor)
    {
        var doubled = Shortest * Math.Pow(2, Math.Min(attempts - 1, Doublings));
        var bounded = doubled < Longest ? doubled : Longest;
        var own = bounded * (0.5 + (RandomNumberGenerator.GetInt32(Steps + 1) / (2.0 * Steps)));
        var least = own > Shortest ? own : Shortest;
        return askedFor > least ? Shorter(askedFor.Value, LongestAskedFor) : least;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
