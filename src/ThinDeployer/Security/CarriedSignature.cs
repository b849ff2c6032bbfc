namespace ThinDeployer.Security;

/// <summary>Whose signature a request carries, whatever its service wants: for the log. It proves nothing.</summary>
internal static class CarriedSignature
{
    /// <summary>
    /// Each sender's header, and one that it sends beside it where the header alone could be another's. The family of Gitea
    /// comes first, because it sends GitHub's headers, too, and Forgejo those of Gitea and Gogs.
    /// </summary>
    private static readonly (string Sender, string Header, string? Beside)[] Known =
    [
        ("forgejo", "X-Forgejo-Signature", null),
        ("gitea", "X-Gitea-Signature", null),
        ("gogs", "X-Gogs-Signature", null),
        ("github", "X-Hub-Signature-256", null),
        ("bitbucket", "X-Hub-Signature", "X-Event-Key"),
        ("github", "X-Hub-Signature", null),
        ("gitlab", GitLabSignature.Header, null),
        ("gitlab", StandardWebhooks.SignatureHeader, "X-Gitlab-Event"),
        ("standard-webhooks", StandardWebhooks.SignatureHeader, null),
    ];

    /// <summary>As the configuration names it; null where none is known. An empty header is none: Gitea sends it without a secret.</summary>
    /// <param name="headers">All values of a header, by its name.</param>
    internal static string? SenderOf(Func<string, IReadOnlyList<string>> headers) =>
        Array
            .Find(Known, known => Has(headers, known.Header) && (known.Beside is null || Has(headers, known.Beside)))
            .Sender;

    private static bool Has(Func<string, IReadOnlyList<string>> headers, string name) =>
        headers(name).Any(value => value.Length > 0);
}
