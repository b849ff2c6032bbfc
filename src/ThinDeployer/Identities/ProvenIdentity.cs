namespace ThinDeployer.Identities;

/// <summary>Who a CI's job is, by the word and the signature of its issuer. Nothing else makes one.</summary>
internal sealed class ProvenIdentity
{
    /// <summary>So much may the clocks differ.</summary>
    internal static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>Keys that are tried for a token: more of one name are no rotation.</summary>
    private const int MaximumTries = 4;

    /// <summary>Characters of a subject.</summary>
    private const int LongestSubject = 200;

    private readonly IdentityToken _token;

    private ProvenIdentity(IdentityToken token) => _token = token;

    internal string Issuer => _token.Issuer;

    /// <summary>What its issuer calls it, as a text that can be shown; null where it gives none.</summary>
    internal string? Subject
    {
        get
        {
            if (_token.Claims.GetValueOrDefault("sub") is not [{ Length: > 0 } subject])
            {
                return null;
            }

            var shown = string.Concat(subject.Select(letter => char.IsControl(letter) ? '?' : letter));
            return shown.Length <= LongestSubject ? shown : shown[..LongestSubject] + "…";
        }
    }

    internal bool IsFor(string audience) => _token.Audiences.Contains(audience, StringComparer.Ordinal);

    /// <summary>The texts of a claim; empty where it has no such.</summary>
    internal IReadOnlyList<string> Claim(string name) => _token.Claims.GetValueOrDefault(name, []);

    /// <summary>What is wrong with a token whatever its issuer's keys are; null for nothing.</summary>
    internal static IdentityRefusal? WhyNever(IdentityToken token, DateTimeOffset now) =>
        !SigningKey.Knows(token.Algorithm) ? new IdentityRefusal(IdentityRefusal.WrongAlgorithm)
        : token.Expires <= now - Skew ? new IdentityRefusal(IdentityRefusal.Expired)
        : token.Begins > now + Skew ? new IdentityRefusal(IdentityRefusal.NotYet)
        : null;

    /// <summary>Null, with the reason, unless a key of its issuer signs it and it counts now.</summary>
    /// <param name="token">What is offered.</param>
    /// <param name="keys">Of the issuer that it names.</param>
    /// <param name="now">The time.</param>
    /// <param name="whyNot">Null where it is proven.</param>
    internal static ProvenIdentity? Prove(
        IdentityToken token,
        IReadOnlyList<SigningKey> keys,
        DateTimeOffset now,
        out IdentityRefusal? whyNot
    )
    {
        whyNot = WhyNever(token, now);
        if (whyNot is not null)
        {
            return null;
        }

        var named = Named(token, keys);
        if (named.Count == 0)
        {
            whyNot = new IdentityRefusal(IdentityRefusal.UnknownKey);
            return null;
        }

        if (named.Exists(key => key.Signs(token.Algorithm, token.Signed, token.Signature)))
        {
            return new ProvenIdentity(token);
        }

        whyNot = new IdentityRefusal(IdentityRefusal.WrongSignature);
        return null;
    }

    /// <summary>Without a name only a lone key is meant: trying all of many would be work that strangers ask for.</summary>
    internal static List<SigningKey> Named(IdentityToken token, IReadOnlyList<SigningKey> keys) =>
        token.KeyId is { } id ? [.. keys.Where(key => key.Id == id).Take(MaximumTries)]
        : keys.Count == 1 ? [keys[0]]
        : [];
}
