using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ThinDeployer.Rules;

/// <summary>
/// Addresses that begin with the same bits: <c>10.0.0.0/8</c>, or one address. An IPv4 address that is written as IPv6
/// (<c>::ffff:10.0.0.1</c>, as a dual-mode socket sees it) is that IPv4 address.
/// </summary>
internal sealed class AddressRange
{
    private const int MappedPrefix = 96;

    private readonly byte[] _bytes;
    private readonly int _bits;

    private AddressRange(string source, byte[] bytes, int bits)
    {
        Source = source;
        _bytes = bytes;
        _bits = bits;
    }

    /// <summary>As written.</summary>
    internal string Source { get; }

    internal static bool TryParse(string text, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        var slash = text.IndexOf('/');
        if (!TryAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var bytes = address.GetAddressBytes();
        var bits = bytes.Length * 8;
        if (slash >= 0)
        {
            if (
                !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var written)
                || written > bits
            )
            {
                return false;
            }

            bits = written;
        }

        range =
            address.IsIPv4MappedToIPv6 && bits >= MappedPrefix
                ? new AddressRange(text, address.MapToIPv4().GetAddressBytes(), bits - MappedPrefix)
                : new AddressRange(text, bytes, bits);
        return true;
    }

    internal bool Contains(IPAddress address)
    {
        var bytes = Plain(address).GetAddressBytes();
        if (bytes.Length != _bytes.Length)
        {
            return false;
        }

        var whole = _bits / 8;
        var mask = (byte)(0xFF << (8 - (_bits % 8)));
        return bytes.AsSpan(0, whole).SequenceEqual(_bytes.AsSpan(0, whole))
            && (_bits % 8 == 0 || (bytes[whole] & mask) == (_bytes[whole] & mask));
    }

    /// <summary>As IPv4 where it is one.</summary>
    internal static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The framework also takes <c>1</c>, <c>0x7f.1</c>, <c>010.0.0.1</c> (octal), <c>[::1]:80</c> and <c>fe80::1%eth0</c>.</summary>
    private static bool TryAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        return IPAddress.TryParse(text, out address)
            && (
                address.AddressFamily == AddressFamily.InterNetwork
                    ? address.ToString() == text
                    : text.All(character => char.IsAsciiHexDigit(character) || character is ':' or '.')
            );
    }
}
