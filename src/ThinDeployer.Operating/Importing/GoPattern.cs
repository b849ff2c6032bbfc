using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ThinDeployer.Operating.Importing;

/// <summary>
/// Writes a pattern of Go (pkg.go.dev/regexp/syntax) as .NET understands it, so that it finds the same: <c>$</c> is the very
/// end, <c>\d</c>, <c>\w</c>, <c>\s</c> and <c>\b</c> know ASCII only, and <c>\Q…\E</c>, <c>[[:alpha:]]</c> and
/// <c>(?U)</c> are written otherwise.
/// </summary>
internal sealed partial class GoPattern
{
    private const string Word = "[0-9A-Za-z_]";
    private const string WordBorder = $"(?:(?<={Word})(?!{Word})|(?<!{Word})(?={Word}))";
    private const string NoWordBorder = $"(?:(?<={Word})(?={Word})|(?<!{Word})(?!{Word}))";

    private readonly string _source;
    private readonly StringBuilder _written = new();

    /// <summary>Whether <c>$</c> ends a line, for each group that is open.</summary>
    private readonly Stack<bool> _endsLines = new([false]);

    private int _at;

    private GoPattern(string source) => _source = source;

    /// <summary>Null for what has no equivalent, and for what is no pattern.</summary>
    internal static string? Translate(string pattern)
    {
        var go = new GoPattern(pattern);
        while (go._at < pattern.Length)
        {
            if (!go.Step())
            {
                return null;
            }
        }

        return go._endsLines.Count == 1 && IsPattern(go._written.ToString()) ? go._written.ToString() : null;
    }

    private bool Step()
    {
        var rest = _source.AsSpan(_at);
        switch (rest[0])
        {
            case '\\' when rest is ['\\', 'Q', ..]:
                return Quoted();
            case '\\':
                return Escape();
            case '[':
                return Class();
            case '(' when rest is ['(', '?', ..]:
                return Group();
            case '(':
                _endsLines.Push(_endsLines.Peek());
                return Write("(", 1);
            case ')':
                return _endsLines.Count > 1 && _endsLines.TryPop(out _) && Write(")", 1);
            case '$':
                return Write(_endsLines.Peek() ? "$" : @"\z", 1);
            case '{' when Repeat.Match(_source, _at) is { Success: true, Value: var repeat }:
                return Write(repeat, repeat.Length);
            case '{' or '}' or ']':
                return Write($"\\{rest[0]}", 1);
            default:
                return Write(rest[0].ToString(), 1);
        }
    }

    private bool Write(string text, int read)
    {
        _written.Append(text);
        _at += read;
        return true;
    }

    private bool Quoted()
    {
        var end = _source.IndexOf(@"\E", _at, StringComparison.Ordinal);
        var text = end < 0 ? _source[(_at + 2)..] : _source[(_at + 2)..end];
        return Write(string.Concat(text.Select(Literal)), (end < 0 ? _source.Length : end + 2) - _at);
    }

    private bool Group()
    {
        if (Name.Match(_source, _at) is { Success: true, Length: var length } name)
        {
            _endsLines.Push(_endsLines.Peek());
            return Write($"(?<{name.Groups["name"].Value}>", length);
        }

        if (Flags.Match(_source, _at) is not { Success: true } flags)
        {
            return false;
        }

        var (on, off, end) = (flags.Groups["on"].Value, flags.Groups["off"].Value, flags.Groups["end"].Value);
        var endsLines = on.Contains('m') || (_endsLines.Peek() && !off.Contains('m'));
        if (end == ")")
        {
            _endsLines.Pop();
        }

        _endsLines.Push(endsLines);
        // U turns round which of several matches is taken, not whether there is one.
        var (ours, notOurs) = (on.Replace("U", ""), off.Replace("U", ""));
        var all = ours + (notOurs.Length > 0 ? "-" + notOurs : "");
        return Write(all.Length == 0 && end == ")" ? "" : $"(?{all}{end}", flags.Length);
    }

    private bool Escape()
    {
        if (_at + 1 == _source.Length)
        {
            return false;
        }

        switch (_source[_at + 1])
        {
            case 'b':
                return Write(WordBorder, 2);
            case 'B':
                return Write(NoWordBorder, 2);
            case 'A' or 'z':
                return Write(_source.Substring(_at, 2), 2);
            case var letter when CharacterSet.OfEscape(letter) is { } set:
                return Write($"[{set}]", 2);
            case 'p' or 'P':
                return Category() is { } category && Write(category, 0);
            default:
                return Character() is { } character && Write(Literal(character), 0);
        }
    }

