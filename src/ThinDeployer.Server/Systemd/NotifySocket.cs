using System.Net.Sockets;
using System.Text;

namespace ThinDeployer.Server.Systemd;

/// <summary>
/// The socket by which systemd is told something (sd_notify(3)). Not Microsoft.Extensions.Hosting.Systemd: that opens a socket for
/// each message, and a server that has no descriptor left for a moment would be killed by the watchdog, with all that it runs.
/// </summary>
internal sealed class NotifySocket : IDisposable
{
    internal const string Variable = "NOTIFY_SOCKET";

    /// <summary>systemd reads at once; one that does not must not hold the server up. Milliseconds.</summary>
    private const int SendTimeout = 1_000;

    /// <summary>Bytes: 108 of sun_path (unix(7)), less the end of a path.</summary>
    private const int LongestAddress = 107;

    private readonly Socket _socket;
    private readonly UnixDomainSocketEndPoint _address;

    private NotifySocket(UnixDomainSocketEndPoint address)
    {
        _address = address;
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
        {
            SendTimeout = SendTimeout,
        };
    }

    /// <param name="address">A path, or an abstract name behind an <c>@</c>; null or empty where nobody wants to know.</param>
    /// <returns>Null where nobody wants to know, or where there is another kind of address.</returns>
    /// <exception cref="SocketException">There is no descriptor for it.</exception>
    internal static NotifySocket? Open(string? address) =>
        address switch
        {
            ['/', _, ..] when Encoding.UTF8.GetByteCount(address) <= LongestAddress => new NotifySocket(
                new UnixDomainSocketEndPoint(address)
            ),
            ['@', _, ..] when Encoding.UTF8.GetByteCount(address) <= LongestAddress => new NotifySocket(
                new UnixDomainSocketEndPoint("\0" + address[1..])
            ),
            _ => null,
        };

    /// <param name="assignments">Such as <c>READY=1</c>; in one message, so that they count at once.</param>
    /// <returns>Why it could not be told, or null.</returns>
    internal string? Send(params IEnumerable<string> assignments)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(string.Join('\n', assignments)), _address);
            return null;
        }
        catch (SocketException exception)
        {
            return exception.Message;
        }
    }

    public void Dispose() => _socket.Dispose();
}
