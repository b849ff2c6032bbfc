using System.Net;
using System.Net.Sockets;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>A server that can't listen: what waited on the disk has begun by then, since that comes before the port.</summary>
public sealed class FailedStartTests
{
    [Fact]
    public async Task A_server_that_can_t_listen_leaves_nothing_running()
    {
        var configuration = ServiceYaml.Of("site", "touch began; while :; do sleep 600; done");
        await using var server = await RunningServer.StartAsync(With(new Workspace(), configuration, port: 0));
        await server.DeployAtOnceAsync("site");
        await server.DeployAtOnceAsync("site");
        await server.Workspace.SiteHasAsync("began");
        server.Program.Signal(PosixSignal.Kill);
        await server.Program.ExitAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var run = await ProgramRun.ToEndAsync(With(server.Workspace, configuration, port));

        Assert.Equal(ServerStart.CouldNotStart, run.ExitCode);
        Assert.Contains("can't listen", Assert.Single(ServerStart.ErrorLines(run)), StringComparison.Ordinal);
        Assert.Empty(ForeignProcess.Below(server.Workspace.Site));
    }

    private static ProgramStart With(Workspace workspace, string configuration, int port)
    {
        workspace.Write("deployer.yml", configuration);
        return new ProgramStart(new ServerOnPort(port), workspace) { Arguments = ["--shutdown-grace", "0s"] };
    }

    private sealed class ServerOnPort(int port) : IHostProgram
    {
        public string Path => ServerProgram.Path;

        public IReadOnlyList<string> Arguments { get; } = ["--listen", "127.0.0.1", "--port", $"{port}"];

        public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();
    }
}
