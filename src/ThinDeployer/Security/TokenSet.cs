using System.Security.Cryptography;

namespace ThinDeployer.Security;

/// <summary>The tokens of a service; each of them admits.</summary>
internal sealed record TokenSet(IReadOnlyList<Token> Tokens)
{
    /// <summary>
    /// The tokens of a digest, more than one where a text stands twice. All are compared, so that the time taken says
    /// neither which one matched nor that one did.
    /// </summary>
    internal List<Token> Find(ReadOnlySpan<byte> digest)
    {
        var found = new List<Token>(capacity: 1);
        foreach (var token in Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(token.Digest, digest))
            {
                found.Add(token);
            }
        }

        return found;
    }

    /// <summary>Whether one of the offered was a token until some time.</summary>
    /// <param name="offered">Digests of tokens.</param>
    /// <param name="now">The time.</param>
    internal bool HasEnded(IEnumerable<byte[]> offered, DateTimeOffset now) =>
        offered.Any(digest => Find(digest).Exists(token => token.HasEnded(now)));
}
