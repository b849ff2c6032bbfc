using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>A request as it was kept, newest first in its list.</summary>
internal sealed record DeliveryListJson(IReadOnlyList<DeliveryJson> Deliveries);

internal sealed record DeliveryJson(
    string ReceivedAt,
    string? Address,
    string Method,
    string Query,
    IReadOnlyList<HeaderJson> Headers,
    string Body,
    long BodyBytes,
    string? DeliveryId,
    string Decision,
    string? Reason,
    IReadOnlyList<CheckJson> Checks,
    string? DeploymentId
)
{
    internal static DeliveryJson Of(Delivery delivery) =>
        new(
            DeploymentJson.TimeOf(delivery.ReceivedAt)!,
            delivery.Address,
            delivery.Method,
            delivery.Query,
            [.. delivery.Headers.Select(header => new HeaderJson(header.Key, header.Value))],
            delivery.Body,
            delivery.BodyBytes,
            delivery.DeliveryId,
            delivery.Decision,
            delivery.Reason,
            [.. delivery.Checks.Select(check => new CheckJson(check.Path, check.Rule, check.Result, check.Detail))],
            delivery.DeploymentId
        );
}

internal sealed record HeaderJson(string Name, string Value);

internal sealed record CheckJson(string Path, string Rule, string Result, string? Detail);
