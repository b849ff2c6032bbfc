using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>SIGHUP, by which daemons are told to read their configuration again.</summary>
public sealed class HangUpTests
{
    [Fact]
    public async Task It_reads_the_configuration_and_says_what_came_of_it()
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));
        await using var server = await RunningServer.StartAsync(ServerStart.With(workspace));

        server.Program.Signal(PosixSignal.HangUp);
        await LoggedAsync(server, "has not changed");
        workspace.Write("deployer.yml", ServiceYaml.Of("other", "true"));
        server.Program.Signal(PosixSignal.HangUp);
        await LoggedAsync(server, "1 service, added other, removed site");

        Assert.Equal(202, (await server.DeployAsync("other")).Status);
    }

    private static Task LoggedAsync(RunningServer server, string text) =>
        Eventually.IsTrueAsync(
            () => server.Program.Output.Text.Contains(text, StringComparison.Ordinal),
            $"the log says: {text}"
        );
}
