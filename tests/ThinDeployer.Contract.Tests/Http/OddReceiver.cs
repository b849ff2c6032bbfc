using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>A receiver on a free port that does with each connection what a test says, such as what no good one would.</summary>
internal sealed class OddReceiver : IAsyncDisposable
{
    private const string Taken = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    private const int LingerForNothing = 0;

    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _taken = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _serving;
    private Func<OddReceiver, TcpClient, Task> _treat;
    private int _count;

    internal OddReceiver(Func<OddReceiver, TcpClient, Task> treat)
    {
        _treat = treat;
        _listener.Start();
        _serving = ServeAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections until now.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Requests that were answered as they should be.</summary>
    internal IReadOnlyCollection<string> Requests => _taken;

    /// <summary>Does otherwise from now on.</summary>
    internal void Become(Func<OddReceiver, TcpClient, Task> treat) => Volatile.Write(ref _treat, treat);

    /// <summary>As it should be.</summary>
    internal static Task GoodAsync(OddReceiver self, TcpClient client) => self.TakeAsync(client.GetStream());

    /// <summary>As it should be, by TLS; a handshake that fails is the other side's matter.</summary>
    internal static Func<OddReceiver, TcpClient, Task> SafeAsync(X509Certificate2 certificate) =>
        async (self, client) =>
        {
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(certificate);
            await self.TakeAsync(tls);
        };

    /// <summary>Keeps the connection, and never answers.</summary>
    internal static Task SilentAsync(OddReceiver self, TcpClient client) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, self._end.Token);

    /// <summary>Answers a byte now and then, for ever.</summary>
    internal static async Task DribblingAsync(OddReceiver self, TcpClient client)
    {
        await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nX-Long: "u8.ToArray(), self._end.Token);
        while (true)
        {
            await client.GetStream().WriteAsync("a"u8.ToArray(), self._end.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, self._end.Token);
        }
    }

    /// <summary>Reads the request or not, says something, and closes its side only.</summary>
    internal static Func<OddReceiver, TcpClient, Task> HalfClosedAsync(string said, bool isRead = true) =>
        async (self, client) =>
        {
            if (isRead)
            {
                await ReadAsync(client.GetStream(), self._end.Token);
            }

            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(said), self._end.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            await SilentAsync(self, client);
        };

    /// <summary>Resets the connection, before the request is read or after.</summary>
    internal static Func<OddReceiver, TcpClient, Task> ResettingAsync(bool isRead) =>
        async (self, client) =>
        {
            if (isRead)
            {
                await ReadAsync(client.GetStream(), self._end.Token);
            }

            client.Client.LingerState = new LingerOption(enable: true, LingerForNothing);
        };

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        await Task.WhenAll(_connections);
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _count);
                _connections.Add(ConverseAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using var ending = client;
        try
        {
            await Volatile.Read(ref _treat)(this, client);
        }
#pragma warning disable CA1031 // The other side may go at any moment, and TLS says so in many ways.
        catch (Exception)
#pragma warning restore CA1031
        {
            // What it got stands in the server's outbox.
        }
    }

    private async Task TakeAsync(Stream stream)
    {
        var request = await ReadAsync(stream, _end.Token);
        _taken.Enqueue(request);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(Taken), _end.Token);
    }

    /// <summary>A whole request with a length.</summary>
    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var kept = new StringBuilder();
        var piece = new byte[4096];
        while (!IsWhole(kept.ToString()))
        {
            var count = await stream.ReadAsync(piece, cancellationToken);
            kept.Append(
                count > 0 ? Encoding.Latin1.GetString(piece, 0, count) : throw new IOException("It broke off.")
            );
        }

        return kept.ToString();
    }

    private static bool IsWhole(string request)
    {
        const string name = "Content-Length: ";
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        var length = request.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length;
        var digits = request.AsSpan(length, request.IndexOf('\r', length) - length);
        return request.Length - end - 4 >= int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
    }
}
