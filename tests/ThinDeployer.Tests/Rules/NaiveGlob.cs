namespace ThinDeployer.Tests.Rules;

/// <summary>Globs by plain recursion, to compare with.</summary>
internal static class NaiveGlob
{
    internal static bool Match(string glob, string path) => Match(glob, path, isAtStart: true);

    private static bool Match(string glob, string path, bool isAtStart)
    {
        if (glob.Length == 0)
        {
            return path.Length == 0;
        }

        if (glob.StartsWith("**/", StringComparison.Ordinal) && isAtStart)
        {
            return Ends(path, "/").Prepend(0).Any(end => Match(glob[3..], path[end..], isAtStart: true));
        }

        if (glob == "**" && isAtStart)
        {
            return path.Length > 0;
        }

        if (glob.StartsWith("**", StringComparison.Ordinal))
        {
            return Enumerable.Range(0, path.Length + 1).Any(end => Match(glob[2..], path[end..], isAtStart: false));
        }

        if (glob[0] == '*')
        {
            var longest = path.IndexOf('/') is >= 0 and var slash ? slash : path.Length;
            return Enumerable.Range(0, longest + 1).Any(end => Match(glob[1..], path[end..], isAtStart: false));
        }

        return path.Length > 0
            && (glob[0] == path[0] || (glob[0] == '?' && path[0] != '/'))
            && Match(glob[1..], path[1..], glob[0] == '/');
    }

    private static IEnumerable<int> Ends(string path, string of) =>
        Enumerable
            .Range(0, path.Length)
            .Where(at => path[at..].StartsWith(of, StringComparison.Ordinal))
            .Select(at => at + 1);
}
