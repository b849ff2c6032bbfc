using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ThinDeployer.Logging;

/// <summary>
/// One entry of the log as a JSON object on one line: <c>time</c> (ISO 8601, UTC, milliseconds), <c>level</c>,
/// <c>message</c>, what the message was made of, by name, and <c>exception</c> if there is one. The writer's own escapes
/// leave nothing that speaks to a terminal.
/// </summary>
internal static class JsonLogLine
{
    private static readonly string[] Own = ["time", "level", "message", "exception"];

    /// <summary>What the framework calls the template of a message.</summary>
    private const string Template = "{OriginalFormat}";

    internal static string Of(LogEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", LogLine.TimeOf(entry));
            json.WriteString("level", LogLine.LevelOf(entry));
            json.WriteString("message", entry.Message);
            foreach (var (key, value) in entry.Facts)
            {
                Write(json, key, value);
            }

            if (entry.Exception is not null)
            {
                json.WriteString("exception", entry.Exception.ToString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string key, object? value)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(key);
        if (key == Template || Own.Contains(name, StringComparer.Ordinal))
        {
            return;
        }

        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
