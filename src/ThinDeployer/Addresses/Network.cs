using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ThinDeployer.Addresses;

/// <summary>
/// Addresses that begin with the same bits: <c>10.0.0.0/8</c>, or a single one. IPv4 written as IPv6
/// (<c>::ffff:192.0.2.1</c>, as a socket for both sees it) is IPv4 throughout.
/// </summary>
/// <param name="Source">As written.</param>
internal sealed record Network(string Source, IPNetwork Range)
{
    private const int MappedBits = 96;

    /// <summary>Null for what is none. Half of it may not be IPv4 and half IPv6, as in <c>::ffff:0:0/64</c>.</summary>
    internal static Network? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (AddressOf(slash < 0 ? text : text.AsSpan(0, slash)) is not { } address)
        {
            return null;
        }

        var width = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
        {
            return new Network(text, new IPNetwork(address, width));
        }

        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
        {
            return null;
        }

        // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
        bits -= width == 32 && text.Contains(':', StringComparison.Ordinal) ? MappedBits : 0;
        return bits >= 0 && bits <= width ? new Network(text, new IPNetwork(address, bits)) : null;
    }

    internal bool Contains(IPAddress address) => Range.Contains(Plain(address));

    /// <summary>The address as IPv4 if it is one in the clothes of IPv6, and without the zone of a link.</summary>
    internal static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0
            ? new IPAddress(address.GetAddressBytes())
        : address;

    /// <summary>
    /// An address as RFC 4291 and RFC 6943 (section 3.1.1) write it; null for all else. The framework takes <c>1</c>,
    /// <c>0x7f.1</c> and <c>010.0.0.1</c> too, which others read as other addresses.
    /// </summary>
    internal static IPAddress? AddressOf(ReadOnlySpan<char> text)
    {
        if (text.ContainsAny('%', '[', '/') || !IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 || text.SequenceEqual(address.ToString())
            ? Plain(address)
            : null;
    }
}
