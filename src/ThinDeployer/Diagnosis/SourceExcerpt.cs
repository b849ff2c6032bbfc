using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Yaml;

namespace ThinDeployer.Diagnosis;

/// <summary>
/// The line of a problem with a caret below its place. What may be a secret is starred out: an excerpt ends up in the log of
/// a CI job.
/// </summary>
internal static partial class SourceExcerpt
{
    /// <summary>Characters of a line that are shown.</summary>
    private const int Widest = 100;
    private const int MaximumBytes = YamlFile.MaximumBytes;

    /// <summary>Keys whose values are no secrets. A key that is misspelt is none of them.</summary>
    private static readonly HashSet<string> SafeKeys = new(StringComparer.Ordinal)
    {
        "include",
        "pwd",
        "commands",
        "run",
        "on_failure",
        "on_success",
        "request_regexp",
        "inherit_environment",
        "run_as",
        "parallel",
        "when_busy",
        "max_queued",
        "lock",
        "respond",
        "timeout",
        "stop_grace",
        "max_output",
        "retries",
        "retry_delay",
        "continue_on_error",
        "keep",
        "use_notification",
        "notification_group",
    };

    /// <summary>Two lines; null where the file has no such line, or can't be read.</summary>
    internal static string? Of(Place place)
    {
        // It concerns the whole file.
        if (place == Place.StartOf(place.File))
        {
            return null;
        }

        if (TextFile.Read(place.File, MaximumBytes) is not TextFileResult.Content(var text))
        {
            return null;
        }

        var lines = text.Split('\n');
        if (place.Line > lines.Length || lines[place.Line - 1].TrimEnd('\r') is not { Length: > 0 } line)
        {
            return null;
        }

        return Pointed(Masked(lines, place.Line - 1, line), place.Column - 1);
    }

    private static string Pointed(string line, int column)
    {
        var at = Math.Min(column, line.Length);
        var from = at < Widest * 3 / 4 ? 0 : at - (Widest / 2);
        var shown = Shown(line[from..Math.Min(line.Length, from + Widest)]);
        var before = (from > 0 ? "…" : "") + Shown(line[from..at]);
        var gap = string.Concat(before.EnumerateRunes().Select(Gap));
        return $"{(from > 0 ? "…" : "")}{shown}{(from + Widest < line.Length ? "…" : "")}\n{gap}^";
    }

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

    private static string Shown(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) && character != '\t' ? '\uFFFD' : character));

    private static string Masked(string[] lines, int index, string line)
    {
        var masked = new StringBuilder();
        var isSafe = IsSafe(KeyAbove(lines, index));
        var at = 0;
        foreach (Match key in Key.Matches(line))
        {
            Append(line[at..key.Index]);
            masked.Append(key.Value);
            at = key.Index + key.Length;
            isSafe = IsSafe(key.Groups["name"].Value);
        }

        Append(line[at..]);
        return masked.ToString();

        void Append(string text) => masked.Append(isSafe ? text : Starred.Replace(text, "*"));
    }

    /// <summary>The key to which a line without one belongs; null for none.</summary>
    private static string? KeyAbove(string[] lines, int index)
    {
        var depth = Depth(lines[index]);
        for (var i = index - 1; i >= 0 && depth > 0; i--)
        {
            if (string.IsNullOrWhiteSpace(lines[i]) || Depth(lines[i]) >= depth)
            {
                continue;
            }

            if (Key.Matches(lines[i]) is { Count: > 0 } keys)
            {
                return keys[^1].Groups["name"].Value;
            }

            depth = Depth(lines[i]);
        }

        return null;
    }

    private static bool IsSafe(string? key) => key is not null && SafeKeys.Contains(key);

    /// <summary>An item of a list may stand as far out as the key of the list, and is below it all the same.</summary>
    private static int Depth(string line)
    {
        var content = line.TrimStart(' ');
        return (2 * (line.Length - content.Length)) + (content.StartsWith("- ", StringComparison.Ordinal) ? 1 : 0);
    }

    [GeneratedRegex("""(?<quote>["']?)(?<name>[\w.-]+)\k<quote>\s*:(?=\s|$)""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Key { get; }

    /// <summary>All that is no sign of YAML itself, a dash in front of an item included.</summary>
    [GeneratedRegex("""(?<!^\s*)-|[^\s\[\]{},-]""", RegexOptions.None, 1_000)]
    private static partial Regex Starred { get; }
}
