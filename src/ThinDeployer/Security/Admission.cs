namespace ThinDeployer.Security;

/// <summary>
/// The proof that a request may deploy one service. Only a right credential makes one, and a deployment can only be
/// made from one: there is no way around the check.
/// </summary>
internal sealed record Admission
{
    private Admission(string service, string? who, string credential)
    {
        Service = service;
        Who = who;
        Credential = credential;
    }

    private Admission(string service, string sender, SignatureClaim claim)
        : this(service, sender, $"signature {sender}")
    {
        Sender = sender;
        DeliveryId = (claim as SignatureClaim.OverBody)?.DeliveryId;
    }

    /// <summary>
    /// What a service's own schedule has: who wrote the configuration has allowed it. Only <c>Scheduler</c> asks for one,
    /// which a test holds.
    /// </summary>
    internal static Admission BySchedule(string service) => new(service, "schedule", "schedule");

    internal string Service { get; }

    /// <summary>
    /// The name that the configuration gives to the token, or the sender of a signature; null where it gives none.
    /// </summary>
    internal string? Who { get; }

    /// <summary>Of the signature, as the configuration names it; null where a token admitted.</summary>
    internal string? Sender { get; }

    /// <summary>The one that the signature covers; null where it covers none, and whoever sends may choose one.</summary>
    internal string? DeliveryId { get; }

    /// <summary>What the log calls the credential: the token's name, <c>token</c>, or <c>signature</c> and its sender.</summary>
    internal string Credential { get; }

    /// <summary>Null unless what is offered is one of the service's tokens.</summary>
    /// <param name="offered">The digest of a token.</param>
    internal static Admission? ByToken(string service, TokenSet tokens, ReadOnlySpan<byte> offered) =>
        tokens.Find(offered) is { } token ? new Admission(service, token.Name, token.Name ?? "token") : null;

    /// <summary>Null unless one of the offered is one of the service's tokens.</summary>
    /// <param name="offered">Digests of tokens.</param>
    internal static Admission? ByAnyToken(string service, TokenSet tokens, List<byte[]> offered)
    {
        foreach (var token in offered)
        {
            if (ByToken(service, tokens, token) is { } admission)
            {
                return admission;
            }
        }

        return null;
    }

    /// <summary>Null unless what the head claims is proven, by the head itself or by the raw body.</summary>
    internal static Admission? BySignature(
        string service,
        SenderSignature signature,
        SignatureClaim claim,
        ReadOnlyMemory<byte> body
    ) =>
        claim is SignatureClaim.Proven || (claim is SignatureClaim.OverBody over && over.IsRight(body))
            ? new Admission(service, signature.Sender, claim)
            : null;
}
