using ThinDeployer.Identities;

namespace ThinDeployer.Security;

/// <summary>Everything that admits to one service.</summary>
/// <param name="Signature">Null where no sender signs.</param>
/// <param name="TokenHeader">A header that carries the token beside the usual ones; null for none.</param>
internal sealed record Credentials(TokenSet Tokens, SenderSignature? Signature, string? TokenHeader)
{
    /// <summary>Admits nobody.</summary>
    internal static Credentials None { get; } = new(new TokenSet([]), Signature: null, TokenHeader: null);

    /// <summary>Whose OpenID tokens admit; empty for none.</summary>
    internal IReadOnlyList<IdentityRule> Identities { get; init; } = [];

    /// <summary>What the log calls each of them, and what it may; no secret is in it.</summary>
    internal IReadOnlyList<KnownCredential> Known =>
        [
            .. Tokens
                .Tokens.Select(token => new KnownCredential(Admission.CredentialOf(token), token.May, token.Until))
                .Concat(Signature is null ? [] : [new(Admission.CredentialOf(Signature), Rights.Deploy, Until: null)])
                .Concat(
                    Identities.Select(rule => new KnownCredential(
                        Admission.CredentialOf(rule),
                        Rights.Job,
                        Until: null
                    ))
                )
                .Distinct(),
        ];

    /// <summary>Whether any of them is short enough to be found by trying.</summary>
    internal bool CanBeGuessed => Tokens.Tokens.Any(token => token.CanBeGuessed) || Signature is { CanBeGuessed: true };

    /// <summary>What the configuration calls those that have a name.</summary>
    internal IReadOnlyCollection<string> Names =>
        Tokens.Tokens.Select(token => token.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>With those of these names having the right to approve.</summary>
    internal Credentials WithApprovers(IReadOnlyCollection<string> names) =>
        this with
        {
            Tokens = new TokenSet([
                .. Tokens.Tokens.Select(token =>
                    token.Name is { } name && names.Contains(name)
                        ? token with
                        {
                            May = token.May | Rights.Approve,
                        }
                        : token
                ),
            ]),
        };

    /// <summary>The length behind a digest is not known, so it counts as long enough.</summary>
    internal bool HasTokenShorterThan(int characters) => Tokens.Tokens.Any(token => token.Length < characters);
}

/// <summary>A credential, without what it is proven by.</summary>
/// <param name="Name">As the log has it.</param>
/// <param name="Until">Null for no end.</param>
internal sealed record KnownCredential(string Name, Rights May, DateTimeOffset? Until);
