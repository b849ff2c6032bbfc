using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>A request as it is kept for an operator: only harmless headers, and no secret in query and body.</summary>
internal static class DeliveryPicture
{
    /// <summary>Bytes of the body that are kept.</summary>
    private const int KeptBody = 64 * 1024;

    /// <summary>Characters of a header, and of the query.</summary>
    private const int KeptText = 4 * 1024;

    /// <summary>None of these carries a secret. Signatures are left out: they prove a body, whoever has it.</summary>
    private static readonly FrozenSet<string> HarmlessHeaders = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Content-Type",
        "Idempotency-Key",
        "Prefer",
        "User-Agent",
        "webhook-id",
        "webhook-timestamp",
        "X-Attempt-Number",
        "X-Event-Key",
        "X-Forgejo-Delivery",
        "X-Forgejo-Event",
        "X-Forgejo-Event-Type",
        "X-Gitea-Delivery",
        "X-Gitea-Event",
        "X-Gitea-Event-Type",
        "X-GitHub-Delivery",
        "X-GitHub-Event",
        "X-GitHub-Hook-ID",
        "X-Gitlab-Event",
        "X-Gitlab-Event-UUID",
        "X-Gitlab-Instance",
        "X-Gogs-Delivery",
        "X-Gogs-Event",
        "X-Hook-UUID",
        "X-Request-Id",
        "X-Request-UUID"
    );

    /// <param name="service">Whose secrets are masked.</param>
    /// <param name="context">Of the request.</param>
    /// <param name="request">Its body is read.</param>
    /// <param name="payload">Its body without a form's token.</param>
    /// <param name="deliveryId">Null where the sender gives none.</param>
    /// <param name="decided">What the rules said.</param>
    /// <param name="receivedAt">Now.</param>
    internal static Delivery Of(
        ServiceConfiguration service,
        HttpContext context,
        DeployRequest request,
        ReadOnlyMemory<byte> payload,
        string? deliveryId,
        DeployWish decided,
        DateTimeOffset receivedAt
    )
    {
        var mask = service.Plan.Secrets;
        return new Delivery
        {
            Service = service.Name,
            ReceivedAt = receivedAt,
            Address = context.Client().Address?.ToString(),
            Method = context.Request.Method,
            Query = Cut(MaskedPairs.Of(context.Request.QueryString.Value?.TrimStart('?') ?? "", mask), KeptText),
            Headers = [.. Headers(context.Request.Headers, service, mask)],
            Body = Body(payload, request.IsUrlEncoded, mask),
            BodyBytes = request.Body.Length,
            DeliveryId = deliveryId is null ? null : mask.Masked(deliveryId),
            Decision = decided switch
            {
                DeployWish.Nothing => "not_needed",
                DeployWish.Unclear => "bad_request",
                _ => "accepted",
            },
            Reason = decided switch
            {
                DeployWish.Nothing(var reason, _) => mask.Masked(reason),
                DeployWish.Unclear(var complaint, _) => mask.Masked(complaint),
                _ => null,
            },
            Checks = [.. decided.Trace.Select(line => CheckOf(line, mask))],
        };
    }

    private static DeliveryCheck CheckOf(TraceLine line, SecretMask mask) =>
        new(
            line.Where,
            mask.Masked(line.Rule),
            line.Outcome.ToString().ToLowerInvariant(),
            line.Detail.Length > 0 ? mask.Masked(line.Detail) : null
        );

    private static IEnumerable<KeyValuePair<string, string>> Headers(
        IHeaderDictionary headers,
        ServiceConfiguration service,
        SecretMask mask
    ) =>
        headers
            .Where(header => HarmlessHeaders.Contains(header.Key) || IsLookedAt(header.Key, service))
            .OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .SelectMany(header =>
                header.Value.Select(value => KeyValuePair.Create(header.Key, Cut(mask.Masked(value ?? ""), KeptText)))
            );

    /// <summary>What the service's own rules look at is its operator's choice.</summary>
    private static bool IsLookedAt(string name, ServiceConfiguration service) =>
        service.Rules.HeaderNames.Contains(name, StringComparer.OrdinalIgnoreCase) && !SecretName.LooksSecret(name);

    private static string Body(ReadOnlyMemory<byte> payload, bool isUrlEncoded, SecretMask mask)
    {
        // Twice as much is looked at, so that no secret is cut in two before it is masked.
        var text = Encoding.UTF8.GetString(payload.Span[..Math.Min(payload.Length, 2 * KeptBody)]);
        return Cut(isUrlEncoded ? MaskedPairs.Of(text, mask) : MaskedJson.Of(text, mask), KeptBody);
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
