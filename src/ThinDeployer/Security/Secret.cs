using System.Security.Cryptography;
using System.Text;

namespace ThinDeployer.Security;

/// <summary>A text that must not be shown: it prints as <c>***</c> and compares in constant time.</summary>
internal sealed class Secret(string text)
{
    /// <summary>What stands in its place.</summary>
    internal const string Stars = "***";

    /// <summary>Characters from which on no number of attempts finds a secret.</summary>
    internal const int SafeLength = 32;

    private readonly byte[] _digest = DigestOf(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether the offered bytes are this secret. An empty secret matches nothing.</summary>
    internal bool Matches(ReadOnlySpan<byte> offered) =>
        text.Length > 0 & CryptographicOperations.FixedTimeEquals(DigestOf(offered), _digest);

    internal bool CanBeGuessed => text.Length < SafeLength;

    /// <summary>
    /// What must not stand in an output, as UTF-8: its lines, each by itself, because programs print them so, indented or
    /// with other line ends.
    /// </summary>
    internal IEnumerable<byte[]> MaskedLines => Lines.Where(line => line.Length >= SecretMask.Shortest);

    /// <summary>Whether some of it is too short to be masked. What has neither letter nor digit gives nothing away.</summary>
    internal bool IsPartlyShown =>
        text.Length == 0
        || Lines.Any(line =>
            line.Length < SecretMask.Shortest && Encoding.UTF8.GetString(line).Any(char.IsLetterOrDigit)
        );

    public override string ToString() => Stars;

    /// <summary>SHA-256: comparing digests takes the same time whatever the lengths of the texts are.</summary>
    internal static byte[] DigestOf(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes);

    private IEnumerable<byte[]> Lines =>
        text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
            .Select(line =>
                Encoding.UTF8.GetBytes(line.Trim() is { Length: >= SecretMask.Shortest } bare ? bare : line)
            );
}
