using System.Text;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>An urlencoded text without the values of those arguments whose names say that they are secret.</summary>
internal static class MaskedPairs
{
    internal static string Of(string encoded) => string.Join('&', encoded.Split('&').Select(Pair));

    private static string Pair(string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals >= 0 && SecretName.LooksSecret(NameOf(pair)) ? pair[..(equals + 1)] + Secret.Stars : pair;
    }

    private static string NameOf(string pair) =>
        Encoding.UTF8.GetString(UrlEncoded.NameOf(Encoding.UTF8.GetBytes(pair)));
}
