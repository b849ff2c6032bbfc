using System.Text.RegularExpressions;

namespace ThinDeployer.Rules;

/// <summary>How every pattern of a configuration is compiled, so that none can hang.</summary>
internal static class PatternEngine
{
    /// <summary>For a pattern that backtracks: it may take exponential time on a hostile text.</summary>
    private static readonly TimeSpan BacktrackingLimit = TimeSpan.FromMilliseconds(250);

    /// <summary>For one that does not: its time grows with the text only, which is bounded too.</summary>
    private static readonly TimeSpan LinearLimit = TimeSpan.FromSeconds(10);

    private const RegexOptions Always = RegexOptions.CultureInvariant;

    /// <summary>Whether it needs look-around, back references or the like, and so may reach the time limit, comes with it.</summary>
    /// <exception cref="RegexParseException">It is no pattern; the message says what is wrong.</exception>
    internal static (Regex Regex, bool Backtracks) Compile(string pattern)
    {
        try
        {
            return (Linear(pattern, RegexOptions.None), false);
        }
        catch (NotSupportedException)
        {
            return (new Regex(pattern, Always, BacktrackingLimit), true);
        }
    }

    /// <exception cref="NotSupportedException">It needs backtracking, or is too large.</exception>
    internal static Regex Linear(string pattern, RegexOptions options) =>
        new(pattern, Always | RegexOptions.NonBacktracking | options, LinearLimit);
}
