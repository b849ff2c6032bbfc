using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace ThinDeployer.Rules;

/// <summary>
/// The globs of one <c>changed</c>. <c>**</c> crosses folders, <c>*</c> and <c>?</c> do not; a <c>/</c> at the end means
/// all below that folder; one at the beginning means nothing, because paths begin at the repository's root. All become one
/// pattern that does not backtrack, so that the time grows with the paths' length only.
/// </summary>
internal sealed class PathGlobs
{
    /// <summary>Of all globs of one rule together, in UTF-16 units: what one pattern can hold.</summary>
    internal const int MaximumLength = 2_048;

    private const string AnyFolders = "(?:.*/)?";
    private const string AnyOfFolder = "[^/]*";

    /// <summary>One character, which may be two UTF-16 units.</summary>
    private const string OneOfFolder = @"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[^/\uD800-\uDFFF])";

    private readonly Regex _regex;

    private PathGlobs(IReadOnlyList<string> sources, Regex regex)
    {
        Sources = sources;
        _regex = regex;
    }

    /// <summary>As written.</summary>
    internal IReadOnlyList<string> Sources { get; }

    /// <summary>Null when a glob may be used, else what is wrong with it and what would be right.</summary>
    internal static string? FaultOf(string glob) =>
        glob switch
        {
            "" => "is empty",
            ['!', ..] => "begins with \"!\", which has no meaning here; put another \"changed\" below \"not\"",
            _ when glob.Contains('\\') => "has a backslash; write \"/\" between folders",
            _ when Normal(glob).Length == 0 => "names no path; write \"**\" for all",
            _ => null,
        };

    /// <summary>False when they are too many or too long.</summary>
    internal static bool TryParse(IReadOnlyList<string> globs, [NotNullWhen(true)] out PathGlobs? parsed)
    {
        parsed = null;
        if (globs.Sum(glob => glob.Length) > MaximumLength)
        {
            return false;
        }

        try
        {
            var pattern = string.Join('|', globs.Select(glob => Translate(Normal(glob))));
            parsed = new PathGlobs(globs, PatternEngine.Linear($@"\A(?:{pattern})\z", RegexOptions.Singleline));
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    /// <exception cref="RegexMatchTimeoutException">A path is too long to be decided on.</exception>
    internal bool Match(string path) => _regex.IsMatch(path.StartsWith('/') ? path[1..] : path);

    private static string Normal(string glob)
    {
        var inside = glob.StartsWith("./", StringComparison.Ordinal) ? glob[2..] : glob.TrimStart('/');
        return inside.EndsWith('/') ? inside + "**" : inside;
    }

    private static string Translate(string glob)
    {
        var pattern = new StringBuilder();
        for (var at = 0; at < glob.Length; )
        {
            var isAtStart = at == 0 || glob[at - 1] == '/';
            var (read, written) = glob.AsSpan(at) switch
            {
                ['*', '*', '/', ..] when isAtStart => (3, AnyFolders),
                // All below a folder, and not the folder itself.
                ['*', '*'] when isAtStart => (2, ".+"),
                ['*', '*', ..] => (2, ".*"),
                ['*', ..] => (1, AnyOfFolder),
                ['?', ..] => (1, OneOfFolder),
                _ => (1, Regex.Escape(glob[at].ToString())),
            };
            pattern.Append(written);
            at += read;
        }

        return pattern.ToString();
    }
}
