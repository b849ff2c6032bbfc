using System.Text;
using System.Text.Json;

namespace ThinDeployer.Operating.Diagnosis;

/// <summary>A request that was never sent, or that came before.</summary>
/// <param name="Query">Without the question mark.</param>
/// <param name="Address">Of the client; null where it does not matter.</param>
public sealed record RehearsedRequest(
    string Method,
    string Query,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Body,
    string? Address
)
{
    /// <summary>
    /// Reads one of <c>GET /services/{name}/deliveries</c>, or the newest of a whole answer. What is left out of a delivery,
    /// such as its token, is missing here too.
    /// </summary>
    /// <param name="file">Where it stands, for what is wrong with it.</param>
    /// <param name="json">Its content.</param>
    /// <exception cref="FormatException">It is neither; the message says what is wrong.</exception>
    public static RehearsedRequest OfDelivery(string file, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var delivery = document.RootElement;
            if (delivery.TryGetProperty("deliveries", out var list))
            {
                delivery =
                    list.GetArrayLength() > 0 ? list[0] : throw new FormatException($"{file} holds no delivery at all");
            }

            return new RehearsedRequest(
                Text(delivery, "method") ?? throw new JsonException("There is no \"method\"."),
                Text(delivery, "query") ?? "",
                HeadersOf(delivery),
                Encoding.UTF8.GetBytes(Text(delivery, "body") ?? ""),
                Text(delivery, "address")
            );
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException($"{file} is no delivery as /services/NAME/deliveries gives it", exception);
        }
    }

    private static List<KeyValuePair<string, string>> HeadersOf(JsonElement delivery) =>
        delivery.TryGetProperty("headers", out var headers)
            ?
            [
                .. headers
                    .EnumerateArray()
                    .Select(header => KeyValuePair.Create(Text(header, "name")!, Text(header, "value")!)),
            ]
            : [];

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
