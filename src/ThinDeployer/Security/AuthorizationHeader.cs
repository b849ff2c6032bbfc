using System.Text;

namespace ThinDeployer.Security;

/// <summary>Takes the token out of an <c>Authorization</c> header.</summary>
internal static class AuthorizationHeader
{
    /// <summary>
    /// The token of <c>Bearer TOKEN</c> (RFC 6750) or the password of <c>Basic BASE64</c> (RFC 7617), whoever the user
    /// is; null for any other scheme and for what can't be decoded.
    /// </summary>
    internal static byte[]? Token(string header)
    {
        if (Bearer(header) is { } token)
        {
            return Encoding.UTF8.GetBytes(token);
        }

        return WithoutScheme(header, "Basic") is { } credentials ? Password(credentials) : null;
    }

    /// <summary>The token of <c>Bearer TOKEN</c>; null for any other scheme.</summary>
    internal static string? Bearer(string header) => WithoutScheme(header, "Bearer");

    /// <summary>The one scheme that browsers remember and send by themselves.</summary>
    internal static bool IsBasic(string? header) => header is not null && WithoutScheme(header, "Basic") is not null;

    /// <summary>As <see cref="Token"/>, for <c>user:token</c> in base64 with or without the word <c>Basic</c> (seed).</summary>
    internal static byte[]? BasicPassword(string header) => Password(WithoutScheme(header, "Basic") ?? header.Trim());

    private static string? WithoutScheme(string header, string scheme)
    {
        var trimmed = header.Trim();
        return
            trimmed.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && trimmed.Length > scheme.Length
            && trimmed[scheme.Length] is ' ' or '\t'
            ? trimmed[scheme.Length..].Trim()
            : null;
    }

    private static byte[]? Password(string credentials)
    {
        var decoded = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, decoded, out var length))
        {
            return null;
        }

        var colon = decoded.AsSpan(0, length).IndexOf((byte)':');
        return colon < 0 ? null : decoded[(colon + 1)..length];
    }
}
