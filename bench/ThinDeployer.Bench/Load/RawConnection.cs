using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ThinDeployer.Bench.Load;

/// <summary>
/// A connection to a server, without the price of an HTTP client: on a machine with two cores the client's work is taken
/// from the server. It blocks.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        // Milliseconds. Nothing that is measured takes as long.
        ReceiveTimeout = 120_000,
    };

    private readonly byte[] _buffer = new byte[BufferBytes];

    private RawConnection() { }

    /// <exception cref="SocketException">Nobody listens.</exception>
    internal static RawConnection Open(int port)
    {
        var connection = new RawConnection();
        try
        {
            connection._socket.Connect(IPAddress.Loopback, port);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal static byte[] Request(string method, string path, string token, params string[] headers) =>
        Encoding.ASCII.GetBytes(
            string.Join(
                "\r\n",
                [$"{method} {path} HTTP/1.1", "Host: 127.0.0.1", $"X-Auth-Token: {token}", .. headers, "", ""]
            )
        );

    /// <summary>For answers that are smaller than the buffer; the connection can be used again.</summary>
    /// <returns>The status.</returns>
    internal int Exchange(byte[] request)
    {
        _socket.Send(request);
        var count = 0;
        while (!IsWhole(_buffer.AsSpan(0, count)))
        {
            count += Receive(count);
        }

        return Status;
    }

    /// <summary>Sends, and waits for the head of the answer only.</summary>
    /// <returns>The status.</returns>
    internal int ExchangeHead(byte[] request)
    {
        ReceiveHead(request);
        return Status;
    }

    /// <summary>For an answer of any size to a request that closes the connection; reads all, and keeps nothing.</summary>
    /// <returns>The bytes of the answer, head included.</returns>
    /// <exception cref="BenchFaultException">The status is not 2xx.</exception>
    internal long ExchangeLarge(byte[] request)
    {
        long total = ReceiveHead(request);
        if (Status / 100 != 2)
        {
            throw new BenchFaultException($"a large answer has the status {Status}");
        }

        for (int count; (count = _socket.Receive(_buffer)) > 0; )
        {
            total += count;
        }

        return total;
    }

    public void Dispose() => _socket.Dispose();

    /// <returns>The bytes that came, some of the body among them.</returns>
    private int ReceiveHead(byte[] request)
    {
        _socket.Send(request);
        var count = 0;
        while (_buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8) < 0)
        {
            count += Receive(count);
        }

        return count;
    }

    private int Receive(int offset)
    {
        var count = _socket.Receive(_buffer.AsSpan(offset));
        return count > 0 ? count : throw new BenchFaultException("the server broke a connection");
    }

    private int Status => int.Parse(_buffer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var name = "\r\nContent-Length: "u8;
        var length = answer[..end].IndexOf(name);
        if (length < 0 && answer["HTTP/1.1 ".Length..].StartsWith("204"u8))
        {
            return true;
        }

        if (length < 0)
        {
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        }

        var text = answer[(length + name.Length)..(end + 2)];
        var bytes = int.Parse(text[..text.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
        return answer.Length >= end + 4 + bytes;
    }
}
