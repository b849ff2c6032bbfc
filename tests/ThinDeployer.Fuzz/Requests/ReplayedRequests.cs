using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ThinDeployer.Fuzz.Serving;

namespace ThinDeployer.Fuzz.Requests;

/// <summary>A request that was overheard, and what is made of it by somebody who can't sign.</summary>
internal sealed record ReplayedRequest(RawCase First, RawCase Again)
{
    public override string ToString() => $"{First}\n{Again}";
}

internal static class ReplayedRequests
{
    private static readonly byte[] Key = Convert.FromBase64String(Services.WebhookSecret["whsec_".Length..]);

    /// <summary>Names by which some sender tells deliveries apart, and others.</summary>
    private static readonly Gen<string> Line = Gen.Select(
        Pick.Of(
            "X-GitHub-Delivery",
            "X-Gitea-Delivery",
            "X-Gogs-Delivery",
            "X-Forgejo-Delivery",
            "X-Gitlab-Event-UUID",
            "X-Gitlab-Webhook-UUID",
            "Idempotency-Key",
            "X-Request-UUID",
            "X-Hook-UUID",
            "X-Request-Id",
            "svix-id",
            "Webhook-Id",
            "webhook_id",
            "X-Attempt-Number"
        ),
        Pick.Text("abcdef-0123", 20),
        (name, value) => $"{name}: {value}"
    );

    internal static readonly Gen<ReplayedRequest> Any =
        from number in Gen.ULong
        from body in Bodies.Any
        from lines in Line.Array[0, 4]
        from isBefore in Gen.Bool
        from query in Pick.Of("", "?id=other", "?webhook-id=other", "?delivery=other")
        let signed = Signed($"msg_{number:x}", body)
        select new ReplayedRequest(
            FriendRequests.Post(Services.OpenStandard, signed, body.Bytes),
            FriendRequests.Post(
                Services.OpenStandard + query,
                isBefore ? [.. lines, .. signed] : [.. signed, .. lines],
                body.Bytes
            )
        );

    private static string[] Signed(string id, TypedBody body)
    {
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var code = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{id}.{time}.").Concat(body.Bytes).ToArray());
        return
        [
            "webhook-id: " + id,
            "webhook-timestamp: " + time,
            "webhook-signature: v1," + Convert.ToBase64String(code),
            "Content-Type: " + body.Type,
        ];
    }
}
