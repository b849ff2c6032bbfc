using System.Security.Cryptography;
using System.Text;

namespace ThinDeployer.Security;

/// <summary>A text that admits to a service, kept as its SHA-256 digest only.</summary>
/// <param name="Name">Who it belongs to, where the configuration says so.</param>
/// <param name="Digest">32 bytes.</param>
/// <param name="Length">Characters of the text; null where the configuration gives a digest.</param>
internal sealed record Token(string? Name, byte[] Digest, int? Length)
{
    private const string DigestPrefix = "sha256:";

    /// <summary>What it may do to the service.</summary>
    internal Rights May { get; init; } = Rights.Default;

    /// <summary>From when on it opens nothing; null for never.</summary>
    internal DateTimeOffset? Until { get; init; }

    internal bool HasEnded(DateTimeOffset now) => Until <= now;

    /// <summary>What is behind a digest is taken to be long enough.</summary>
    internal bool CanBeGuessed => Length < Secret.SafeLength;

    /// <summary>Whether the configuration holds the token itself.</summary>
    internal bool IsPlain => Length is not null;

    /// <summary>Null for an empty text, and for a <c>sha256:</c> that 64 hexadecimal digits don't follow.</summary>
    internal static Token? Parse(string? name, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (!text.StartsWith(DigestPrefix, StringComparison.Ordinal))
        {
            return new Token(name, Secret.DigestOf(Encoding.UTF8.GetBytes(text)), text.Length);
        }

        var digits = text[DigestPrefix.Length..];
        return digits.Length == 2 * SHA256.HashSizeInBytes && digits.All(char.IsAsciiHexDigit)
            ? new Token(name, Convert.FromHexString(digits), Length: null)
            : null;
    }

    public override string ToString() => "***";
}
