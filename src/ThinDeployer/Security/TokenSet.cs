using System.Security.Cryptography;

namespace ThinDeployer.Security;

/// <summary>The tokens of a service; each of them admits.</summary>
internal sealed record TokenSet(IReadOnlyList<Token> Tokens)
{
    /// <summary>
    /// The token of a digest, or null. All tokens are compared, so that the time taken says neither which one matched nor
    /// that one did.
    /// </summary>
    internal Token? Find(ReadOnlySpan<byte> digest)
    {
        Token? found = null;
        foreach (var token in Tokens)
        {
            found = CryptographicOperations.FixedTimeEquals(token.Digest, digest) ? token : found;
        }

        return found;
    }
}
