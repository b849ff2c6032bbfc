using System.Net;
using System.Net.Sockets;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Proxies;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Operating;

/// <summary>The health check of a container: it finds the server by the same settings.</summary>
public sealed class PingTests
{
    [Theory]
    [InlineData("127.0.0.1:PORT")]
    [InlineData("127.0.0.1:PORT", "--path-base", "/deployer")]
    [InlineData("[::1]:PORT,127.0.0.1:0")]
    [InlineData("unix:SOCKET,127.0.0.1:0")]
    [InlineData("127.0.0.1:PORT", "--tls-certificate", "CERTIFICATE", "--tls-key", "KEY")]
    [InlineData(
        "127.0.0.1:PORT",
        "--tls-certificate",
        "CERTIFICATE",
        "--tls-key",
        "KEY",
        "--tls-client-ca",
        "CERTIFICATE"
    )]
    public async Task It_lives_as_long_as_the_server(string listen, params string[] more)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));
        var (certificate, key) = TestCertificate.Write(workspace);
        string[] settings =
        [
            .. new[] { "--listen", listen }
                .Concat(more)
                .Select(text =>
                    text.Replace("PORT", $"{ListenTests.FreePort()}", StringComparison.Ordinal)
                        .Replace("SOCKET", workspace.At("http.sock"), StringComparison.Ordinal)
                        .Replace("CERTIFICATE", certificate, StringComparison.Ordinal)
                        .Replace("KEY", key, StringComparison.Ordinal)
                ),
        ];
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new BareServer(), workspace) { Arguments = settings }
        );

        Assert.Equal(0, (await PingAsync(workspace, settings)).ExitCode);
        // Who has no certificate can't ask.
        Assert.Equal(
            more.Contains("--tls-client-ca") ? ServerStart.WrongUsage : 0,
            (await PingAsync(workspace, [.. settings, "--ready"])).ExitCode
        );

        server.Program.Signal(PosixSignal.Kill);
        await server.Program.ExitAsync();
        var gone = await PingAsync(workspace, settings);

        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("can't be reached", Assert.Single(gone.Errors.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_with_mistakes_that_came_later_does_not_end_it()
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));
        string[] settings = ["--listen", $"127.0.0.1:{ListenTests.FreePort()}"];
        await using var server = await RunningServer.StartAsync(
            new ProgramStart(new BareServer(), workspace) { Arguments = settings }
        );
        workspace.Write("deployer.yml", "nonsense");

        Assert.Equal(0, (await PingAsync(workspace, settings)).ExitCode);
    }

    [Fact]
    public async Task Another_program_is_not_taken_for_the_server()
    {
        using var workspace = new Workspace();
        var (certificate, key) = TestCertificate.Write(workspace);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var pinged = PingAsync(
            workspace,
            ["--port", $"{port}", "--tls-certificate", certificate, "--tls-key", key, "--tls-client-ca", certificate]
        );
        using (var connection = await other.AcceptSocketAsync())
        {
            await connection.SendAsync("SSH-2.0-other\r\n"u8.ToArray());
        }

        Assert.Equal(1, (await pinged).ExitCode);
    }

    [Theory]
    [InlineData("--port", "0")]
    [InlineData("--port", "x")]
    public async Task What_can_not_be_asked_is_said(params string[] settings)
    {
        using var workspace = new Workspace();

        Assert.Equal(ServerStart.WrongUsage, (await PingAsync(workspace, settings)).ExitCode);
    }

    private static Task<ProgramRun> PingAsync(Workspace workspace, string[] settings) =>
        ProgramRun.ToEndAsync(new ProgramStart(new BareServer(), workspace) { Arguments = ["ping", .. settings] });
}
