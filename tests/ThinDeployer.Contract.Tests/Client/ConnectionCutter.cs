using System.Net;
using System.Net.Sockets;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>Stands between a client and a server, and cuts each connection after so many bytes of its answer.</summary>
internal sealed class ConnectionCutter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<int?> _bytes;
    private readonly Task _serving;
    private int _cuts;

    /// <param name="server">Where to.</param>
    /// <param name="bytes">Called for each connection; null for one that is not cut.</param>
    internal ConnectionCutter(Uri server, Func<int?> bytes)
    {
        Server = server;
        _bytes = bytes;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>May change: a server that restarts listens elsewhere.</summary>
    internal Uri Server { get; set; }

    internal Uri Address => new($"http://{_listener.LocalEndpoint}");

    internal int Cuts => _cuts;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ConnectAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        try
        {
            await far.ConnectAsync(Server.Host, Server.Port, _end.Token);
            var there = near.GetStream().CopyToAsync(far.GetStream(), over.Token);
            await CopyAsync(far.GetStream(), near.GetStream(), _bytes() ?? int.MaxValue);
            await over.CancelAsync();
            await there;
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // Either side has gone: so does the other.
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, int bytes)
    {
        var buffer = new byte[1024];
        while (bytes > 0)
        {
            var count = await from.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, bytes)), _end.Token);
            if (count == 0)
            {
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
            bytes -= count;
        }

        Interlocked.Increment(ref _cuts);
    }
}
