namespace ThinDeployer.Security;

/// <summary>How a sender proves that a request is its own.</summary>
internal abstract class SignatureScheme
{
    /// <summary>Reads the head of a request.</summary>
    /// <param name="headers">All values of a header, by its name; empty where it is absent.</param>
    /// <param name="now">For what must not be old.</param>
    internal abstract SignatureClaim Read(Func<string, IReadOnlyList<string>> headers, DateTimeOffset now);

    /// <summary>The headers that the sender would send with a body, made with the first secret.</summary>
    /// <param name="body">As it is sent.</param>
    /// <param name="id">Of the delivery, for senders that sign it.</param>
    /// <param name="now">For senders that sign it.</param>
    internal abstract IReadOnlyList<KeyValuePair<string, string>> Sign(
        ReadOnlySpan<byte> body,
        string id,
        DateTimeOffset now
    );

    /// <summary>The one value that a header must have, or why it can't be used.</summary>
    private protected static string? Single(IReadOnlyList<string> values, out SignatureClaim refusal)
    {
        refusal = new SignatureClaim.Refused(
            values.Count > 1 ? RefusalReason.SignatureTwice : RefusalReason.SignatureEmpty
        );
        return values is [{ Length: > 0 } value] ? value : null;
    }
}

/// <summary>A service's <c>signature</c>.</summary>
/// <param name="Sender">As the configuration names it.</param>
/// <param name="Scheme">With its secrets.</param>
/// <param name="ShortestSecret">Characters.</param>
internal sealed record SenderSignature(string Sender, SignatureScheme Scheme, int ShortestSecret)
{
    internal bool CanBeGuessed => ShortestSecret < Secret.SafeLength;
}
