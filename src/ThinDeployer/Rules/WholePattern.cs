using System.Text.RegularExpressions;

namespace ThinDeployer.Rules;

/// <summary>A pattern that must match the whole of a value, as Python's <c>fullmatch</c>. Its one group is what is meant.</summary>
internal sealed class WholePattern
{
    private readonly Regex _regex;
    private readonly int? _group;

    private WholePattern(string source, Regex regex, bool backtracks)
    {
        Source = source;
        _regex = regex;
        Backtracks = backtracks;
        var groups = regex.GetGroupNumbers();
        GroupCount = groups.Length - 1;
        _group = GroupCount == 1 ? groups[1] : null;
    }

    /// <summary>As written.</summary>
    internal string Source { get; }

    internal bool Backtracks { get; }

    internal int GroupCount { get; }

    /// <summary>Whether what is passed on is only a part of what matches.</summary>
    internal bool PassesGroup => _group is not null;

    /// <exception cref="RegexParseException">It is no pattern; the message says what is wrong.</exception>
    internal static WholePattern Parse(string pattern)
    {
        var translated = PythonPattern.Translate(pattern);

        // For its mistakes: around "a)|(b" the brackets below would hide one.
        _ = PatternEngine.Compile(translated);
        var (regex, backtracks) = Enclosed(translated);
        return new WholePattern(pattern, regex, backtracks);
    }

    /// <summary>What is passed on: the one group, or the whole. Null when it does not match.</summary>
    /// <exception cref="RegexMatchTimeoutException">It would take too long.</exception>
    internal string? Match(string value)
    {
        var match = _regex.Match(value);
        if (!match.Success)
        {
            return null;
        }

        // A group that took no part, as in "v([0-9]+)|main", has no value to pass on.
        return _group is not { } number ? value
            : match.Groups[number] is { Success: true } group ? group.Value
            : null;
    }

    /// <summary>Brackets, because an alternation reaches to the ends of what encloses it.</summary>
    private static (Regex Regex, bool Backtracks) Enclosed(string pattern)
    {
        try
        {
            return PatternEngine.Compile($@"\A(?:{pattern})\z");
        }
        catch (RegexParseException)
        {
            // "(?x)a # b": the closing bracket became part of the comment. Blanks mean nothing in such a pattern.
            return PatternEngine.Compile($"\\A(?:{pattern}\n)\\z");
        }
    }
}
