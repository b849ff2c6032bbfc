using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ThinDeployer.Addresses;

namespace ThinDeployer.Http;

/// <summary>
/// Finds the address of a client. <c>X-Forwarded-For</c> is believed only from a proxy that was declared one, and only
/// from the right, as far as declared proxies wrote it: anybody can send one.
/// </summary>
internal sealed partial class ClientAddresses(NetworkList trusted, ILogger<ClientAddresses> logger)
{
    private int _warned;

    internal ClientAddress Of(HttpContext context)
    {
        var peer = context.Connection.RemoteIpAddress is { } address ? Network.Plain(address) : null;
        var forwarded = context.Request.Headers["X-Forwarded-For"];
        if (peer is null && IsBySocket(context))
        {
            return OfSocket(forwarded);
        }

        if (peer is not null && trusted.Contains(peer))
        {
            return new ClientAddress(Farthest(peer, forwarded), IsShared: false);
        }

        var isShared = peer is null || (forwarded.Count > 0 && NetworkList.Private.Contains(peer));
        if (isShared && forwarded.Count > 0 && Interlocked.Exchange(ref _warned, 1) == 0)
        {
            Log.NotTrusted(logger, peer?.ToString() ?? "an unknown address");
        }

        return new ClientAddress(peer, isShared);
    }

    private static bool IsBySocket(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket.AddressFamily is AddressFamily.Unix;

    /// <summary>Who is not behind a proxy that is believed shares its count of failures with all others, for each service.</summary>
    private ClientAddress OfSocket(StringValues forwarded)
    {
        if (trusted.HasSockets)
        {
            return Farthest(peer: null, forwarded) is { } client
                ? new ClientAddress(client, IsShared: false)
                : ClientAddress.Socket;
        }

        if (forwarded.Count > 0 && Interlocked.Exchange(ref _warned, 1) == 0)
        {
            Log.SocketNotTrusted(logger);
        }

        return ClientAddress.Socket;
    }

    /// <summary>The first from the right that is no proxy of ours. What can't be read ends the way.</summary>
    [return: NotNullIfNotNull(nameof(peer))]
    private IPAddress? Farthest(IPAddress? peer, StringValues lines)
    {
        var client = peer;
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            var rest = lines[i].AsSpan();
            while (!rest.IsEmpty)
            {
                var comma = rest.LastIndexOf(',');
                var entry = rest[(comma + 1)..].Trim();
                rest = rest[..Math.Max(comma, 0)];
                if (entry.IsEmpty)
                {
                    continue;
                }

                if (AddressOf(entry) is not { } address)
                {
                    return client;
                }

                client = address;
                if (!trusted.Contains(address))
                {
                    return client;
                }
            }
        }

        return client;
    }

    /// <summary>Also with a port: <c>192.0.2.1:80</c>, <c>[2001:db8::1]:80</c>, and <c>[2001:db8::1]</c>.</summary>
    private static IPAddress? AddressOf(ReadOnlySpan<char> entry)
    {
        if (entry[0] == '[')
        {
            var end = entry.IndexOf(']');
            return end > 0 && entry[1..end].Contains(':') && IsPort(entry[(end + 1)..])
                ? Network.AddressOf(entry[1..end])
                : null;
        }

        var colon = entry.IndexOf(':');
        return colon >= 0 && colon == entry.LastIndexOf(':')
            ? IsPort(entry[colon..])
                ? Network.AddressOf(entry[..colon])
                : null
            : Network.AddressOf(entry);
    }

    /// <summary>Nothing, or a colon and a number.</summary>
    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.IsEmpty
        || (text[0] == ':' && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Requests come through {Peer}, which sends X-Forwarded-For and is not in --trusted-proxies: all its clients "
                + "are logged as this address, and failed attempts count for all of them together, for each service"
        )]
        internal static partial void NotTrusted(ILogger logger, string peer);

        [LoggerMessage(
            LogLevel.Warning,
            "Requests come by a Unix socket with X-Forwarded-For, and --trusted-proxies does not say unix: all clients are "
                + "logged as this socket, and failed attempts count for all of them together, for each service"
        )]
        internal static partial void SocketNotTrusted(ILogger logger);
    }
}
