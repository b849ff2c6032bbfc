using System.Globalization;
using System.Text;

namespace ThinDeployer.Yaml;

/// <summary>How a key or a name is shown in a message: on one line, short, and unable to play tricks on a terminal.</summary>
public static class Quote
{
    /// <summary>In UTF-16 units, before escaping.</summary>
    internal const int MaximumLength = 80;

    /// <summary>In double quotes.</summary>
    public static string Of(string text) => $"\"{Escaped(text)}\"";

    internal static string Escaped(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, MaximumLength)).EnumerateRunes())
        {
            if (IsVisible(rune))
            {
                shown.Append(rune);
            }
            else
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            }
        }
        return text.Length > MaximumLength ? shown.Append('…').ToString() : shown.ToString();
    }

    // Format characters turn the reading direction round; line and paragraph separators break a line for some viewers.
    internal static bool IsVisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
            );
}
