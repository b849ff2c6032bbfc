using System.Text;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// An urlencoded text without its secrets: the values of arguments whose names say so, and what is one once it is decoded.
/// </summary>
internal static class MaskedPairs
{
    internal static string Of(string encoded, SecretMask mask) =>
        mask.Masked(string.Join('&', encoded.Split('&').Select(pair => Pair(pair, mask))));

    private static string Pair(string pair, SecretMask mask)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var name = Decoded(equals < 0 ? pair : pair[..equals]);
        var shownName = mask.Masked(name) == name ? pair[..Math.Max(equals, 0)] : Secret.Stars;
        if (equals < 0)
        {
            return mask.Masked(name) == name ? pair : Secret.Stars;
        }

        var value = Decoded(pair[(equals + 1)..]);
        return SecretName.LooksSecret(name) ? $"{shownName}={Secret.Stars}"
            : MaskedJson.Of(value, mask) is var shown && shown != value ? $"{shownName}={Encoded(shown)}"
            : $"{shownName}={pair[(equals + 1)..]}";
    }

    private static string Decoded(string part) =>
        Encoding.UTF8.GetString(
            UrlEncoded.NameOf(Encoding.UTF8.GetBytes(part.Replace("=", "%3D", StringComparison.Ordinal)))
        );

    /// <summary>The stars stay what they are: readers look for them.</summary>
    private static string Encoded(string value) =>
        Uri.EscapeDataString(value).Replace("%2A", "*", StringComparison.Ordinal);
}
