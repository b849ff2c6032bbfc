namespace ThinDeployer.Yaml;

/// <summary>Finds what somebody most likely meant to write.</summary>
public static class NearestName
{
    /// <summary>Null when none is near: a wild guess would mislead.</summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        string? nearest = null;
        // One slip for every three characters: of "x", any other letter would be as near.
        var limit = Math.Min(written.Length / 3, 3);
        foreach (var name in known)
        {
            // The length first: the distance takes time by the product of both.
            if (
                Math.Abs(name.Length - written.Length) <= limit
                && Distance(written, name) is var distance
                && distance <= limit
            )
            {
                nearest = name;
                limit = distance - 1;
            }
        }
        return nearest;
    }

    // Insertions, deletions, replacements and swaps of neighbours; capitals and hyphens count as what they stand for.
    private static int Distance(string left, string right)
    {
        var beforeLast = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
        {
            last[column] = column;
        }
        for (var row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var isSame = Folded(left[row - 1]) == Folded(right[column - 1]);
                var best = Math.Min(
                    Math.Min(current[column - 1], last[column]) + 1,
                    last[column - 1] + (isSame ? 0 : 1)
                );
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                {
                    best = Math.Min(best, beforeLast[column - 2] + 1);
                }
                current[column] = best;
            }
            (beforeLast, last, current) = (last, current, beforeLast);
        }
        return last[right.Length];
    }

    private static char Folded(char character) => character == '-' ? '_' : char.ToLowerInvariant(character);
}
