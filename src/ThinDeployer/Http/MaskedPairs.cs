using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// An urlencoded text without its secrets: the values of arguments whose names say so, and what is one once it is decoded.
/// </summary>
internal static class MaskedPairs
{
    internal static string Of(string encoded, SecretMask mask) =>
        mask.Masked(string.Join('&', encoded.Split('&').Select(pair => Pair(pair, mask))));

    private static string Pair(string pair, SecretMask mask) =>
        pair.Split('=', 2) is [var name, var value]
            ? $"{Name(name, mask)}={Value(name, value, mask)}"
            : Name(pair, mask);

    private static string Name(string encoded, SecretMask mask) =>
        UrlEncoded.Text(encoded) is var name && mask.Masked(name) == name ? encoded : Secret.Stars;

    private static string Value(string encodedName, string encoded, SecretMask mask)
    {
        if (SecretName.LooksSecret(UrlEncoded.Text(encodedName)))
        {
            return Secret.Stars;
        }

        var value = UrlEncoded.Text(encoded);
        var shown = MaskedJson.Of(value, mask);

        // The stars stay what they are: readers look for them.
        return shown == value ? encoded : Uri.EscapeDataString(shown).Replace("%2A", "*", StringComparison.Ordinal);
    }
}
