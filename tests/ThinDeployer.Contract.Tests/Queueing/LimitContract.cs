using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Queueing;

/// <summary>How far a deployment and its steps may go, and what comes after.</summary>
public abstract class LimitContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    /// <summary>Children in sessions of their own, without a parent, and deaf to SIGTERM.</summary>
    private const string Resists =
        "(trap '' TERM; setsid sleep 600 & (sleep 600 &) & while :; do sleep 1; done) & trap '' TERM; wait";

    protected override string Configuration =>
        ServiceYaml.With("late", "timeout: 300ms, stop_grace: 200ms", Resists, "touch late.never")
        + Steps("late-step", "stop_grace: 200ms", "{run: sleep 600, timeout: 300ms}", "touch late-step.never")
        + Steps("tries", "", "{run: 'echo x >> tries; [ $(wc -l < tries) -ge 3 ]', retries: 5, retry_delay: 1ms}")
        + Steps("gives-up", "", "{run: exit 3, retries: 2, retry_delay: 1ms}")
        + Steps("goes-on", "", "{run: exit 3, continue_on_error: true}", "echo went on")
        + Steps(
            "elsewhere",
            "environment: {A: service, B: service}",
            "{run: pwd; echo $A $B, pwd: home, environment: {A: step}}"
        )
        + Hooked("fails", "exit 7")
        + Hooked("works", "true")
        + Hooked("late-hook", "sleep 600", "timeout: 3s, stop_grace: 200ms, ");

    [Theory]
    [InlineData("late", "was stopped, because the deployment took longer than 300ms")]
    [InlineData("late-step", "failed: it took longer than 300ms and was stopped")]
    public async Task Past_its_time_it_is_stopped_with_all_its_processes(string service, string reason)
    {
        var answer = await Server.DeployAsync(service);

        Assert.Equal((500, "timed_out"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.EndsWith(reason, answer.OutputLines[^1], StringComparison.Ordinal);
        Assert.Empty(ForeignProcess.Below(Server.Workspace.Site));
        Assert.False(File.Exists(Server.Workspace.At("site", $"{service}.never")));
    }

    [Fact]
    public async Task A_step_that_fails_is_tried_again()
    {
        var answer = await Server.DeployAsync("tries");

        Assert.Equal(202, answer.Status);
        Assert.Equal(3, answer.Json.GetProperty("steps")[0].GetProperty("attempts").GetInt32());
        Assert.Contains("Trying again in 2ms (2 of 5)", answer.OutputLines);
    }

    [Fact]
    public async Task A_step_that_never_works_fails_after_its_last_attempt()
    {
        var answer = await Server.DeployAsync("gives-up");

        Assert.Equal(500, answer.Status);
        Assert.Equal(3, answer.Json.GetProperty("steps")[0].GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task A_step_may_fail_without_consequences()
    {
        var answer = await Server.DeployAsync("goes-on");

        Assert.Equal((202, "succeeded"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.Equal("failed", answer.Json.GetProperty("steps")[0].GetProperty("status").GetString());
        Assert.Equal("went on", answer.Printed[^1]);
    }

    [Fact]
    public async Task A_step_may_have_a_folder_and_variables_of_its_own()
    {
        var answer = await Server.DeployAsync("elsewhere");

        Assert.Equal([Server.Workspace.Home, "step service"], answer.Printed);
    }

    [Theory]
    [InlineData("fails", "failed", " # on_failure", "rolled back failed exit 7")]
    [InlineData("works", "succeeded", " # on_success", "done succeeded")]
    [InlineData("late-hook", "timed_out", " # on_failure", "rolled back timed_out sleep 600")]
    public async Task The_hook_of_its_end_runs_and_changes_nothing(
        string service,
        string status,
        string title,
        string said
    )
    {
        var answer = await Server.DeployAsync(service);

        Assert.Equal(status, answer.Json.GetProperty("status").GetString());
        Assert.Contains(title, answer.OutputLines);
        Assert.Contains(said, answer.Printed);
        Assert.Equal("Command \"exit 9\" failed with exit code 9", answer.OutputLines[^1]);
        Assert.Equal(1, answer.Json.GetProperty("steps").GetArrayLength());
    }

    private static string Steps(string name, string more, params string[] steps) =>
        $"{name}: {{token: {ServiceYaml.Token}, pwd: site, {(more.Length > 0 ? more + ", " : "")}"
        + $"commands: [{string.Join(", ", steps)}]}}\n";

    private static string Hooked(string name, string command, string more = "") =>
        $"{name}: {{token: {ServiceYaml.Token}, pwd: site, {more}commands: [{command}], "
        + "on_failure: ['echo rolled back $DEPLOYMENT_STATUS $DEPLOYMENT_FAILED_STEP', exit 9], "
        + "on_success: [echo done $DEPLOYMENT_STATUS, exit 9]}\n";
}
