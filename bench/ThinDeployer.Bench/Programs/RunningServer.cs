using System.Net;
using System.Net.Sockets;

namespace ThinDeployer.Bench.Programs;

/// <summary>A contestant that answers.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);

    private readonly ServerFolder? _owned;

    private RunningServer(IContestant contestant, StartedProgram program, ServerFolder? owned)
    {
        Contestant = contestant;
        Program = program;
        _owned = owned;
    }

    internal IContestant Contestant { get; }

    internal StartedProgram Program { get; }

    internal string Name => Contestant.Name;

    internal int Port { get; private set; }

    /// <param name="contestant">Who.</param>
    /// <param name="folder">Where.</param>
    /// <param name="isOwned">Whether the folder goes with the server.</param>
    /// <param name="cancellationToken">Ends the waiting, and the server.</param>
    internal static async Task<RunningServer> StartAsync(
        IContestant contestant,
        ServerFolder folder,
        bool isOwned,
        CancellationToken cancellationToken
    )
    {
        // That of a start before tells of another port.
        File.Delete(folder.LogFile);
        var asked = FreePort();
        var program = StartedProgram.Start(contestant.StartIn(folder, asked));
        var server = new RunningServer(contestant, program, isOwned ? folder : null);
        try
        {
            using var limit = new CancellationTokenSource(StartLimit, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            await server.AnswersAsync(folder, asked, either.Token);
            return server;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await server.DisposeAsync();
            throw new BenchFaultException($"{contestant.Name} does not listen:\n{folder.Log()}");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A port that nobody has; somebody may take it before it is used, which then shows.</summary>
    internal static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    internal string UrlOf(string path) => $"http://127.0.0.1:{Port}{path}";

    internal string DeployUrl(string service) => UrlOf(Contestant.PathOf(service));

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        _owned?.Dispose();
    }

    private async Task AnswersAsync(ServerFolder folder, int asked, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Program.HasExited)
            {
                throw new BenchFaultException($"{Name} ended at its start:\n{folder.Log()}");
            }

            if (Contestant.PortIn(folder.Log(), asked) is { } port && await ListensAsync(port, cancellationToken))
            {
                Port = port;
                return;
            }

            await Task.Delay(LookInterval, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
