using System.Security.Cryptography;
using System.Text;

namespace ThinDeployer.Security;

/// <summary>A key that a sender signs with (HMAC, RFC 2104). It prints as <c>***</c>.</summary>
internal sealed class SigningSecret(byte[] key)
{
    /// <summary>The Standard Webhooks specification puts it before a secret in base64.</summary>
    internal const string WebhookPrefix = "whsec_";

    internal static SigningSecret OfText(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Of base64, with or without <c>whsec_</c> in front; null where it is none.</summary>
    internal static SigningSecret? OfBase64(string text)
    {
        var digits = text.StartsWith(WebhookPrefix, StringComparison.Ordinal) ? text[WebhookPrefix.Length..] : text;
        var padded = digits.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        var key = new byte[padded.Length];
        return digits.Length > 0 && Convert.TryFromBase64String(padded, key, out var length) && length > 0
            ? new SigningSecret(key[..length])
            : null;
    }

    /// <summary>Whether a code is that of the data. Takes the same time whatever the code is.</summary>
    internal bool Signs(ReadOnlySpan<byte> data, ReadOnlySpan<byte> code, HashAlgorithmName algorithm) =>
        CryptographicOperations.FixedTimeEquals(CodeOf(data, algorithm), code);

    /// <summary>The code of the data.</summary>
    internal byte[] CodeOf(ReadOnlySpan<byte> data, HashAlgorithmName algorithm) =>
        CryptographicOperations.HmacData(algorithm, key, data);

    /// <summary>The code of data that is signed behind a head. The data is not copied.</summary>
    internal byte[] CodeOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> data, HashAlgorithmName algorithm)
    {
        using var hash = IncrementalHash.CreateHMAC(algorithm, key);
        hash.AppendData(head);
        hash.AppendData(data);
        return hash.GetHashAndReset();
    }

    public override string ToString() => "***";
}
