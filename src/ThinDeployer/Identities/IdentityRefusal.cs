namespace ThinDeployer.Identities;

/// <summary>Why an OpenID token opens nothing: a code for the log, and what it is about.</summary>
/// <param name="Code">One of the constants.</param>
/// <param name="Detail">Such as the name of a claim, never its value; null for none.</param>
internal sealed record IdentityRefusal(string Code, string? Detail = null)
{
    internal const string Expired = "identity_expired";

    /// <summary>It is not valid yet, or was issued in the future: a clock is wrong.</summary>
    internal const string NotYet = "identity_not_yet";

    /// <summary>None of those that are taken; <c>none</c> and those with a shared secret never are.</summary>
    internal const string WrongAlgorithm = "identity_algorithm";

    /// <summary>Its issuer has no such key.</summary>
    internal const string UnknownKey = "identity_unknown_key";

    /// <summary>Its issuer could not be asked for keys for a long time, or never.</summary>
    internal const string NoKeys = "identity_keys_unavailable";

    internal const string WrongSignature = "identity_signature_mismatch";

    /// <summary>The service takes none of this issuer.</summary>
    internal const string WrongIssuer = "identity_issuer_mismatch";

    internal const string WrongAudience = "identity_audience_mismatch";
    internal const string WrongClaim = "identity_claim_mismatch";
}
