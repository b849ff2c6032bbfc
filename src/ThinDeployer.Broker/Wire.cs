using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using ThinDeployer.Machines;

namespace ThinDeployer.Broker;

/// <summary>An envelope as the broker carries it: its body, and its signature in the headers that webhooks have.</summary>
internal static class Wire
{
    private const string IdHeader = "webhook-id";
    private const string TimestampHeader = "webhook-timestamp";
    private const string SignatureHeader = "webhook-signature";

    internal static BasicProperties Properties(Envelope envelope, bool isDurable) =>
        new()
        {
            ContentType = "application/json",
            MessageId = envelope.Id,
            DeliveryMode = isDurable ? DeliveryModes.Persistent : DeliveryModes.Transient,
            Headers = new Dictionary<string, object?>
            {
                [IdHeader] = envelope.Id,
                [TimestampHeader] = envelope.Timestamp,
                [SignatureHeader] = envelope.Signature,
            },
        };

    /// <summary>Null for what is no envelope.</summary>
    internal static Envelope? Read(Delivery delivery)
    {
        var headers = delivery.Properties.Headers;
        return
            Text(headers, IdHeader) is { Length: > 0 } id
            && Text(headers, SignatureHeader) is { } signature
            && long.TryParse(
                Text(headers, TimestampHeader),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var timestamp
            )
            ? new Envelope(id, timestamp, signature, delivery.Body)
            : null;
    }

    /// <summary>The queue in which a message's time was over; null where it left its queue for another reason.</summary>
    internal static string? ExpiredIn(Delivery delivery) =>
        delivery.Properties.Headers?.TryGetValue("x-death", out var deaths) == true
        && deaths is IList<object> and [IDictionary<string, object?> last, ..]
        && Text(last, "reason") == "expired"
            ? Text(last, "queue")
            : null;

    private static string? Text(IDictionary<string, object?>? table, string key) =>
        table?.TryGetValue(key, out var value) != true
            ? null
            : value switch
            {
                byte[] bytes => Encoding.UTF8.GetString(bytes),
                string text => text,
                long or int => Convert.ToString(value, CultureInfo.InvariantCulture),
                _ => null,
            };
}
