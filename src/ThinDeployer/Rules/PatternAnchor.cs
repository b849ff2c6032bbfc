namespace ThinDeployer.Rules;

/// <summary>Finds whether a pattern is bound to an end of the text.</summary>
internal static class PatternAnchor
{
    internal static bool IsIn(string pattern)
    {
        var inClass = false;
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '\\' when at + 1 < pattern.Length && !inClass && pattern[at + 1] is 'A' or 'Z' or 'z' or 'G':
                    return true;
                case '\\':
                    at++;
                    break;
                case '[' when !inClass:
                    inClass = true;
                    // A "]" or "^]" that opens a class is an ordinary character of it.
                    at += at + 1 < pattern.Length && pattern[at + 1] == '^' ? 1 : 0;
                    at += at + 1 < pattern.Length && pattern[at + 1] == ']' ? 1 : 0;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '^' or '$' when !inClass:
                    return true;
            }
        }

        return false;
    }
}
