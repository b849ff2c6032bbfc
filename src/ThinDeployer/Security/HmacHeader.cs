using System.Security.Cryptography;

namespace ThinDeployer.Security;

/// <summary>A header that holds an HMAC over the raw body, as most forges send it.</summary>
/// <param name="form">How the header looks.</param>
/// <param name="secrets">Any of them may be right.</param>
internal sealed class HmacHeader(HmacHeaderForm form, IReadOnlyList<SigningSecret> secrets) : SignatureScheme
{
    internal override SignatureClaim Read(Func<string, IReadOnlyList<string>> headers, DateTimeOffset now)
    {
        var values = headers(form.Header);
        if (values.Count == 0)
        {
            return form.OutdatedHeader is { } outdated && headers(outdated).Count > 0
                ? new SignatureClaim.Refused(RefusalReason.SignatureOutdated)
                : new SignatureClaim.Absent();
        }

        if (Single(values, out var refusal) is not { } value)
        {
            return refusal;
        }

        return form.Decode(value) is { } code
            ? new SignatureClaim.OverBody(body => IsRight(body.Span, code))
            : new SignatureClaim.Refused(RefusalReason.SignatureMalformed);
    }

    internal override IReadOnlyList<KeyValuePair<string, string>> Sign(
        ReadOnlySpan<byte> body,
        string id,
        DateTimeOffset now
    ) => [new(form.Header, form.Encode(secrets[0].CodeOf(body, form.Algorithm)))];

    private bool IsRight(ReadOnlySpan<byte> body, byte[] code)
    {
        var isRight = false;
        foreach (var secret in secrets)
        {
            isRight |= secret.Signs(body, code, form.Algorithm);
        }

        return isRight;
    }
}

/// <summary>How a header that holds an HMAC looks.</summary>
/// <param name="Header">Its name.</param>
/// <param name="Algorithm">SHA-1, SHA-256 or SHA-512.</param>
/// <param name="IsBase64">Else it is hexadecimal, in either case.</param>
/// <param name="Prefix">What stands before the code.</param>
/// <param name="OutdatedHeader">What the sender also sends, made by an older algorithm; it never admits.</param>
internal sealed record HmacHeaderForm(
    string Header,
    HashAlgorithmName Algorithm,
    bool IsBase64 = false,
    string Prefix = "",
    string? OutdatedHeader = null
)
{
    private int Bytes =>
        Algorithm == HashAlgorithmName.SHA1 ? SHA1.HashSizeInBytes
        : Algorithm == HashAlgorithmName.SHA512 ? SHA512.HashSizeInBytes
        : SHA256.HashSizeInBytes;

    private int Digits => IsBase64 ? (Bytes + 2) / 3 * 4 : 2 * Bytes;

    /// <summary>The code; null for what has another length or other characters.</summary>
    internal byte[]? Decode(string value)
    {
        if (!value.StartsWith(Prefix, StringComparison.Ordinal) || value.Length != Prefix.Length + Digits)
        {
            return null;
        }

        var digits = value[Prefix.Length..];
        return IsBase64 ? FromBase64(digits)
            : digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits)
            : null;
    }

    /// <summary>The value of the header for a code.</summary>
    internal string Encode(byte[] code) =>
        Prefix + (IsBase64 ? Convert.ToBase64String(code) : Convert.ToHexStringLower(code));

    private byte[]? FromBase64(string digits)
    {
        var code = new byte[Bytes];
        return Convert.TryFromBase64String(digits, code, out var length) && length == Bytes ? code : null;
    }
}
