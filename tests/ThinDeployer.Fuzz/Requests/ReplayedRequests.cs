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
        var time = WrongSignature.Seconds(0);
        return
        [
            "webhook-id: " + id,
            "webhook-timestamp: " + time,
            "webhook-signature: v1," + WrongSignature.Webhook(id, time, body.Bytes),
            "Content-Type: " + body.Type,
        ];
    }
}