    /// <summary>A general category, which is the same in both; a script is not. Null for what is none.</summary>
    private string? Category()
    {
        if (UnicodeClass.Match(_source, _at) is not { Success: true } match)
        {
            return null;
        }

        _at += match.Length;
        var isNegated = match.Groups["p"].Value == "P" != (match.Groups["not"].Length > 0);
        return $"\\{(isNegated ? 'P' : 'p')}{{{match.Groups["name"].Value}}}";
    }

    /// <summary>The character that an escape stands for. Null for what is none, or beyond U+FFFF.</summary>
    private char? Character()
    {
        if (CodePoint.Match(_source, _at) is { Success: true } match)
        {
            _at += match.Length;
            var digits = match.Groups["hexadecimal"] is { Success: true, Value: var hexadecimal }
                ? int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : Convert.ToInt32(match.Groups["octal"].Value, 8);
            return digits <= char.MaxValue ? (char)digits : null;
        }

        char? character = _source[_at + 1] switch
        {
            'a' => '\a',
            'f' => '\f',
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'v' => '\v',
            var other when char.IsAscii(other) && !char.IsAsciiLetterOrDigit(other) => other,
            _ => null,
        };
        _at += 2;
        return character;
    }

    private bool Class()
    {
        _at++;
        _written.Append('[');
        if (_at < _source.Length && _source[_at] == '^')
        {
            Write("^", 1);
        }

        for (var isFirst = true; _at < _source.Length && (isFirst || _source[_at] != ']'); isFirst = false)
        {
            if (!ClassItem())
            {
                return false;
            }
        }

        return _at < _source.Length && Write("]", 1);
    }

    private bool ClassItem()
    {
        var rest = _source.AsSpan(_at);
        if (rest is ['[', ':', ..] && rest.IndexOf(":]") is > 1 and var end)
        {
            return CharacterSet.OfName(rest[2..end].ToString()) is { } named && Write(named.ToString(), end + 2);
        }

        if (rest is ['\\', var letter, ..] && CharacterSet.OfEscape(letter) is { } set)
        {
            return Write(set.ToString(), 2);
        }

        if (rest is ['\\', 'p' or 'P', ..])
        {
            return Category() is { } category && Write(category, 0);
        }

        if (ClassCharacter() is not { } first)
        {
            return false;
        }

        Write(CharacterSet.Escaped(first), 0);
        if (_source.AsSpan(_at) is not ['-', not ']', ..])
        {
            return true;
        }

        _at++;
        return ClassCharacter() is { } last && last >= first && Write($"-{CharacterSet.Escaped(last)}", 0);
    }

    private char? ClassCharacter()
    {
        if (_source[_at] == '\\')
        {
            return _at + 1 < _source.Length ? Character() : null;
        }

        // Half of a character beyond U+FFFF would stand alone in a class.
        return char.IsSurrogate(_source[_at]) ? null : _source[_at++];
    }

    private static string Literal(char character) =>
        char.IsControl(character) ? CharacterSet.Escaped(character)
        : char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character) && !" \"%&',/:;<=>@_`~!-".Contains(character)
            ? $"\\{character}"
        : character.ToString();

    private static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return true;
        }
        catch (RegexParseException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\G\{[0-9]+(,[0-9]*)?\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Repeat { get; }

    [GeneratedRegex(@"\G\(\?P?<(?<name>[A-Za-z_][A-Za-z0-9_]*)>", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Name { get; }

    [GeneratedRegex(@"\G\(\?(?<on>[imsU]*)(-(?<off>[imsU]+))?(?<end>[:)])", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Flags { get; }

    [GeneratedRegex(
        @"\G\\(?<p>[pP])(\{(?<not>\^?)(?<name>C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)\}|(?<name>[CLMNPSZ]))",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex UnicodeClass { get; }

    /// <summary>A single digit but 0 would be a back reference, which Go has not.</summary>
    [GeneratedRegex(
        @"\G\\(x(?<hexadecimal>[0-9A-Fa-f]{2})|x\{(?<hexadecimal>[0-9A-Fa-f]{1,6})\}|(?<octal>0[0-7]{0,2}|[1-7][0-7]{1,2}))",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex CodePoint { get; }
}
