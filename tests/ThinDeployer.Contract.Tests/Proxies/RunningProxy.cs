using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Proxies;

/// <summary>A proxy that listens on a loopback port, with the configuration that docs/proxies.md shows.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private readonly StartedProgram _program;
    private readonly Workspace _workspace;

    private RunningProxy(StartedProgram program, Workspace workspace, Uri address, Uri tlsAddress) =>
        (_program, _workspace, Address, TlsAddress) = (program, workspace, address, tlsAddress);

    internal Uri Address { get; }

    /// <summary>The same by TLS, with the certificate of <see cref="TestCertificate"/>.</summary>
    internal Uri TlsAddress { get; }

    internal static async Task<RunningProxy> StartAsync(ProxyProgram proxy, string server)
    {
        var workspace = new Workspace();
        var (plain, tls) = FreeAddresses();
        var (certificate, key) = TestCertificate.Write(workspace);
        var place = new ProxyPlace(server, plain.ToString(), tls.ToString(), workspace.Root, certificate, key);
        var configuration = workspace.Write("proxy.conf", proxy.Configuration(BlockOf(proxy.Language), place) + "\n");
        var program = StartedProgram.Start(new ProgramStart(proxy.Start(configuration), workspace));
        var running = new RunningProxy(program, workspace, new Uri($"http://{plain}"), new Uri($"https://{tls}"));
        try
        {
            await Eventually.IsTrueAsync(
                () => program.HasExited || (Listens(plain) && Listens(tls)),
                "the proxy listens"
            );
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
                Document.Read("docs", "proxies.md"),
                $"```{language}\n(?<text>.*?)```",
                RegexOptions.Singleline | RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(1)
            )
            .Groups["text"]
            .Value;

    /// <summary>Free a moment ago: no proxy tells which ports it was given.</summary>
    private static (IPEndPoint Plain, IPEndPoint Tls) FreeAddresses()
    {
        using var plain = new TcpListener(IPAddress.Loopback, port: 0);
        using var tls = new TcpListener(IPAddress.Loopback, port: 0);
        plain.Start();
        tls.Start();
        return ((IPEndPoint)plain.LocalEndpoint, (IPEndPoint)tls.LocalEndpoint);
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
