using System.Text.Json;
using Microsoft.Extensions.Logging;
using ThinDeployer.Logging;

namespace ThinDeployer.Tests.Logging;

public sealed class LogLineTests
{
    private const string Hostile = "bad\n2026-01-31T12:00:00.000Z INFO  forged\e[2J\r\u009B\u202E\u2028end";

    [Fact]
    public void An_exception_s_text_can_neither_forge_an_entry_nor_speak_to_the_terminal()
    {
        var lines = LogLine.Of(Entry()).Split('\n');

        Assert.All(lines.Skip(1), line => Assert.StartsWith("  ", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("forged\\u{1B}[2J", StringComparison.Ordinal));
        Assert.DoesNotContain(
            string.Concat(lines),
            character => char.IsControl(character) || character is '\u202E' or '\u2028'
        );
    }

    [Fact]
    public void In_json_it_is_one_line_of_plain_characters()
    {
        var line = JsonLogLine.Of(Entry());

        Assert.DoesNotContain(line, character => character is < ' ' or > '~');
        using var json = JsonDocument.Parse(line);
        Assert.Equal("error", json.RootElement.GetProperty("level").GetString());
        Assert.Equal("it failed", json.RootElement.GetProperty("message").GetString());
        Assert.EndsWith(Hostile, json.RootElement.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    private static LogEntry<string> Entry() =>
        new(
            DateTimeOffset.UnixEpoch,
            LogLevel.Error,
            LogQueue.Room,
            "it failed",
            new InvalidOperationException(Hostile),
            (text, _) => text
        );
}
