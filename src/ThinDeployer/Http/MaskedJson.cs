using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ThinDeployer.Rules;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// A text without its secrets, which may be JSON: then also without the values of members whose names say so, and without
/// what is a secret once it is unescaped. Everything else stays as it was written.
/// </summary>
internal static partial class MaskedJson
{
    private const string Stars = $"\"{Secret.Stars}\"";

    /// <param name="text">JSON may be cut off at its end.</param>
    /// <param name="mask">What is secret, whatever its name is.</param>
    internal static string Of(string text, SecretMask mask)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return mask.Masked(PayloadReader.LooksLikeJson(bytes) ? WithoutSecrets(bytes, mask) : text);
    }

    private static string WithoutSecrets(byte[] bytes, SecretMask mask)
    {
        var shown = new StringBuilder();
        var copied = 0;
        var start = bytes.AsSpan().StartsWith(PayloadReader.ByteOrderMark) ? PayloadReader.ByteOrderMark.Length : 0;
        var reader = new Utf8JsonReader(bytes.AsSpan(start), isFinalBlock: false, default);
        var isSecret = false;
        while (TryRead(ref reader))
        {
            if (Shown(ref reader, isSecret, mask) is { } other)
            {
                shown.Append(
                    Encoding.UTF8.GetString(bytes.AsSpan(copied, start + (int)reader.TokenStartIndex - copied))
                );
                shown.Append(other);
                copied = start + (int)reader.BytesConsumed;
            }

            isSecret = reader.TokenType is JsonTokenType.PropertyName && IsSecretMember.IsMatch(Unescaped(ref reader));
        }

        var end = start + (int)reader.BytesConsumed;
        shown.Append(Encoding.UTF8.GetString(bytes.AsSpan(copied, end - copied)));
        return shown.Append(Rest(Encoding.UTF8.GetString(bytes.AsSpan(end)), isSecret, mask)).ToString();
    }

    /// <summary>What is cut off in the middle of a value, or no JSON any more.</summary>
    private static string Rest(string text, bool isSecret, SecretMask mask)
    {
        if (isSecret && text.Length > 0)
        {
            return Secret.Stars;
        }

        var plain = Escape.Replace(text, match => Regex.Unescape(match.Value));
        var shown = mask.Masked(plain);
        return shown == plain ? text : shown;
    }

    /// <summary>False at the end, and where it is no JSON.</summary>
    private static bool TryRead(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What stands in place of a token; null where it may be shown.</summary>
    private static string? Shown(ref Utf8JsonReader reader, bool isSecret, SecretMask mask)
    {
        if (isSecret && reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
        {
            return Stars;
        }

        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
        {
            return null;
        }

        var value = Unescaped(ref reader);
        return mask.Masked(value) == value ? null
            : reader.TokenType is JsonTokenType.PropertyName ? $"{Stars}:"
            : Stars;
    }

    /// <summary>Half of a surrogate pair, which no text has, is not one of a secret either.</summary>
    private static string Unescaped(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>Narrower than what environment variables are called: payloads are full of authors and keys.</summary>
    [GeneratedRegex(
        "(secret|token|passw(or)?d|passphrase|credentials?|authorization|(api|access|private|signing)[-_]?key)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1_000
    )]
    private static partial Regex IsSecretMember { get; }

    /// <summary>RFC 8259, section 7.</summary>
    [GeneratedRegex("""\\(u[0-9a-fA-F]{4}|["\\/bfnrt])""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Escape { get; }
}
