using ThinDeployer.Identities;

namespace ThinDeployer.Security;

/// <summary>
/// The proof that a request may do something to one service. Only a right credential makes one, and a deployment can only be
/// made from one: there is no way around the check.
/// </summary>
internal sealed record Admission
{
    private readonly Rights _rights;

    private Admission(string service, string? who, string credential, Rights rights)
    {
        Service = service;
        Who = who;
        Credential = credential;
        _rights = rights;
    }

    private Admission(string service, SenderSignature signature, SignatureClaim claim)
        : this(service, signature.Sender, CredentialOf(signature), Rights.Deploy)
    {
        Sender = signature.Sender;
        DeliveryId = (claim as SignatureClaim.OverBody)?.DeliveryId;
    }

    /// <summary>
    /// What a service's own schedule has: who wrote the configuration has allowed it. Only <c>Scheduler</c> asks for one,
    /// which a test holds.
    /// </summary>
    internal static Admission BySchedule(string service) => new(service, "schedule", "schedule", Rights.Deploy);

    /// <summary>
    /// What follows a deployment by the configuration has: whoever was let in to deploy the one before. Only
    /// <c>ChainRunner</c> asks for one, which a test holds.
    /// </summary>
    /// <param name="service">That follows.</param>
    /// <param name="who">As <see cref="Who"/>, of the one before.</param>
    internal static Admission ByChain(string service, string? who) => new(service, who, "chain", Rights.Deploy);

    /// <summary>
    /// What the order of a front has, whose signature was checked: the front has let somebody in. Only <c>OrderTaker</c> asks for
    /// one, which a test holds.
    /// </summary>
    /// <param name="service">To be deployed.</param>
    /// <param name="who">As <see cref="Who"/>, at the front.</param>
    internal static Admission ByOrder(string service, string? who) => new(service, who, "order", Rights.Deploy);

    internal string Service { get; }

    /// <summary>
    /// The name that the configuration gives to the token, the sender of a signature, or the name of an identity with its
    /// subject in brackets; null where the configuration gives none.
    /// </summary>
    internal string? Who { get; }

    /// <summary>Of the signature, as the configuration names it; null where a token admitted.</summary>
    internal string? Sender { get; }

    /// <summary>The one that the signature covers; null where it covers none, and whoever sends may choose one.</summary>
    internal string? DeliveryId { get; }

    /// <summary>What the log calls the credential: the token's name, <c>token</c>, or <c>signature</c> and its sender, <c>identity</c> and its name.</summary>
    internal string Credential { get; }

    internal static string CredentialOf(Token token) => token.Name ?? "token";

    internal static string CredentialOf(SenderSignature signature) => $"signature {signature.Sender}";

    internal static string CredentialOf(IdentityRule rule) => $"identity {rule.Name}";

    /// <summary>Whether its credential has this right: all of them, where it is several, and never none.</summary>
    internal bool May(Rights right) => right is not Rights.None && (_rights & right) == right;

    /// <summary>One for each of the service's tokens that is offered, and that has not ended.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="tokens">Of it.</param>
    /// <param name="offered">Digests of tokens.</param>
    /// <param name="now">The time.</param>
    internal static IReadOnlyList<Admission> ByTokens(
        string service,
        TokenSet tokens,
        IReadOnlyList<byte[]> offered,
        DateTimeOffset now
    ) =>
        [
            .. offered
                .SelectMany(digest => tokens.Find(digest))
                .Where(token => !token.HasEnded(now))
                .Select(token => new Admission(service, token.Name, CredentialOf(token), token.May)),
        ];

    /// <summary>Null for a job that no rule of the service means.</summary>
    internal static Admission? ByIdentity(string service, IReadOnlyList<IdentityRule> rules, ProvenIdentity identity) =>
        rules.FirstOrDefault(rule => rule.WhyNot(identity) is null) is { } rule
            ? new Admission(
                service,
                identity.Subject is { } subject ? $"{rule.Name} ({subject})" : rule.Name,
                CredentialOf(rule),
                Rights.Job
            )
            : null;

    /// <summary>Null unless what the head claims is proven, by the head itself or by the raw body.</summary>
    internal static Admission? BySignature(
        string service,
        SenderSignature signature,
        SignatureClaim claim,
        ReadOnlyMemory<byte> body
    ) =>
        claim is SignatureClaim.Proven || (claim is SignatureClaim.OverBody over && over.IsRight(body))
            ? new Admission(service, signature, claim)
            : null;
}
