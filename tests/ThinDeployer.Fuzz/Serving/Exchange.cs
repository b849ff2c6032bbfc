using System.Net.Sockets;
using System.Text;

namespace ThinDeployer.Fuzz.Serving;

/// <summary>Bytes on a connection of their own, and what comes back.</summary>
internal static class Exchange
{
    /// <summary>A request that takes longer hangs.</summary>
    private const int LimitMilliseconds = 12_000;

    /// <summary>After this, what may be half a request is ended from our side.</summary>
    private const int PauseMilliseconds = 60;

    /// <returns>Null when the server closed the connection without an answer.</returns>
    /// <param name="address">Of the server.</param>
    /// <param name="request">To the byte.</param>
    /// <param name="isWhole">Whether the server has all it needs to answer.</param>
    internal static Reply? Send(Uri address, ReadOnlySpan<byte> request, bool isWhole)
    {
        using var socket = Connect(address);
        try
        {
            // Who is refused early may find the line closed.
            socket.Send(request);
        }
        catch (SocketException exception) when (exception.SocketErrorCode != SocketError.TimedOut) { }

        var hasBody = !request.StartsWith("HEAD "u8);
        socket.ReceiveTimeout = isWhole ? LimitMilliseconds : PauseMilliseconds;
        return Receive(socket, hasBody, mayEnd: !isWhole);
    }

    /// <summary>Sends, and leaves without a word.</summary>
    internal static void Cut(Uri address, ReadOnlySpan<byte> request)
    {
        using var socket = Connect(address);
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        try
        {
            socket.Send(request);
        }
        catch (SocketException exception) when (exception.SocketErrorCode != SocketError.TimedOut) { }
    }

    private static Socket Connect(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            SendTimeout = LimitMilliseconds,
        };
        socket.Connect(address.Host, address.Port);
        return socket;
    }

    private static Reply? Receive(Socket socket, bool hasBody, bool mayEnd)
    {
        var received = new List<byte>();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            int count;
            try
            {
                count = socket.Receive(buffer);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.TimedOut && mayEnd)
            {
                mayEnd = false;
                socket.ReceiveTimeout = LimitMilliseconds;
                socket.Shutdown(SocketShutdown.Send);
                continue;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.TimedOut)
            {
                throw new TimeoutException(
                    $"No answer in {LimitMilliseconds} ms, only: {Encoding.Latin1.GetString([.. received])}",
                    exception
                );
            }
            catch (SocketException)
            {
                return null;
            }

            received.AddRange(buffer.AsSpan(0, count));
            var reply = Reply.Parse([.. received], hasBody, isEnded: count == 0);
            if (count == 0 || reply is not null)
            {
                return reply;
            }
        }
    }
}
