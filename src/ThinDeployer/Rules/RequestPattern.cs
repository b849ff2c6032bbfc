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

    /// <summary>
    /// What is found, and where it was searched: in the body, and in the <c>payload</c> of a form, which is the same text
    /// before it was encoded. Undecided when it is no text, or would take too long.
    /// </summary>
    internal (Outcome Outcome, string Detail) Search(RuleRequest request)
    {
        // One for both: a payload is no longer than its form, and a body may be large.
        char[] text = [];
        var body = Search(request.Body.Span, ref text);
        return body == Outcome.True || request.Form(RuleRequest.PayloadArgument) is not (1, var payload)
            ? (body, "searched: the body")
            : (Outcomes.Any([body, Search(payload.Span, ref text)]), "searched: the body, and the form's \"payload\"");
    }

    private Outcome Search(ReadOnlySpan<byte> utf8, ref char[] text)
    {
        try
        {
            var meant = utf8.StartsWith(PayloadReader.ByteOrderMark)
                ? utf8[PayloadReader.ByteOrderMark.Length..]
                : utf8;
            var length = StrictUtf8.GetCharCount(meant);
            text = text.Length < length ? GC.AllocateUninitializedArray<char>(length) : text;
            StrictUtf8.GetChars(meant, text);
            return _pattern.Search(text.AsSpan(0, length));
        }
        catch (DecoderFallbackException)
        {
            return Outcome.Undecided;
        }
    }
}
