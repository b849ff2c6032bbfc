using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Proxies;

/// <summary>A proxy that listens on a loopback port, with the configuration that docs/security.md shows.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private const string DocumentedServer = "127.0.0.1:8012";

    private readonly StartedProgram _program;
    private readonly Workspace _workspace;

    private RunningProxy(StartedProgram program, Workspace workspace, Uri address) =>
        (_program, _workspace, Address) = (program, workspace, address);

    internal Uri Address { get; }

    internal static async Task<RunningProxy> StartAsync(ProxyProgram proxy, Uri server)
    {
        var workspace = new Workspace();
        var listen = FreeAddress();
        var block = BlockOf(proxy.Language).Replace(DocumentedServer, server.Authority, StringComparison.Ordinal);
        Assert.Contains(server.Authority, block, StringComparison.Ordinal);
        var configuration = workspace.Write(
            "proxy.conf",
            proxy.Around(block, workspace.Root, listen.ToString()) + "\n"
        );
        var program = StartedProgram.Start(new ProgramStart(proxy.Start(configuration), workspace));
        var running = new RunningProxy(program, workspace, new Uri($"http://{listen}"));
        try
        {
            await Eventually.IsTrueAsync(() => program.HasExited || Listens(listen), "the proxy listens");
            Assert.False(program.HasExited, program.Transcript);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _workspace.Dispose();
    }

    private static string BlockOf(string language) =>
        Regex
            .Match(
                Document.Read("docs", "security.md"),
                $"```{language}\n(?<text>.*?)```",
                RegexOptions.Singleline | RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(1)
            )
            .Groups["text"]
            .Value;

    /// <summary>Free a moment ago: no proxy tells which port it was given.</summary>
    private static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    private static bool Listens(IPEndPoint address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
