using System.Net;
using System.Net.Sockets;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>
/// A server that does not come to serve. What waited on the disk may have begun by then, since that comes before the port.
/// </summary>
public sealed class FailedStartTests
{
    [Theory]
    [InlineData("touch began; while :; do sleep 600; done")]
    // What a crash left of it is still being stopped when the start fails.
    [InlineData("trap '' TERM; touch began; while :; do sleep 1; done")]
    public async Task A_server_that_can_t_listen_leaves_nothing_running(string command)
    {
        var configuration = ServiceYaml.With("site", "stop_grace: 3s", command);
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

    [Theory]
    [InlineData(PosixSignal.Terminate)]
    [InlineData(PosixSignal.Interrupt)]
    public async Task A_server_that_is_told_to_stop_while_it_waits_for_its_data_ends_well(int signal)
    {
        using var workspace = new Workspace();
        var configuration = ServiceYaml.Of("site", "true");
        await using var held = new FileStream(
            workspace.At("data", "lock"),
            FileMode.Create,
            FileAccess.Write,
            FileShare.None
        );
        // The last that it does before it waits is to keep others out of a folder with a record.
        workspace.Write("data/deployments.db", "");
        File.SetUnixFileMode(workspace.Data, (UnixFileMode)0b111_111_111);
        await using var program = StartedProgram.Start(With(workspace, configuration, port: 0));
        await Eventually.IsTrueAsync(
            () => !File.GetUnixFileMode(workspace.Data).HasFlag(UnixFileMode.OtherWrite),
            "the server has begun"
        );

        program.Signal(signal);

        Assert.Equal(0, await program.ExitAsync());
        Assert.Empty(program.Errors.Lines);
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
