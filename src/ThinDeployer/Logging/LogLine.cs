using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ThinDeployer.Logging;

/// <summary>One entry of the log as text: time in UTC, level, message on one line, then the exception if there is one.</summary>
internal static class LogLine
{
    private const int LevelWidth = 5;

    /// <summary>Characters.</summary>
    private const int BeforeMessage = 32;

    internal static string Of(LogEntry entry)
    {
        var message = entry.Message;
        var line = new StringBuilder(message.Length + BeforeMessage)
            .Append(TimeOf(entry))
            .Append(CultureInfo.InvariantCulture, $" {LevelOf(entry).ToUpperInvariant(), -LevelWidth} ");
        AppendVisible(line, message);
        foreach (var part in entry.Exception?.ToString().ReplaceLineEndings("\n").Split('\n') ?? [])
        {
            // Indented, because its message may come from elsewhere, and would forge an entry.
            line.Append("\n  ");
            AppendVisible(line, part);
        }

        return line.ToString();
    }

    /// <summary>ISO 8601, in UTC, with milliseconds.</summary>
    internal static string TimeOf(LogEntry entry) =>
        entry.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    internal static string LevelOf(LogEntry entry) =>
        entry.Level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "error",
            _ => "fatal",
        };

    /// <summary>What strangers send, such as a path, must neither forge a line nor speak to the terminal.</summary>
    private static void AppendVisible(StringBuilder line, string message)
    {
        if (!message.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            line.Append(message);
            return;
        }

        foreach (var rune in message.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (
                category
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
            )
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            }
            else
            {
                line.Append(rune);
            }
        }
    }
}
