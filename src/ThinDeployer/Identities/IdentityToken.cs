using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace ThinDeployer.Identities;

/// <summary>
/// What an OpenID token says of itself (RFC 7519, in the compact form of RFC 7515). Nothing of it is proven:
/// <see cref="ProvenIdentity"/> is what has been checked.
/// </summary>
internal sealed class IdentityToken
{
    /// <summary>Characters. Those of CI have some 2,000.</summary>
    internal const int Longest = 16 * 1024;

    /// <summary>A JSON object begins so in base64.</summary>
    private const string Beginning = "eyJ";

    private static readonly SearchValues<char> Digits = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <summary>Where a member stands twice, two readers could each take another one.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private IdentityToken() { }

    /// <summary>As it is written; whoever wrote the token chose it.</summary>
    internal required string Algorithm { get; init; }

    /// <summary>Null where it names none.</summary>
    internal required string? KeyId { get; init; }

    internal required string Issuer { get; init; }

    internal required IReadOnlyList<string> Audiences { get; init; }

    internal required DateTimeOffset Expires { get; init; }

    /// <summary>The later of when it begins to count and when it was issued; null where it says neither.</summary>
    internal required DateTimeOffset? Begins { get; init; }

    /// <summary>The texts of each claim; a number, true and false count as they are written. Objects are left out.</summary>
    internal required IReadOnlyDictionary<string, IReadOnlyList<string>> Claims { get; init; }

    /// <summary>What the signature is over.</summary>
    internal required byte[] Signed { get; init; }

    internal required byte[] Signature { get; init; }

    /// <summary>Whether a text looks like one, so that it is worth reading.</summary>
    internal static bool IsLike(string text) =>
        text.Length <= Longest
        && text.StartsWith(Beginning, StringComparison.Ordinal)
        && text.Count(c => c == '.') == 2;

    /// <summary>Null for what is none, or can't be understood without a doubt.</summary>
    internal static IdentityToken? Parse(string text)
    {
        if (
            !IsLike(text)
            || text.Split('.') is not [var head, var body, var signature]
            || Decoded(head) is not { } headBytes
            || Decoded(body) is not { } bodyBytes
            || Decoded(signature) is not { } signatureBytes
        )
        {
            return null;
        }

        try
        {
            using var header = JsonDocument.Parse(headBytes, Strict);
            using var payload = JsonDocument.Parse(bodyBytes, Strict);
            return Read(header.RootElement, payload.RootElement, $"{head}.{body}", signatureBytes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter for texts that are no Unicode.
            return null;
        }
    }

    private static IdentityToken? Read(JsonElement header, JsonElement payload, string signed, byte[] signature)
    {
        // "crit" names what must be understood (RFC 7515, section 4.1.11), and nothing of the kind is.
        if (
            header.ValueKind is not JsonValueKind.Object
            || payload.ValueKind is not JsonValueKind.Object
            || header.TryGetProperty("crit", out _)
            || Text(header, "alg") is not { } algorithm
            || (header.TryGetProperty("kid", out var id) && id.ValueKind is not JsonValueKind.String)
            || Text(payload, "iss") is not { } issuer
            || Time(payload, "exp") is not { } expires
            || !HasTime(payload, "nbf", out var begins)
            || !HasTime(payload, "iat", out var issued)
        )
        {
            return null;
        }

        var claims = payload
            .EnumerateObject()
            .ToDictionary(claim => claim.Name, claim => Texts(claim.Value), StringComparer.Ordinal);
        return new IdentityToken
        {
            Algorithm = algorithm,
            KeyId = Text(header, "kid"),
            Issuer = issuer,
            Audiences = claims.GetValueOrDefault("aud", []),
            Expires = expires,
            Begins = begins > issued || issued is null ? begins : issued,
            Claims = claims,
            Signed = Encoding.ASCII.GetBytes(signed),
            Signature = signature,
        };
    }

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    /// <summary>False for one that is no time; null for one that is not there.</summary>
    private static bool HasTime(JsonElement from, string name, out DateTimeOffset? time)
    {
        time = Time(from, name);
        return time is not null || !from.TryGetProperty(name, out _);
    }

    /// <summary>Seconds since 1970, perhaps with a fraction (RFC 7519, section 2).</summary>
    private static DateTimeOffset? Time(JsonElement from, string name)
    {
        const double lastSecond = 253_402_300_799;
        return
            from.TryGetProperty(name, out var value)
            && value.ValueKind is JsonValueKind.Number
            && value.TryGetDouble(out var seconds)
            && seconds is >= 0 and <= lastSecond
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : null;
    }

    private static IReadOnlyList<string> Texts(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray().Select(One).OfType<string>()]
        : One(value) is { } one ? [one]
        : [];

    private static string? One(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => null,
        };

    /// <summary>Null for what is no base64url without padding (RFC 7515, section 2).</summary>
    private static byte[]? Decoded(string digits)
    {
        if (digits.AsSpan().ContainsAnyExcept(Digits))
        {
            return null;
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(digits.Length)];
        return Base64Url.DecodeFromChars(digits, bytes, out _, out var length) is OperationStatus.Done
            ? bytes[..length]
            : null;
    }
}
