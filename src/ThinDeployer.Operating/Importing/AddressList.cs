using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ThinDeployer.Operating.Importing;

/// <summary>The addresses of an <c>ip-range</c>: ranges and single ones, with blanks between them.</summary>
internal static class AddressList
{
    /// <summary>Null when one of them is none: webhook fails at it.</summary>
    internal static List<string>? Read(string text)
    {
        var ranges = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToList();
        return ranges.TrueForAll(IsRange) ? ranges : null;
    }

    /// <summary>webhook takes a single IPv6 address for all that begin with its first 32 bits.</summary>
    internal static string AsRead(string range) => range.Contains(':') && !range.Contains('/') ? $"{range}/32" : range;

    private static bool IsRange(string range)
    {
        var slash = range.IndexOf('/');
        var address = slash < 0 ? range : range[..slash];
        return IPAddress.TryParse(address, out var parsed)
            && (
                parsed.AddressFamily == AddressFamily.InterNetwork
                    ? parsed.ToString() == address
                    : address.All(character => char.IsAsciiHexDigit(character) || character is ':' or '.')
            )
            && (slash < 0 || IsPrefix(range.AsSpan(slash + 1), parsed.GetAddressBytes().Length * 8));
    }

    private static bool IsPrefix(ReadOnlySpan<char> digits, int bits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bits;
}
