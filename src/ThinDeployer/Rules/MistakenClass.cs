namespace ThinDeployer.Rules;

/// <summary>
/// Finds a <c>[a|b]</c> that was most likely meant as <c>(a|b)</c>, as in the example of the original's README:
/// <c>[production|stage]+</c> matches any word of these letters.
/// </summary>
internal static class MistakenClass
{
    /// <summary>What stands in the brackets; null where no class looks so.</summary>
    internal static string? Find(string pattern)
    {
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '\\')
            {
                at++;
            }
            else if (pattern[at] == '[')
            {
                var end = EndOfClass(pattern, at);
                if (SeparatesWords(pattern.AsSpan(at + 1, end - at - 1)))
                {
                    return pattern[(at + 1)..end];
                }

                at = end;
            }
        }

        return null;
    }

    /// <summary>The index of the closing bracket, or the end. A "]" that opens the class is a character of it.</summary>
    private static int EndOfClass(string pattern, int opening)
    {
        var at = opening + 1;
        at += at < pattern.Length && pattern[at] == '^' ? 1 : 0;
        at += at < pattern.Length && pattern[at] == ']' ? 1 : 0;
        while (at < pattern.Length && pattern[at] != ']')
        {
            at += pattern[at] == '\\' ? 2 : 1;
        }

        return Math.Min(at, pattern.Length);
    }

    private static bool SeparatesWords(ReadOnlySpan<char> inside)
    {
        for (var at = 1; at < inside.Length - 1; at++)
        {
            // Behind a backslash it is no word: [\w|x] and [a\|b] were thought about.
            var isEscaped = at > 1 && inside[at - 2] == '\\';
            if (inside[at] == '|' && IsOfWord(inside[at - 1]) && IsOfWord(inside[at + 1]) && !isEscaped)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfWord(char character) => char.IsLetterOrDigit(character) || character == '_';
}
