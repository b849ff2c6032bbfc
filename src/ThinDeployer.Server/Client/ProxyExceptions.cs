using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ThinDeployer.Server.Client;

/// <summary>
/// Whether a list such as <c>NO_PROXY</c> covers a host, by curl's rules (curl(1), "NO_PROXY"; lib/noproxy.c): names, each with
/// all below it, and addresses with how many bits of them count, with commas between them; a lonely <c>*</c> covers all.
/// </summary>
internal static class ProxyExceptions
{
    /// <param name="list">As written.</param>
    /// <param name="host">A name, an IPv4 address, or an IPv6 address in brackets.</param>
    internal static bool Cover(string list, string host)
    {
        if (list == "*")
        {
            return true;
        }

        var bare = host.Trim('[', ']');
        return IPAddress.TryParse(bare, out var address)
            ? Items(list).Any(item => CoversAddress(item, address))
            : Items(list).Any(item => CoversName(item, WithoutLastDot(bare)));
    }

    /// <summary>Blanks between them are taken, too, as curl long did.</summary>
    private static string[] Items(string list) => list.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static bool CoversName(string item, string name)
    {
        var end = WithoutLastDot(item);
        end = end.StartsWith('.') ? end[1..] : end;
        return name.Equals(end, StringComparison.OrdinalIgnoreCase)
            || (end.Length > 0 && name.EndsWith($".{end}", StringComparison.OrdinalIgnoreCase));
    }

    private static bool CoversAddress(string item, IPAddress address)
    {
        var slash = item.IndexOf('/', StringComparison.Ordinal);
        var written = slash < 0 ? item : item[..slash];
        var whole = address.GetAddressBytes();
        if (
            !IPAddress.TryParse(written, out var network)
            || network.AddressFamily != address.AddressFamily
            || (network.AddressFamily is AddressFamily.InterNetwork && written.Count('.') != 3)
        )
        {
            return false;
        }

        var bits = slash < 0 ? 0 : Bits(item[(slash + 1)..]);
        bits = bits == 0 ? whole.Length * 8 : bits;
        return bits <= whole.Length * 8 && BeginsAlike(whole, network.GetAddressBytes(), bits);
    }

    /// <summary>What is no number is none, as C reads it; too many cover nothing.</summary>
    private static int Bits(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? bits
        : text.StartsWith('-') ? int.MaxValue
        : 0;

    private static bool BeginsAlike(byte[] left, byte[] right, int bits)
    {
        var bytes = bits / 8;
        var rest = bits % 8;
        return left.AsSpan(0, bytes).SequenceEqual(right.AsSpan(0, bytes))
            && (rest == 0 || (left[bytes] ^ right[bytes]) >> (8 - rest) == 0);
    }

    private static string WithoutLastDot(string name) => name.EndsWith('.') ? name[..^1] : name;
}
