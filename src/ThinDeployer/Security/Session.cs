using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ThinDeployer.Security;

/// <summary>Who has signed in with a browser. The token counts, as it does now: one that is gone ends the session.</summary>
/// <param name="TokenDigest">Of the token that was shown.</param>
/// <param name="SeenAt">When it was used last.</param>
internal sealed record Session(byte[] TokenDigest, DateTimeOffset SeenAt)
{
    private const int KeyBytes = 32;

    /// <summary>What the browser keeps: it can't be guessed, and only its digest is kept here.</summary>
    internal static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));

    internal static string IdOf(string key) => Convert.ToHexStringLower(DigestOf(key));

    /// <summary>What a page of ours knows and another site's page can't: it follows from the key, so nobody needs to keep it.</summary>
    internal static string AntiforgeryOf(string key) => Base64Url.EncodeToString(DigestOf("antiforgery " + key));

    /// <summary>In constant time.</summary>
    internal static bool IsAntiforgery(string key, string offered) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(AntiforgeryOf(key)),
            Encoding.UTF8.GetBytes(offered)
        );

    private static byte[] DigestOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
