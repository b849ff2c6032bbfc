using System.Text;

namespace ThinDeployer.Notifications;

/// <summary>Fills in the <c>text</c> of a target. It is gone through once, so that no value is filled in itself.</summary>
internal static class NewsTemplate
{
    /// <summary>What may stand between two <c>%</c>.</summary>
    internal static IReadOnlyList<string> Words { get; } =
    ["service", "status", "duration", "who", "ref", "commit", "link", "host"];

    /// <param name="value">Null for a word that is none; it stays as it is.</param>
    internal static string Fill(string template, Func<string, string?> value)
    {
        var filled = new StringBuilder();
        var text = PlainText.Of(template);
        var at = 0;
        while (at < text.Length)
        {
            var end = text[at] is '%' ? text.IndexOf('%', at + 1) : -1;
            if (end > 0 && value(text[(at + 1)..end]) is { } found)
            {
                filled.Append(found);
                at = end + 1;
            }
            else
            {
                filled.Append(text[at++]);
            }
        }

        return filled.ToString();
    }
}
