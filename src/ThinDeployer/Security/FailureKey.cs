using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ThinDeployer.Security;

/// <summary>
/// Whose failed attempts are counted together: an IPv4 address, a /64 of IPv6, which is what one customer gets, or all
/// whose address is not known.
/// </summary>
/// <param name="Address">The first 64 bits of an IPv6 address; any number for the others.</param>
/// <param name="More">The kind, and the place that is counted apart.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FailureKey(ulong Address, ulong More)
{
    private const ulong Unknown = 0;
    private const ulong VersionFour = 1;
    private const ulong VersionSix = 2;
    private const int KindBits = 32;

    /// <param name="address">Null where it is not known.</param>
    internal static FailureKey Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out _))
        {
            return new FailureKey(0, Unknown);
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return new FailureKey(BinaryPrimitives.ReadUInt32BigEndian(bytes), VersionFour);
        }

        return address.IsIPv4MappedToIPv6
            ? new FailureKey(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]), VersionFour)
            : new FailureKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), VersionSix);
    }

    /// <summary>The same address, counted apart for one place, such as a service.</summary>
    internal FailureKey At(string place) =>
        this with
        {
            // The hash is seeded anew by each process, so nobody can choose names that meet.
            More = More | ((ulong)(uint)string.GetHashCode(place, StringComparison.Ordinal) << KindBits),
        };

    /// <summary>An address, or a network in CIDR notation; a word where it is not known.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        switch (More & uint.MaxValue)
        {
            case VersionFour:
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Address);
                return new IPAddress(bytes[..4]).ToString();
            case VersionSix:
                BinaryPrimitives.WriteUInt64BigEndian(bytes, Address);
                return $"{new IPAddress(bytes)}/64";
            default:
                return "unknown";
        }
    }
}
