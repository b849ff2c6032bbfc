using System.Text.Json;
using System.Text.Json.Serialization;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>A delivery as a column of JSON. The shape is this room's own.</summary>
internal static class DeliveryColumn
{
    internal static string Write(Delivery delivery) =>
        JsonSerializer.Serialize(
            new StoredDelivery(
                delivery.ReceivedAt.ToUnixTimeMilliseconds(),
                delivery.Address,
                delivery.Method,
                delivery.Query,
                [.. delivery.Headers.Select(header => new StoredHeader(header.Key, header.Value))],
                delivery.Body,
                delivery.BodyBytes,
                delivery.DeliveryId,
                delivery.Decision,
                delivery.Reason,
                [
                    .. delivery.Checks.Select(check => new StoredCheck(
                        check.Path,
                        check.Rule,
                        check.Result,
                        check.Detail
                    )),
                ],
                delivery.DeploymentId
            ),
            StoredDeliveryJson.Default.StoredDelivery
        );

    internal static Delivery Read(string service, ReadOnlySpan<byte> json)
    {
        var stored =
            JsonSerializer.Deserialize(json, StoredDeliveryJson.Default.StoredDelivery)
            ?? throw new JsonException("The record holds a null where there can be none.");
        return new Delivery
        {
            Service = service,
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(stored.ReceivedAt),
            Address = stored.Address,
            Method = stored.Method,
            Query = stored.Query,
            Headers = [.. stored.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value))],
            Body = stored.Body,
            BodyBytes = stored.BodyBytes,
            DeliveryId = stored.DeliveryId,
            Decision = stored.Decision,
            Reason = stored.Reason,
            Checks =
            [
                .. stored.Checks.Select(check => new DeliveryCheck(check.Path, check.Rule, check.Result, check.Detail)),
            ],
            DeploymentId = stored.DeploymentId,
        };
    }
}

/// <param name="ReceivedAt">UNIX milliseconds.</param>
internal sealed record StoredDelivery(
    long ReceivedAt,
    string? Address,
    string Method,
    string Query,
    StoredHeader[] Headers,
    string Body,
    long BodyBytes,
    string? DeliveryId,
    string Decision,
    string? Reason,
    StoredCheck[] Checks,
    string? DeploymentId
);

internal sealed record StoredHeader(string Name, string Value);

internal sealed record StoredCheck(string Path, string Rule, string Result, string? Detail);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(StoredDelivery))]
internal sealed partial class StoredDeliveryJson : JsonSerializerContext;
