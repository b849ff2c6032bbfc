using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace ThinDeployer.Yaml;

/// <summary>
/// YamlDotNet's scanner, without what would silently change a text or swap keys and values. Its look ahead changes
/// nothing until the token is consumed: the parser looks twice after an anchored text in a flow map, and the second look
/// would drop what the first one saw, as in <c>{a: &amp;x 1, b: 2}</c>.
/// </summary>
internal sealed class SteadyScanner(string text) : IScanner
{
    internal const string SkippedColon = "a colon was skipped";
    internal const string StrayAlias = "an alias follows a value";

    private readonly Scanner _scanner = new(new StringReader(text), skipComments: true);
    private Token? _last;

    public Mark CurrentPosition => _scanner.CurrentPosition;

    public Token? Current => _scanner.Current;

    /// <summary>Where the last consumed token began.</summary>
    internal Mark LastStart => _last?.Start ?? Mark.Empty;

    public bool MoveNext()
    {
        if (Current is not null)
        {
            ConsumeCurrent();
        }
        return MoveNextWithoutConsuming();
    }

    public bool MoveNextWithoutConsuming()
    {
        // The parser makes sure that nothing follows the end: there a look ahead must say so.
        if (Current is not (null or StreamEnd))
        {
            return true;
        }
        var isMoved = _scanner.MoveNextWithoutConsuming();
        return Slip(Current) is { } slip ? throw new SyntaxErrorException(Current!.Start, Current.End, slip) : isMoved;
    }

    public void ConsumeCurrent()
    {
        _last = Current;
        _scanner.ConsumeCurrent();
    }

    private string? Slip(Token? token) =>
        token switch
        {
            // ["a", :b] would lose its colon.
            Scalar { Style: ScalarStyle.Plain } when _last is not Value && IsAfterColon(token) => SkippedColon,
            // {a: b}*c would make the alias a key of the map around it, and its next key the value.
            AnchorAlias when _last is Scalar or AnchorAlias or FlowSequenceEnd or FlowMappingEnd => StrayAlias,
            _ => null,
        };

    private bool IsAfterColon(Token token) => token.Start.Index > 0 && text[(int)token.Start.Index - 1] == ':';
}
