namespace ThinDeployer.Rules;

/// <summary>What the headers of a webhook say of its delivery.</summary>
internal static class SenderHeaders
{
    /// <summary>Characters of a delivery's id.</summary>
    internal const int MaximumIdLength = 256;

    /// <summary>
    /// Where a sender writes what is the same when it sends one delivery again, the first that is there counting: GitHub,
    /// the family of Gitea (which sends several, all alike), standardwebhooks.com, GitLab and others
    /// (draft-ietf-httpapi-idempotency-key-header), Bitbucket Cloud.
    /// </summary>
    private static readonly string[] IdHeaders =
    [
        "X-GitHub-Delivery",
        "X-Gitea-Delivery",
        "X-Forgejo-Delivery",
        "X-Gogs-Delivery",
        "webhook-id",
        "Idempotency-Key",
        "X-Request-UUID",
    ];

    private static readonly string[] EventHeaders =
    [
        "X-GitHub-Event",
        "X-Gitea-Event",
        "X-Forgejo-Event",
        "X-Gogs-Event",
    ];

    private const string BitbucketEvent = "X-Event-Key";

    /// <summary>Of Bitbucket Data Center; proxies and others write it into any request.</summary>
    private const string BitbucketId = "X-Request-Id";

    /// <summary>What is known of one delivery, however often it is sent. Null without, or where it is of no use.</summary>
    internal static string? DeliveryId(RuleRequest request)
    {
        var names = request.Headers(BitbucketEvent).Count > 0 ? IdHeaders.Append(BitbucketId) : IdHeaders;
        var given = names.Select(request.Headers).FirstOrDefault(values => values.Any(value => value.Length > 0));
        return given is [{ Length: <= MaximumIdLength } id] && id.All(character => character is > ' ' and <= '~')
            ? id
            : null;
    }

    /// <summary>A sender tries whether somebody is there; nothing is to be deployed.</summary>
    internal static bool IsPing(RuleRequest request) =>
        EventHeaders.Any(name => request.SingleHeader(name) == "ping")
        || request.SingleHeader(BitbucketEvent) == "diagnostics:ping";
}
