using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>A client whose connection breaks, or whose server goes away, while it follows.</summary>
public sealed class ResumeTests
{
    /// <summary>Different in each run; it is in the message of a test that fails.</summary>
    private static readonly int Seed = Environment.ProcessId;

    [Fact]
    public async Task Wherever_the_connection_is_cut_the_output_is_whole()
    {
        var random = new Random(Seed);
        await using var server = await StartAsync(
            ServiceYaml.Of(
                "site",
                "for i in $(seq 40); do seq -f 'äöü€😀 %g' $((i * 100)) $((i * 100 + 300)); sleep 0.02; done",
                "printf 'eins\\377 zwei'",
                "echo drei"
            )
        );
        await using var cutter = new ConnectionCutter(server.Address, () => random.Next(1_000, 60_000));
        var id = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;

        var run = await ProgramRun.ToEndAsync(ClientProgram.Start(server.Workspace, cutter.Address, "log", "-f", id));

        var log = await server.AskAsync($"/deployments/{id}/log");
        Assert.True(run.ExitCode == 0, $"seed {Seed}: {run.Errors.Text}");
        Assert.True(cutter.Cuts > 2, $"seed {Seed}: {cutter.Cuts} cuts");
        Assert.Equal(System.Text.Encoding.UTF8.GetString(log.Bytes).TrimEnd('\n'), run.Output.Text);
    }

    [Fact]
    public async Task A_crash_of_the_server_is_survived_and_told()
    {
        var server = await StartAsync(ServiceYaml.Of("site", "echo begun", "echo second; touch began; sleep 600"));
        await using var cutter = new ConnectionCutter(server.Address, () => null);
        await using var client = StartedProgram.Start(
            ClientProgram.Start(server.Workspace, cutter.Address, "deploy", "site")
        );
        await Eventually.IsTrueAsync(
            () => client.Output.Lines.Contains("second", StringComparer.Ordinal),
            "the client sees the second step"
        );

        await using var next = await server.CrashAndRestartAsync(With(server.Workspace));
        cutter.Server = next.Address;
        var code = await client.ExitAsync();

        var deployment = (await next.AskAsync("/deployments")).Json.GetProperty("deployments")[0];
        var log = await next.AskAsync($"/deployments/{deployment.GetProperty("id").GetString()}/log");
        Assert.Equal(ClientProgram.Failed, code);
        Assert.Equal(log.Text.TrimEnd('\n'), client.Output.Text);
        Assert.Contains("Connection lost", client.Errors.Text, StringComparison.Ordinal);
        Assert.StartsWith("Deployment interrupted", client.Errors.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_while_the_server_restarts_is_followed_to_its_end()
    {
        var server = await StartAsync(ServiceYaml.Of("site", "until [ -e go ]; do sleep 0.02; done; echo ran"));
        await server.DeployAtOnceAsync("site");
        await using var cutter = new ConnectionCutter(server.Address, () => null);
        await using var client = StartedProgram.Start(
            ClientProgram.Start(server.Workspace, cutter.Address, "deploy", "site")
        );
        await Eventually.IsTrueAsync(() => server.CountAsync("queued"), 1, "the second waits");

        server.Workspace.TouchSite("go");
        await using var next = await server.CrashAndRestartAsync(With(server.Workspace));
        cutter.Server = next.Address;

        Assert.Equal(0, await client.ExitAsync());
        Assert.Contains("ran", client.Output.Lines);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_given_up()
    {
        await using var server = await StartAsync(ServiceYaml.Of("site", "echo begun; touch began; sleep 600"));
        await using var cutter = new ConnectionCutter(server.Address, () => null);
        await using var client = StartedProgram.Start(
            ClientProgram.Start(server.Workspace, cutter.Address, "deploy", "site", "--patience", "1s")
        );
        await Eventually.IsTrueAsync(
            () => client.Output.Lines.Contains("begun", StringComparer.Ordinal),
            "the client sees the output"
        );

        server.Program.Signal(PosixSignal.Kill);

        Assert.Equal(ClientProgram.NotReached, await client.ExitAsync());
        Assert.Contains("it may still run", client.Errors.Lines[^1], StringComparison.Ordinal);
    }

    /// <summary>The workspace becomes the server's.</summary>
    private static Task<RunningServer> StartAsync(string configuration)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", configuration);
        return RunningServer.StartAsync(With(workspace));
    }

    private static ProgramStart With(Workspace workspace) => ServerStart.With(workspace);
}
