using System.Net.Sockets;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>Stands in for systemd: a socket of the test's own that the server tells how it stands.</summary>
internal sealed class NotifyListener : IDisposable
{
    /// <summary>Bytes; a message is much shorter.</summary>
    private const int Longest = 4_096;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <param name="address">As in NOTIFY_SOCKET: a path, or an abstract name behind an <c>@</c>.</param>
    internal NotifyListener(string address)
    {
        Address = address;
        _socket.Bind(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
    }

    internal string Address { get; }

    /// <summary>Whether a message waits that nobody has read.</summary>
    internal bool HasMore => _socket.Available > 0;

    /// <summary>The lines of the next message.</summary>
    internal async Task<string[]> NextAsync()
    {
        var buffer = new byte[Longest];
        using var limit = new CancellationTokenSource(Eventually.Limit, TimeProvider.System);
        var count = await _socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token);
        return Encoding.UTF8.GetString(buffer.AsSpan(0, count)).Split('\n');
    }

    /// <summary>All messages up to the one with that line.</summary>
    internal async Task<IReadOnlyList<string[]>> UntilAsync(string line)
    {
        var messages = new List<string[]>();
        while (messages.Count == 0 || !messages[^1].Contains(line))
        {
            messages.Add(await NextAsync());
        }

        return messages;
    }

    public void Dispose() => _socket.Dispose();
}
