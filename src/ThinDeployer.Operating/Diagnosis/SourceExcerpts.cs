using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>
/// The lines of problems with a caret below each place. What may be a secret is starred out: an excerpt ends up in the log of
/// a CI job.
/// </summary>
internal sealed partial class SourceExcerpts
{
    /// <summary>Characters of a line that are shown.</summary>
    private const int Widest = 100;

    private readonly Dictionary<string, (string[] Lines, ShownTexts Texts)?> _files = new(StringComparer.Ordinal);

    /// <summary>Two lines; null where the file has no such line, or can't be read.</summary>
    internal string? Of(Place place)
    {
        // It concerns the whole file.
        if (place == Place.StartOf(place.File))
        {
            return null;
        }

        if (Read(place.File) is not var (lines, texts) || place.Line > lines.Length)
        {
            return null;
        }

        var line = lines[place.Line - 1];
        return line.Length == 0 ? null : Pointed(MaskedLine.Of(line, texts.In(place.Line), place.Column - 1));
    }

    private (string[] Lines, ShownTexts Texts)? Read(string file)
    {
        if (!_files.TryGetValue(file, out var read))
        {
            read = TextFile.Read(file, YamlFile.MaximumBytes) is TextFileResult.Content(var text)
                ? (LineEnd.Split(text), new ShownTexts(YamlFile.Parse(file, text, new NodeBudget(), new Problems())))
                : null;
            _files.Add(file, read);
        }

        return read;
    }

    private static string Pointed(MaskedLine masked)
    {
        var (line, at) = masked;
        var from = at < Widest * 3 / 4 ? 0 : WholeRune(line, at - (Widest / 2));
        var to = from + Widest < line.Length ? WholeRune(line, from + Widest) : line.Length;
        var shown = Shown(line[from..to]);
        var before = (from > 0 ? "…" : "") + Shown(line[from..at]);
        var gap = string.Concat(before.EnumerateRunes().Select(Gap));
        return $"{(from > 0 ? "…" : "")}{shown}{(to < line.Length ? "…" : "")}\n{gap}^";
    }

    /// <summary>Not between the halves of a character.</summary>
    private static int WholeRune(string line, int index) => char.IsLowSurrogate(line[index]) ? index - 1 : index;

    private static string Gap(Rune rune) => rune.Value == '\t' ? "\t" : new string(' ', IsWide(rune) ? 2 : 1);

    /// <summary>The large blocks that terminals show in two columns (Unicode, UAX #11).</summary>
    private static bool IsWide(Rune rune) =>
        rune.Value
            is (>= 0x1100 and <= 0x115F)
                or (>= 0x2E80 and <= 0xA4CF)
                or (>= 0xAC00 and <= 0xD7A3)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0xFF00 and <= 0xFF60)
                or (>= 0x1F300 and <= 0x1FAFF)
                or (>= 0x20000 and <= 0x3FFFD);

    /// <summary>Characters that move the cursor or turn the reading direction round would make the caret lie.</summary>
    private static string Shown(string text) =>
        string.Concat(
            text.Select(character =>
                character != '\t' && (char.IsControl(character) || IsFormat(character)) ? '\uFFFD' : character
            )
        );

    private static bool IsFormat(char character) => char.GetUnicodeCategory(character) == UnicodeCategory.Format;

    /// <summary>As YAML 1.1 ends lines, so that the numbers of lines mean the same.</summary>
    [GeneratedRegex("\r\n|[\n\r\u0085\u2028\u2029]", RegexOptions.None, 1_000)]
    private static partial Regex LineEnd { get; }
}
