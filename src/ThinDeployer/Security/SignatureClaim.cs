namespace ThinDeployer.Security;

/// <summary>What the head of a request says of its signature.</summary>
internal abstract record SignatureClaim
{
    private SignatureClaim() { }

    /// <summary>There is none: a token decides.</summary>
    internal sealed record Absent : SignatureClaim;

    /// <summary>It can't be right, whatever the body is.</summary>
    /// <param name="Reason">One of <see cref="RefusalReason"/>.</param>
    internal sealed record Refused(string Reason) : SignatureClaim;

    /// <summary>The head alone proves it: the sender puts the secret itself there.</summary>
    internal sealed record Proven : SignatureClaim;

    /// <summary>The body decides.</summary>
    /// <param name="IsRight">Given the raw body; takes the same time whichever secret is right.</param>
    /// <param name="DeliveryId">What the signature covers beside the body; null for a sender that signs no id.</param>
    internal sealed record OverBody(Func<ReadOnlyMemory<byte>, bool> IsRight, string? DeliveryId = null)
        : SignatureClaim;
}
