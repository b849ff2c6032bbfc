using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ThinDeployer.Yaml;

namespace ThinDeployer.Otlp;

/// <summary>
/// What all messages of OTLP have in common, as JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): numbers of
/// 64 bits are texts, ids are hexadecimal, enums are numbers.
/// </summary>
internal static class OtlpJson
{
    /// <summary>UTF-16 units of a text that the configuration or a sender chose.</summary>
    internal const int LongestText = 1024;

    private const string Scope = "thin-deployer";

    private static readonly string Version = typeof(OtlpJson).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "";

    /// <summary>A whole message for one resource and one scope.</summary>
    /// <param name="kind"><c>Spans</c> or <c>Metrics</c>.</param>
    /// <param name="resource">What is said of the server.</param>
    /// <param name="writeItems">Writes what stands in the list.</param>
    internal static ReadOnlyMemory<byte> Write(
        string kind,
        IReadOnlyList<KeyValuePair<string, string>> resource,
        Action<Utf8JsonWriter> writeItems
    )
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray($"resource{kind}");
            json.WriteStartObject();
            json.WriteStartObject("resource");
            json.WriteStartArray("attributes");
            foreach (var (name, value) in resource)
            {
                json.WriteAttribute(name, value);
            }

            if (resource.All(one => one.Key != "service.version"))
            {
                json.WriteAttribute("service.version", Version);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray($"scope{kind}");
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", Scope);
            json.WriteString("version", Version);
            json.WriteEndObject();
            json.WriteStartArray(kind.ToLowerInvariant());
            writeItems(json);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    /// <summary>Nothing where there is no value.</summary>
    internal static void WriteAttribute(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteStartAttribute(name);
            json.WriteString("stringValue", Cut(value));
            json.WriteEndAttribute();
        }
    }

    /// <summary>As <see cref="WriteAttribute(Utf8JsonWriter, string, string?)"/>.</summary>
    internal static void WriteAttribute(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteStartAttribute(name);
            json.WriteLong("intValue", number);
            json.WriteEndAttribute();
        }
    }

    internal static void WriteAttribute(this Utf8JsonWriter json, string name, double value)
    {
        json.WriteStartAttribute(name);
        json.WriteNumber("doubleValue", value);
        json.WriteEndAttribute();
    }

    internal static void WriteLong(this Utf8JsonWriter json, string name, long value) =>
        json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>UNIX nanoseconds.</summary>
    internal static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteLong(name, (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);

    internal static string Cut(string text) => Beginning.Marked(text, LongestText);

    private static void WriteStartAttribute(this Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("key", name);
        json.WriteStartObject("value");
    }

    private static void WriteEndAttribute(this Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
