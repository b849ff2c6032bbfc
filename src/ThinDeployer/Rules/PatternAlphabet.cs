using System.Buffers;

namespace ThinDeployer.Rules;

/// <summary>Which characters a value can have that a pattern matches, as far as the pattern's text tells.</summary>
internal static class PatternAlphabet
{
    /// <summary>A range of more characters is not looked through.</summary>
    private const int LongestRange = 128;

    /// <summary>
    /// Those of ASCII that are no letters or digits, and perhaps some that it has not; null where it may be any, or can't be told.
    /// </summary>
    internal static string? Of(string pattern)
    {
        var found = new HashSet<char>();
        for (var at = 0; at < pattern.Length; )
        {
            var length = pattern[at] switch
            {
                '.' => 0,
                '[' => Class(pattern, at, found),
                '\\' => Escape(pattern, at, inClass: false, found),
                '(' => Opening(pattern, at),
                '{' when Quantifier(pattern, at) is > 0 and var quantifier => quantifier,
                ')' or '|' or '*' or '+' or '?' or '^' or '$' => 1,
                var literal => Add(literal, found),
            };
            if (length == 0)
            {
                return null;
            }

            at += length;
        }

        return string.Concat(found.Order());
    }

    private static int Add(char character, HashSet<char> found)
    {
        if (char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character))
        {
            found.Add(character);
        }

        return 1;
    }

    /// <summary>A group that takes part in the match like its content. Look-around, comments and most flags are others.</summary>
    private static int Opening(string pattern, int at)
    {
        if (at + 1 == pattern.Length || pattern[at + 1] != '?')
        {
            return 1;
        }

        var rest = pattern.AsSpan(at + 2);
        var name = rest.StartsWith("P<") ? 2 : 1;
        return rest switch
        {
            [':', ..] => 3,
            ['i', ':' or ')', ..] => 4,
            ['P', '<', ..]
            or ['<', not ('=' or '!'), ..]
                when rest.IndexOf('>') is > 0 and var end && !rest[name..end].ContainsAnyExcept(Word) => end + 3,
            _ => 0,
        };
    }

    /// <summary>Its length, or 0 where the brace means itself.</summary>
    private static int Quantifier(string pattern, int at)
    {
        var end = pattern.IndexOf('}', at);
        var inside = end < 0 ? default : pattern.AsSpan(at + 1, end - at - 1);
        return inside.IsEmpty || inside.ContainsAnyExcept(OfQuantifier) || inside.Count(',') > 1 || inside is ","
            ? 0
            : end + 1 - at;
    }

    private static int Escape(string pattern, int at, bool inClass, HashSet<char> found)
    {
        if (at + 1 == pattern.Length)
        {
            return 0;
        }

        switch (pattern[at + 1])
        {
            case 'd':
                return 2;
            case 'w':
                found.Add('_');
                return 2;
            case 'b' or 'B' or 'A' or 'Z' or 'z' when !inClass:
                return 2;
            case var other when char.IsAsciiLetterOrDigit(other):
                return 0;
            case var literal:
                Add(literal, found);
                return 2;
        }
    }

    private static int Class(string pattern, int opening, HashSet<char> found)
    {
        var at = opening + 1;
        if (at < pattern.Length && pattern[at] == '^')
        {
            return 0;
        }

        while (at < pattern.Length && (pattern[at] != ']' || at == opening + 1))
        {
            // Within brackets it is a nested class, or taken out of this one, for some and a character for others.
            var length =
                pattern[at] == '[' ? 0
                : pattern[at] == '\\' ? Escape(pattern, at, inClass: true, found)
                : IsRange(pattern, at) ? Range(pattern[at], pattern[at + 2], found)
                : Add(pattern[at], found);
            if (length == 0)
            {
                return 0;
            }

            at += length;
        }

        return at < pattern.Length ? at + 1 - opening : 0;
    }

    private static bool IsRange(string pattern, int at) =>
        at + 2 < pattern.Length && pattern[at + 1] == '-' && pattern[at + 2] != ']';

    private static int Range(char first, char last, HashSet<char> found)
    {
        if (last is '\\' or '[' || last - first > LongestRange)
        {
            return 0;
        }

        for (var character = first; character <= last; character++)
        {
            Add(character, found);
        }

        return 3;
    }

    private static readonly SearchValues<char> OfQuantifier = SearchValues.Create("0123456789,");

    private static readonly SearchValues<char> Word = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
    );
}
