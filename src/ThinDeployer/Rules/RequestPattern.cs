using System.Text;
using System.Text.RegularExpressions;

namespace ThinDeployer.Rules;

/// <summary>
/// A service's <c>request_regexp</c>, searched in the request body's text. Python's spellings are understood, because
/// the original compiled it.
/// </summary>
internal sealed class RequestPattern
{
    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private readonly SearchedPattern _pattern;

    private RequestPattern(SearchedPattern pattern)
    {
        _pattern = pattern;
    }

    /// <summary>Whether it needs look-around, back references or the like, and so may reach the time limit.</summary>
    internal bool Backtracks => _pattern.Backtracks;

    /// <exception cref="RegexParseException">It is no pattern; the message says what is wrong.</exception>
    internal static RequestPattern Parse(string pattern) => new(SearchedPattern.Parse(pattern));

    /// <summary>Undecided when the body is no text, or it would take too long.</summary>
    internal Outcome Search(ReadOnlySpan<byte> body)
    {
        try
        {
            var text = GC.AllocateUninitializedArray<char>(StrictUtf8.GetCharCount(body));
            StrictUtf8.GetChars(body, text);
            return _pattern.Search(text);
        }
        catch (DecoderFallbackException)
        {
            return Outcome.Undecided;
        }
    }
}
