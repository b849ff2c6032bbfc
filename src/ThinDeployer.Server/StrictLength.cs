using System.Text;

namespace ThinDeployer.Server;

/// <summary>
/// Reads <c>Content-Length</c> to the letter, which is digits only (RFC 9110, section 8.6). Kestrel takes a sign in front,
/// which others in front of it may read as another length; it lets nobody look at the text but the encoding of the header.
/// </summary>
internal sealed class StrictLength : ASCIIEncoding
{
    private static readonly StrictLength Digits = new();

    /// <summary>For this header ours; null, the framework's own, for every other.</summary>
    internal static Encoding? Of(string header) =>
        header.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? Digits : null;

    /// <summary>What holds anything else becomes a text that no number is.</summary>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (!bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return base.GetChars(bytes, chars);
        }

        chars[0] = '?';
        return 1;
    }
}
