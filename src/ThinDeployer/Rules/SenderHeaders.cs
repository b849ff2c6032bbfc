namespace ThinDeployer.Rules;

/// <summary>What the headers of a webhook say of its delivery.</summary>
internal static class SenderHeaders
{
    /// <summary>Characters of a delivery's id.</summary>
    internal const int MaximumIdLength = 256;

    /// <summary>GitLab's and others' (draft-ietf-httpapi-idempotency-key-header); anybody may send it.</summary>
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>
    /// Where each sender writes what is the same when it sends one delivery again; the last is Bitbucket Cloud's. The family of Gitea sends several, all alike.
    /// </summary>
    private static readonly (string Sender, string Header)[] IdHeaders =
    [
        ("github", "X-GitHub-Delivery"),
        ("gitea", "X-Gitea-Delivery"),
        ("forgejo", "X-Forgejo-Delivery"),
        ("gogs", "X-Gogs-Delivery"),
        ("standard-webhooks", "webhook-id"),
        ("gitlab", IdempotencyKey),
        (Bitbucket, "X-Request-UUID"),
    ];

    private static readonly string[] EventHeaders =
    [
        "X-GitHub-Event",
        "X-Gitea-Event",
        "X-Forgejo-Event",
        "X-Gogs-Event",
    ];

    private const string Bitbucket = "bitbucket";
    private const string BitbucketEvent = "X-Event-Key";

    /// <summary>Of Bitbucket Data Center; proxies and others write it into any request.</summary>
    private const string BitbucketId = "X-Request-Id";

    /// <summary>
    /// What is known of one delivery, however often it is sent, where no signature covers it. Null without, or where it is of
    /// no use.
    /// </summary>
    /// <param name="sender">
    /// Whose signature admitted: only its own header counts, and the one that is anybody's. Where a token did, or a
    /// signature of the user's own making, the first that is there.
    /// </param>
    /// <param name="request">Was let in.</param>
    internal static string? DeliveryId(string? sender, RuleRequest request)
    {
        var isKnown = IdHeaders.Any(id => id.Sender == sender);
        List<string> names = [.. IdHeaders.Where(id => !isKnown || id.Sender == sender).Select(id => id.Header)];
        if (isKnown)
        {
            names.Add(IdempotencyKey);
        }

        if ((!isKnown || sender is Bitbucket) && request.Headers(BitbucketEvent).Count > 0)
        {
            names.Add(BitbucketId);
        }

        var given = names.Select(request.Headers).FirstOrDefault(values => values.Any(value => value.Length > 0));
        return given is [{ Length: <= MaximumIdLength } id] && id.All(character => character is > ' ' and <= '~')
            ? id
            : null;
    }

    /// <summary>A sender tries whether somebody is there; nothing is to be deployed.</summary>
    internal static bool IsPing(RuleRequest request) =>
        EventHeaders.Any(name => request.SingleHeader(name) == "ping") || IsPingOfDataCenter(request.Headers);

    /// <summary>
    /// What a sender tries does not carry its signature: Bitbucket Data Center's "Test connection" is never signed
    /// (github.com/runatlantis/atlantis/issues/474).
    /// </summary>
    /// <param name="sender">Whose signature the service wants, as the configuration names it.</param>
    /// <param name="headers">All values of a header, by its name.</param>
    internal static bool IsUnsignedPing(string sender, Func<string, IReadOnlyList<string>> headers) =>
        sender is Bitbucket && IsPingOfDataCenter(headers);

    private static bool IsPingOfDataCenter(Func<string, IReadOnlyList<string>> headers) =>
        headers(BitbucketEvent) is ["diagnostics:ping"];
}
