using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ThinDeployer.Notifications.Kinds;

/// <summary>Makes bodies of JSON.</summary>
internal static class MessageJson
{
    // It is never put into a page, so that signs of HTML may stand as they are; else each would take six bytes of what fits.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static ReadOnlyMemory<byte> Bytes(JsonNode message)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            message.WriteTo(writer);
        }

        return stream.ToArray();
    }
}
