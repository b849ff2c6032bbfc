using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>The process that a step is: its input, its signals, its folder and what it leaves behind.</summary>
public abstract class StepProcessContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        ServiceYaml.Of("reads", "cat; echo 'end of input'")
        + ServiceYaml.Of("pipe", "yes | head -1")
        + ServiceYaml.Of("here", "pwd")
        + ServiceYaml.Of("cd", "cd /", "pwd")
        + ServiceYaml.Of("signals", "kill -INT $$", "true")
        + ServiceYaml.Of("daemon", "sleep 60 & echo $! > daemon.pid")
        + ServiceYaml.Of(
            "talkative",
            "(until [ -e speak ]; do sleep 0.05; done; echo late; echo later; touch spoke; exec sleep 60) & echo $! > talkative.pid"
        )
        + ServiceYaml.Of("own-session", "setsid sleep 60 & echo $! > session.pid; echo started");

    [Fact]
    public async Task Standard_input_is_empty()
    {
        var answer = await Server.DeployAsync("reads");

        Assert.Equal(["end of input"], answer.Printed);
    }

    [Fact]
    public async Task A_pipe_that_nobody_reads_any_more_ends_its_writer_silently()
    {
        var answer = await Server.DeployAsync("pipe");

        Assert.Equal(202, answer.Status);
        Assert.Equal(["y"], answer.Printed);
    }

    [Fact]
    public async Task Signals_have_their_default_effect()
    {
        var answer = await Server.DeployAsync("signals");

        Assert.Equal(500, answer.Status);
        Assert.Contains("SIGINT", answer.Printed[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("here")]
    [InlineData("cd")]
    public async Task Every_step_begins_in_the_folder_of_the_service(string service)
    {
        var answer = await Server.DeployAsync(service);

        Assert.Equal([Server.Workspace.Site], answer.Printed);
    }

    [Theory]
    [InlineData("daemon", "daemon.pid")]
    [InlineData("own-session", "session.pid")]
    public async Task A_daemon_that_holds_the_output_open_neither_delays_the_answer_nor_dies_of_it(
        string service,
        string pidFile
    )
    {
        var answer = await Server.DeployAsync(service).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

        var daemon = Server.Workspace.SiteProcess(pidFile);
        Assert.Equal(202, answer.Status);
        Assert.True(daemon.IsAlive);
    }

    [Fact]
    public async Task A_daemon_may_write_to_the_output_long_after_the_answer()
    {
        var answer = await Server.DeployAsync("talkative").WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

        var daemon = Server.Workspace.SiteProcess("talkative.pid");
        Server.Workspace.TouchSite("speak");
        await Server.Workspace.SiteHasAsync("spoke");
        Assert.Equal(202, answer.Status);
        Assert.True(daemon.IsAlive);
    }
}
