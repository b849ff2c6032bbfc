using System.Security.Cryptography;

namespace ThinDeployer.Broker;

/// <summary>How long to wait before what failed is tried again.</summary>
internal static class Pauses
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private const int Doublings = 10;

    /// <summary>Doubles, with chance in it, so that many who lost a broker together don't come back together.</summary>
    internal static TimeSpan After(int attempts, TimeSpan longest)
    {
        var doubled = Shortest * Math.Pow(2, Math.Min(attempts - 1, Doublings));
        return (doubled < longest ? doubled : longest) * (RandomNumberGenerator.GetInt32(50, 101) / 100.0);
    }
}
