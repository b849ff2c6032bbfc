using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ThinDeployer.Operating.Scaffolding;

/// <summary>A token, or a secret to sign with, that nobody guesses: 256 bits, in the alphabet of base64url (RFC 4648, section 5).</summary>
public static class RandomToken
{
    private const int Bytes = 32;

    public static string New()
    {
        string token;
        do
        {
            token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
            // Behind a switch of a command line, one that begins so would be taken for a switch itself.
        } while (token[0] == '-');
        return token;
    }

    /// <summary><c>sha256:HEX</c>, as a configuration may hold it.</summary>
    public static string DigestOf(string token) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}";
}
