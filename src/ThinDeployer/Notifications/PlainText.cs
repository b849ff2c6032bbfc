using System.Globalization;
using System.Text;
using ThinDeployer.Yaml;

namespace ThinDeployer.Notifications;

/// <summary>Texts of others, with nothing in them that would steer what shows them.</summary>
internal static class PlainText
{
    /// <summary>In lines. A half of a character becomes the sign for what can't be shown.</summary>
    internal static string Of(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (BreaksLine(rune))
            {
                shown.Append('\n');
            }
            else if (rune.Value is '\t' || !Steers(rune))
            {
                shown.Append(rune);
            }
        }

        return shown.ToString();
    }

    /// <summary>On one line.</summary>
    internal static string Line(string text) => Of(text).Replace('\n', ' ').Replace('\t', ' ').Trim();

    /// <summary>As <see cref="Beginning.Marked"/>, of the end.</summary>
    internal static string End(string text, int length)
    {
        if (length >= text.Length)
        {
            return text;
        }

        var start = text.Length - length;
        return "…" + text[(length > 0 && char.IsLowSurrogate(text[start]) ? start + 1 : start)..];
    }

    private static bool BreaksLine(Rune rune) =>
        rune.Value is '\n'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Also what turns the reading direction round (UAX #9), by which a text could look like another.</summary>
    private static bool Steers(Rune rune) =>
        Rune.IsControl(rune) || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
