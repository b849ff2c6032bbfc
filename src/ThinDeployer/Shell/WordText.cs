using System.Runtime.InteropServices;
using System.Text;

namespace ThinDeployer.Shell;

/// <summary>A part of a word that is read by rules of its own, such as <c>$(…)</c> and <c>${…}</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WordPart(int Start, int End, FrameKind Kind);

/// <summary>Takes the quotes off a word whose ends and parts the lexer knows.</summary>
/// <param name="source">The text that the lexer reads.</param>
/// <param name="end">The index behind the word.</param>
internal sealed class WordText(string source, int end)
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _expansions = [];
    private bool _isLiteral = true;
    private char _quote;

    /// <param name="source">The text that the lexer reads.</param>
    /// <param name="start">Of the word.</param>
    /// <param name="end">The index behind it.</param>
    /// <param name="offset">Where in the command the text stands.</param>
    /// <param name="parts">In order, none within another.</param>
    internal static CommandWord Read(string source, int start, int end, int offset, IReadOnlyList<WordPart> parts)
    {
        var word = new WordText(source, end);
        var part = 0;
        for (var at = start; at < end; )
        {
            at = part < parts.Count && parts[part].Start == at ? word.Part(parts[part++]) : word.Step(at);
        }

        var substitutions = parts
            .Where(found => found.Kind is FrameKind.Commands or FrameKind.Backticks)
            .Select(found => (found.Start + offset, found.End + offset));
        return new CommandWord(
            start + offset,
            end + offset,
            word._text.ToString(),
            word._isLiteral,
            [.. substitutions],
            word._expansions
        );
    }

    private int Part(WordPart part)
    {
        if (part.Kind == FrameKind.Parameter)
        {
            Expansion(part.Start + 2);
        }

        _isLiteral = false;
        _text.Append(source, part.Start, part.End - part.Start);
        return part.End;
    }

    /// <returns>The index behind what belongs together.</returns>
    private int Step(int at)
    {
        var next = at + 1 < end ? source[at + 1] : '\0';
        switch (source[at])
        {
            case '\\' when next == '\n' && _quote != '\'':
                return at + 2;
            case '\\' when _quote == '\0' || (_quote == '"' && next is '$' or '`' or '"' or '\\'):
                return next == '\0' ? at + 1 : Take(at + 1);
            case '\'' or '"' when _quote == '\0' || _quote == source[at]:
                _quote = _quote == '\0' ? source[at] : '\0';
                return at + 1;
            // A text to be translated, or one with escapes.
            case '$' when _quote == '\0' && next is '\'' or '"':
                return at + 1;
            case '$' when _quote != '\'':
                Expansion(at + 1);
                return Take(at);
            case '*' or '?' or '[' or '~' when _quote == '\0':
                _isLiteral = false;
                return Take(at);
            default:
                return Take(at);
        }
    }

    private void Expansion(int start)
    {
        var length = 0;
        while (start + length < end && VariableName.IsPart(source[start + length]))
        {
            length++;
        }

        _isLiteral = false;
        _expansions.Add(source.Substring(start, length));
    }

    private int Take(int at)
    {
        _isLiteral &= source[at] != '%' || Placeholder.NameAt(source, at) is null;
        _text.Append(source[at]);
        return at + 1;
    }
}
