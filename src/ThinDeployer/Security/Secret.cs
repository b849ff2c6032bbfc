using System.Security.Cryptography;
using System.Text;

namespace ThinDeployer.Security;

/// <summary>A text that must not be shown: it prints as <c>***</c> and compares in constant time.</summary>
internal sealed class Secret(string text)
{
    /// <summary>Characters from which on no number of attempts finds a secret.</summary>
    internal const int SafeLength = 32;

    private readonly byte[] _digest = DigestOf(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether the offered bytes are this secret. An empty secret matches nothing.</summary>
    internal bool Matches(ReadOnlySpan<byte> offered) =>
        text.Length > 0 & CryptographicOperations.FixedTimeEquals(DigestOf(offered), _digest);

    internal bool CanBeGuessed => text.Length < SafeLength;

    public override string ToString() => "***";

    /// <summary>SHA-256: comparing digests takes the same time whatever the lengths of the texts are.</summary>
    internal static byte[] DigestOf(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes);
}
