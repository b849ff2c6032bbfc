using System.Text;
using System.Text.RegularExpressions;

namespace ThinDeployer.Rules;

/// <summary>What a pattern says of a request.</summary>
internal enum Verdict
{
    Matches,
    DoesNotMatch,

    /// <summary>It would take too long, or the body is no text.</summary>
    Undecidable,
}

/// <summary>
/// A service's <c>request_regexp</c>, searched in the request body's text. Python's spellings are understood, because
/// the original compiled it.
/// </summary>
internal sealed class RequestPattern
{
    /// <summary>For a pattern that backtracks: it may take exponential time on a hostile body.</summary>
    private static readonly TimeSpan BacktrackingLimit = TimeSpan.FromMilliseconds(250);

    /// <summary>For one that does not: its time grows with the body only, which is bounded too.</summary>
    private static readonly TimeSpan LinearLimit = TimeSpan.FromSeconds(10);

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private readonly Regex _regex;

    private RequestPattern(Regex regex, bool backtracks)
    {
        _regex = regex;
        Backtracks = backtracks;
    }

    /// <summary>Whether it needs look-around, back references or the like, and so may reach the time limit.</summary>
    internal bool Backtracks { get; }

    /// <exception cref="RegexParseException">It is no pattern; the message says what is wrong.</exception>
    internal static RequestPattern Parse(string pattern)
    {
        var translated = PythonPattern.Translate(pattern);
        const RegexOptions options = RegexOptions.CultureInvariant;
        try
        {
            return new RequestPattern(
                new Regex(translated, options | RegexOptions.NonBacktracking, LinearLimit),
                backtracks: false
            );
        }
        catch (NotSupportedException)
        {
            return new RequestPattern(new Regex(translated, options, BacktrackingLimit), backtracks: true);
        }
    }

    internal Verdict Search(ReadOnlySpan<byte> body)
    {
        try
        {
            return _regex.IsMatch(StrictUtf8.GetString(body)) ? Verdict.Matches : Verdict.DoesNotMatch;
        }
        catch (Exception exception) when (exception is RegexMatchTimeoutException or DecoderFallbackException)
        {
            return Verdict.Undecidable;
        }
    }
}
