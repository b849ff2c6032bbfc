using System.Text;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>Texts of others inside of Markdown, where they are no markup.</summary>
internal static class MarkdownText
{
    /// <summary>Is not seen, and ends what it stands in: a mention, a run of backticks.</summary>
    internal const char Gap = '\u200b';

    /// <summary>Signs that mean something within a line, in each dialect that is written here; a backslash takes that away.</summary>
    private const string Signs = @"\`*_[]~|>#";

    /// <summary>Signs that mean something at the beginning of a line; a backslash does not help everywhere.</summary>
    private const string Starts = "-+=: \t0123456789";

    /// <param name="less">What stands for <c>&lt;</c>, which begins the mentions and links of some.</param>
    /// <param name="and">What stands for <c>&amp;</c>.</param>
    /// <param name="beginsLine">Whether nothing of ours stands before it.</param>
    internal static string Escaped(string text, string less, string and, bool beginsLine)
    {
        var escaped = new StringBuilder(text.Length);
        var isInUrl = false;
        for (var at = 0; at < text.Length; at++)
        {
            var sign = text[at];
            isInUrl = BeginsUrl(text, at) || (isInUrl && !char.IsWhiteSpace(sign));
            if ((at == 0 ? beginsLine : text[at - 1] is '\n') && Starts.Contains(sign, StringComparison.Ordinal))
            {
                escaped.Append(Gap);
            }

            // An address would not lead to its place with a backslash in it.
            _ = sign switch
            {
                '<' => escaped.Append(less),
                '&' when !isInUrl => escaped.Append(and),
                '@' => escaped.Append(sign).Append(Gap),
                '_' or '~' or '#' when isInUrl => escaped.Append(sign),
                _ when Signs.Contains(sign, StringComparison.Ordinal) => escaped.Append('\\').Append(sign),
                _ => escaped.Append(sign),
            };
        }

        return escaped.ToString();
    }

    /// <summary>
    /// As code of several lines. Discord and Slack know no longer fence than three backticks, so that there never stand more than two
    /// together in it.
    /// </summary>
    internal static string Fenced(string output) => $"```\n{Unfenced(output)}\n```";

    internal static string Link(NewsLink link) => $"[{link.Label}]({link.Url})";

    private static string Unfenced(string output) => output.Replace("``", $"`{Gap}`", StringComparison.Ordinal);

    private static bool BeginsUrl(string text, int at) =>
        text.AsSpan(at).StartsWith("https://", StringComparison.Ordinal)
        || text.AsSpan(at).StartsWith("http://", StringComparison.Ordinal);
}
