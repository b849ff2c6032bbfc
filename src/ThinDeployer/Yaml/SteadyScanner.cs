using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace ThinDeployer.Yaml;

/// <summary>
/// YamlDotNet's scanner, without losing tokens. Its parser looks ahead twice after an anchored text in a flow map, and
/// the second look drops what the first one saw: <c>{a: &amp;x 1, b: 2}</c> would be a syntax mistake. Here a look
/// ahead changes nothing until the token is consumed.
/// </summary>
internal sealed class SteadyScanner(string text) : IScanner
{
    private readonly Scanner _scanner = new(new StringReader(text), skipComments: true);

    public Mark CurrentPosition => _scanner.CurrentPosition;

    public Token? Current => _scanner.Current;

    /// <summary>Where the last consumed token began.</summary>
    internal Mark LastStart { get; private set; } = Mark.Empty;

    public bool MoveNext()
    {
        if (Current is not null)
        {
            ConsumeCurrent();
        }
        return MoveNextWithoutConsuming();
    }

    // The parser makes sure that nothing follows the end: there a look ahead must say so.
    public bool MoveNextWithoutConsuming() => Current is not (null or StreamEnd) || _scanner.MoveNextWithoutConsuming();

    public void ConsumeCurrent()
    {
        LastStart = Current?.Start ?? LastStart;
        _scanner.ConsumeCurrent();
    }
}
