using System.Net;

namespace ThinDeployer.Addresses;

/// <summary>Networks and single addresses.</summary>
internal sealed record NetworkList(IReadOnlyList<Network> Networks)
{
    internal static NetworkList None { get; } = new([]);

    /// <summary>Loopback, and what RFC 1918, 3927, 4193, 4291 and 6598 keep for private use.</summary>
    internal static NetworkList Private { get; } =
        Parse(
            "127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, 100.64.0.0/10, "
                + "::1, fc00::/7, fe80::/10"
        )!;

    private const string SocketWord = "unix";

    /// <summary>Whether who comes by a Unix socket, and so from no address, is one of them.</summary>
    internal bool HasSockets { get; private init; }

    /// <summary>As <see cref="Parse"/>, and the word <c>unix</c> stands for all Unix sockets.</summary>
    internal static NetworkList? ParseProxies(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var networks = Parse(string.Join(',', parts.Where(part => part != SocketWord)));
        return networks is null ? null : networks with { HasSockets = parts.Contains(SocketWord) };
    }

    /// <summary>Null when anything in a list with commas is neither an address nor a network such as <c>10.0.0.0/8</c>.</summary>
    internal static NetworkList? Parse(string text)
    {
        var networks = new List<Network>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Network.Parse(part) is not { } network)
            {
                return null;
            }

            networks.Add(network);
        }

        return new NetworkList(networks);
    }

    internal bool Contains(IPAddress address)
    {
        var plain = Network.Plain(address);
        foreach (var network in Networks)
        {
            if (network.Range.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }
}
