using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ThinDeployer.Security;

/// <summary>
/// The signature of Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec): HMAC-SHA256 over
/// <c>id.timestamp.body</c>, so that an old request can't be sent again.
/// </summary>
/// <param name="secrets">Any of them may be right.</param>
internal sealed class StandardWebhooks(IReadOnlyList<SigningSecret> secrets) : SignatureScheme
{
    internal const string SignatureHeader = "webhook-signature";
    private const string IdHeader = "webhook-id";
    private const string TimestampHeader = "webhook-timestamp";

    /// <summary>Each of the list is one of these.</summary>
    private static readonly HmacHeaderForm Form = new(
        SignatureHeader,
        HashAlgorithmName.SHA256,
        IsBase64: true,
        Prefix: "v1,"
    );

    /// <summary>Signatures of one request: a sender gives one for each secret that is valid now.</summary>
    private const int MaximumSignatures = 16;

    private const int MaximumIdLength = 256;

    /// <summary>Digits of seconds since 1970.</summary>
    private const int MaximumTimestampLength = 11;

    /// <summary>Either way; the specification's own libraries allow as much.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    internal override SignatureClaim Read(Func<string, IReadOnlyList<string>> headers, DateTimeOffset now)
    {
        var values = headers(SignatureHeader);
        if (values.Count == 0)
        {
            return new SignatureClaim.Absent();
        }

        if (Single(values, out var refusal) is not { } signatures)
        {
            return refusal;
        }

        if (headers(IdHeader) is not [{ Length: > 0 and <= MaximumIdLength } id])
        {
            return new SignatureClaim.Refused(RefusalReason.WebhookIdMalformed);
        }

        if (headers(TimestampHeader) is not [var timestamp] || Time(timestamp) is not { } time)
        {
            return new SignatureClaim.Refused(RefusalReason.TimestampMalformed);
        }

        if ((now - time).Duration() > Tolerance)
        {
            return new SignatureClaim.Refused(RefusalReason.TimestampOutsideTolerance);
        }

        return Codes(signatures) is { Count: > 0 } codes
            ? new SignatureClaim.OverBody(body => IsRight(Head(id, timestamp), body.Span, codes), id)
            : new SignatureClaim.Refused(RefusalReason.SignatureMalformed);
    }

    /// <summary>
    /// Whether a message is signed, whenever that was: for one that may lie in a queue, and whose age something else bounds.
    /// </summary>
    /// <param name="body">Of the message.</param>
    /// <param name="id">Of the message.</param>
    /// <param name="timestamp">Seconds since 1970, of the sender's clock.</param>
    /// <param name="signatures">As the header has them.</param>
    internal bool IsSigned(ReadOnlySpan<byte> body, string id, long timestamp, string signatures) =>
        id.Length is > 0 and <= MaximumIdLength
        && Codes(signatures) is { Count: > 0 } codes
        && IsRight(Head(id, Timestamp(timestamp)), body, codes);

    /// <summary>What the header has, of the first secret.</summary>
    /// <param name="body">Of the message.</param>
    /// <param name="id">Of the message.</param>
    /// <param name="timestamp">Seconds since 1970.</param>
    internal string SignatureOf(ReadOnlySpan<byte> body, string id, long timestamp) =>
        Form.Encode(secrets[0].CodeOf(Head(id, Timestamp(timestamp)), body, HashAlgorithmName.SHA256));

    internal override IReadOnlyList<KeyValuePair<string, string>> Sign(
        ReadOnlySpan<byte> body,
        string id,
        DateTimeOffset now
    ) => [.. Unsigned(id, now), new(SignatureHeader, SignatureOf(body, id, now.ToUnixTimeSeconds()))];

    /// <summary>The headers of a request that nobody signs: it can still be seen that it comes again.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Unsigned(string id, DateTimeOffset now) =>
        [new(IdHeader, id), new(TimestampHeader, Timestamp(now.ToUnixTimeSeconds()))];

    private static string Timestamp(long seconds) => seconds.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string timestamp) =>
        timestamp.Length <= MaximumTimestampLength
        && long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>Those of our version; others, such as the asymmetric <c>v1a</c>, are passed over.</summary>
    private static List<byte[]> Codes(string signatures)
    {
        var listed = signatures.Split(' ', MaximumSignatures + 1);
        return listed.Length > MaximumSignatures ? [] : [.. listed.Select(Form.Decode).OfType<byte[]>()];
    }

    private bool IsRight(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, List<byte[]> codes)
    {
        var isRight = false;
        foreach (var secret in secrets)
        {
            var right = secret.CodeOf(head, body, HashAlgorithmName.SHA256);
            foreach (var code in codes)
            {
                isRight |= CryptographicOperations.FixedTimeEquals(right, code);
            }
        }

        return isRight;
    }

    private static byte[] Head(string id, string timestamp) => Encoding.UTF8.GetBytes($"{id}.{timestamp}.");
}
