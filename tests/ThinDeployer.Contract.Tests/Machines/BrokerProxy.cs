using System.Net;
using System.Net.Sockets;

namespace ThinDeployer.Contract.Tests.Machines;

/// <summary>The way of one machine to the broker, which can be cut and made slow.</summary>
internal sealed class BrokerProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _port;
    private readonly Task _serving;
    private CancellationTokenSource _cut = new();

    /// <param name="port">Of the broker, on this machine.</param>
    internal BrokerProxy(int port)
    {
        _port = port;
        _listener.Start();
        _serving = ServeAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether connections that come are passed on; else they are closed at once.</summary>
    internal bool IsOpen { get; set; } = true;

    /// <summary>Of each piece, in each direction.</summary>
    internal TimeSpan Delay { get; set; }

    /// <summary>Ends all connections.</summary>
    internal void Cut()
    {
        var cut = Interlocked.Exchange(ref _cut, new CancellationTokenSource());
        cut.Cancel();
        cut.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _end.Dispose();
        _cut.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_end.Token), _cut.Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client, CancellationToken cut)
    {
        using var near = client;
        if (!IsOpen)
        {
            return;
        }

        using var far = new TcpClient();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, cut);
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _port, over.Token);
            await Task.WhenAny(
                CopyAsync(near.GetStream(), far.GetStream(), over.Token),
                CopyAsync(far.GetStream(), near.GetStream(), over.Token)
            );
            await over.CancelAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // Either side has gone: so does the other.
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationToken over)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, over) is > 0 and var count)
        {
            await Task.Delay(Delay, TimeProvider.System, over);
            await to.WriteAsync(buffer.AsMemory(0, count), over);
        }
    }
}
