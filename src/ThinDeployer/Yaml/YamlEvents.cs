using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ThinDeployer.Yaml;

/// <summary>The events of YamlDotNet's parser, until the end or the first syntax mistake.</summary>
internal sealed class YamlEvents
{
    private readonly string _file;
    private readonly string _text;
    private readonly SteadyScanner _scanner;
    private readonly Parser _parser;

    internal YamlEvents(string file, string text)
    {
        _file = file;
        _text = text;
        _scanner = new SteadyScanner(text);
        _parser = new Parser(_scanner);
    }

    /// <summary>Set once the text turned out not to be YAML.</summary>
    internal (Place Place, string Message)? Mistake { get; private set; }

    /// <summary>Null at the end, and after a syntax mistake.</summary>
    internal ParsingEvent? Next()
    {
        if (Mistake is not null)
        {
            return null;
        }
        try
        {
            return _parser.MoveNext() ? _parser.Current : null;
        }
        // Broad on purpose, and only here: on odd texts the parser throws not only its YamlException but whatever its own
        // slips lead to (ArgumentException, InvalidOperationException, an index out of range). Whatever it is, the text is
        // at fault, and nothing of the parser is used after it.
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Mistake = Explain(fault);
            return null;
        }
    }

    /// <summary>Where an event begins.</summary>
    internal Place PlaceOf(ParsingEvent parsed) =>
        // The map of a single pair, as in [a: b], comes without a place: it begins with its key, which was just consumed.
        Place(parsed.End == Mark.Empty ? _scanner.LastStart : parsed.Start);

    private (Place, string) Explain(Exception fault)
    {
        // Without a place of its own, an exception gets that of the token at hand, or what the scanner had reached.
        var mark =
            fault is YamlException yaml && yaml.End != Mark.Empty
                ? yaml.Start
                : _scanner.Current?.Start ?? _scanner.CurrentPosition;
        return (Place(mark), SyntaxMistake.InPlainWords(fault.Message, _text, (int)mark.Index));
    }

    private Place Place(in Mark mark) => new(_file, (int)mark.Line, (int)mark.Column);
}
