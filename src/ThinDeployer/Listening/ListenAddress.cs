using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ThinDeployer.Listening;

/// <summary>Where a server listens: an address of this machine with a port, or a Unix socket.</summary>
public abstract record ListenAddress
{
    private const string SocketPrefix = "unix:";
    private const string ModePrefix = "mode=";

    private ListenAddress() { }

    /// <summary>For a socket.</summary>
    public abstract EndPoint EndPoint { get; }

    /// <summary>An address of this machine.</summary>
    /// <param name="Address">One, or all of a kind.</param>
    /// <param name="Port">0 for any free one; null for what <c>--port</c> says.</param>
    public sealed record Tcp(IPAddress Address, int? Port) : ListenAddress
    {
        public override EndPoint EndPoint => new IPEndPoint(Address, Port ?? 0);

        public override string ToString() =>
            Port is { } port ? new IPEndPoint(Address, port).ToString() : Address.ToString();
    }

    /// <summary>A socket in the file system.</summary>
    /// <param name="Path">Full.</param>
    /// <param name="Mode">Who may connect needs the right to write.</param>
    public sealed record Unix(string Path, UnixFileMode Mode) : ListenAddress
    {
        /// <summary>Bytes: 108 of sun_path (unix(7)), less the end of a path.</summary>
        public const int LongestPath = 107;

        /// <summary>Its owner and its group.</summary>
        internal const UnixFileMode DefaultMode =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

        public override EndPoint EndPoint => new UnixDomainSocketEndPoint(Path);

        /// <summary>Bytes of the path.</summary>
        public int Length => Encoding.UTF8.GetByteCount(Path);

        public override string ToString() => SocketPrefix + Path;
    }

    /// <summary>With commas between them; what begins with <c>mode=</c> belongs to the socket before it. Null for anything else.</summary>
    internal static IReadOnlyList<ListenAddress>? ParseAll(string text)
    {
        var addresses = new List<ListenAddress>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith(ModePrefix, StringComparison.Ordinal))
            {
                if (addresses is not [.., Unix socket] || ModeOf(part[ModePrefix.Length..]) is not { } mode)
                {
                    return null;
                }

                addresses[^1] = socket with { Mode = mode };
            }
            else if (Parse(part) is { } address)
            {
                addresses.Add(address);
            }
            else
            {
                return null;
            }
        }

        return addresses;
    }

    private static ListenAddress? Parse(string text) =>
        text.StartsWith(SocketPrefix, StringComparison.Ordinal)
            ? ParseSocket(text[SocketPrefix.Length..])
            : ParseTcp(text);

    private static Unix? ParseSocket(string path) =>
        path is ['/', _, ..] && !path.EndsWith('/') && !path.Contains('\0') ? new Unix(path, Unix.DefaultMode) : null;

    /// <summary>An IPv6 address stands in brackets where a port follows, and may otherwise.</summary>
    private static Tcp? ParseTcp(string text)
    {
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        if (end > 0)
        {
            return AddressOf(text[1..end]) is { AddressFamily: AddressFamily.InterNetworkV6 } inBrackets
                ? WithPort(inBrackets, text[(end + 1)..])
                : null;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var isAddressAlone = colon < 0 || colon != text.LastIndexOf(':');
        return AddressOf(isAddressAlone ? text : text[..colon]) is { } address
            ? WithPort(address, isAddressAlone ? "" : text[colon..])
            : null;
    }

    private static Tcp? WithPort(IPAddress address, string rest) =>
        rest.Length == 0 ? new Tcp(address, Port: null)
        : rest[0] == ':'
        && ushort.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new Tcp(address, port)
        : null;

    /// <summary>The framework takes <c>8013</c> for 0.0.31.77, too.</summary>
    private static IPAddress? AddressOf(string text) =>
        text == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || text == address.ToString())
            ? address
        : null;

    /// <summary>Octal, rights alone.</summary>
    private static UnixFileMode? ModeOf(string text)
    {
        const int longest = 4;
        return text.Length is 0 or > longest || text.AsSpan().ContainsAnyExceptInRange('0', '7') ? null
            : Convert.ToInt32(text, 8) is var mode and <= 0b_111_111_111 ? (UnixFileMode)mode
            : null;
    }
}
