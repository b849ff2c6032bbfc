namespace ThinDeployer.Identities;

/// <summary>An entry of <c>identity</c>: which jobs of a CI are let in.</summary>
/// <param name="Issuer">Exactly as its tokens name it.</param>
/// <param name="Audience">For whom its tokens must be.</param>
/// <param name="Claims">All of which a token must have; never empty.</param>
/// <param name="Name">By which it is recorded.</param>
internal sealed record IdentityRule(string Issuer, string Audience, IReadOnlyList<ClaimRule> Claims, string Name)
{
    /// <summary>Null for one that is let in.</summary>
    internal IdentityRefusal? WhyNot(ProvenIdentity identity) =>
        identity.Issuer != Issuer ? new IdentityRefusal(IdentityRefusal.WrongIssuer)
        : !identity.IsFor(Audience) ? new IdentityRefusal(IdentityRefusal.WrongAudience)
        : Claims.FirstOrDefault(claim => !claim.IsMet(identity)) is { } claim
            ? new IdentityRefusal(IdentityRefusal.WrongClaim, claim.Name)
        : null;

    /// <summary>The entry that comes nearest, and what it misses; null where one lets it in.</summary>
    internal static IdentityRefusal? WhyNot(IReadOnlyList<IdentityRule> rules, ProvenIdentity identity)
    {
        var refusals = rules.Select(rule => rule.WhyNot(identity)).ToList();
        return refusals.Contains(null)
            ? null
            : refusals.Find(refusal => refusal!.Code == IdentityRefusal.WrongClaim)
                ?? refusals.Find(refusal => refusal!.Code == IdentityRefusal.WrongAudience)
                ?? new IdentityRefusal(IdentityRefusal.WrongIssuer);
    }

    public override string ToString() => $"{Name}: {Issuer} for {Audience}, if {string.Join(" and ", Claims)}";
}

/// <summary>What a claim must be.</summary>
/// <param name="Texts">One of which it must be; <c>*</c> in one stands for any characters.</param>
internal sealed record ClaimRule(string Name, IReadOnlyList<string> Texts)
{
    internal bool IsMet(ProvenIdentity identity) =>
        identity.Claim(Name).Any(value => Texts.Any(text => Matches(text, value)));

    public override string ToString() => $"{Name} is {string.Join(" or ", Texts)}";

    /// <summary>Whether a text is meant. Each piece between two <c>*</c> is looked for once, so no text takes long.</summary>
    internal static bool Matches(string text, string value)
    {
        if (!text.Contains('*', StringComparison.Ordinal))
        {
            return text == value;
        }

        var pieces = text.Split('*');
        var (first, last) = (pieces[0], pieces[^1]);
        if (
            value.Length < first.Length + last.Length
            || !value.StartsWith(first, StringComparison.Ordinal)
            || !value.EndsWith(last, StringComparison.Ordinal)
        )
        {
            return false;
        }

        var (from, end) = (first.Length, value.Length - last.Length);
        foreach (var piece in pieces[1..^1])
        {
            var found = value.AsSpan(from, end - from).IndexOf(piece, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            from += found + piece.Length;
        }

        return true;
    }
}
