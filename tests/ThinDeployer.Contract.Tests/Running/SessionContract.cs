using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>What a step signals by group or session is its own, whatever kind of step it is.</summary>
public abstract class SessionContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    /// <summary>
    /// Gives up where the group or the session is another's: a test that fails must not signal those who run it. Fields
    /// 5 and 6 of proc(5); the name of a shell has no blank.
    /// </summary>
    private const string Alone =
        "read -r pid name state parent group session rest < /proc/self/stat; "
        + "[ \"$group $session\" = \"$$ $$\" ] || { echo not alone; exit 3; }; ";

    /// <summary>
    /// Waits until the process in the background is the program: bash takes a signal that comes between its fork and the exec
    /// for its own, and the child lives on (1 of 1,500).
    /// </summary>
    private const string Begun = "until [ $(cat /proc/$!/comm) = sleep ]; do :; done; ";

    private const string Hurts = Alone + "sleep 600 & sleep 600 & ";

    protected override string Configuration =>
        ServiceYaml.Of("bystander", "touch began; until [ -e go ]; do sleep 0.02; done; echo unharmed")
        + ServiceYaml.Of("first", Hurts + "kill -9 0")
        + ServiceYaml.Of("second", "true", Hurts + "kill -TERM 0")
        + ServiceYaml.Of("by-number", Hurts + "kill -9 -$$")
        + ServiceYaml.Of("trap", Alone + $"bash -c 'trap \"kill 0\" EXIT; sleep 600 & {Begun}echo done'")
        + ServiceYaml.With("hook", $"on_failure: [{ServiceYaml.Quoted(Hurts + "touch hook; kill -9 0")}]", "false")
        + ServiceYaml.With("success", $"on_success: [{ServiceYaml.Quoted(Hurts + "touch success; kill 0")}]", "true")
        + "retry: {token: "
        + ServiceYaml.Token
        + $", pwd: site, commands: [{{run: {ServiceYaml.Quoted(Hurts + "kill -9 0")}, retries: 1, retry_delay: 1ms}}]}}\n"
        + (
            Environment.UserName == "root"
                ? ServiceYaml.With("another", "run_as: daemon", Hurts + "kill -9 0")
                : ServiceYaml.Of("another", "exit 1")
        );

    protected override void Prepare(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        File.SetUnixFileMode(workspace.Root, (UnixFileMode)0b111_101_101);
    }

    [Theory]
    [InlineData("first", "SIGKILL")]
    [InlineData("second", "SIGTERM")]
    [InlineData("by-number", "SIGKILL")]
    [InlineData("trap", "SIGTERM")]
    [InlineData("retry", "SIGKILL")]
    public async Task It_ends_the_step_and_nothing_else(string service, string signal)
    {
        var answer = await WithBystanderAsync(service);

        Assert.Equal((500, "failed"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.Contains($"(as after {signal})", answer.Printed[^1], StringComparison.Ordinal);
    }

    [RootFact]
    public async Task So_it_is_with_the_rights_of_another_user()
    {
        var answer = await WithBystanderAsync("another");

        Assert.Contains("(as after SIGKILL)", answer.Printed[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hook", "failed")]
    [InlineData("success", "succeeded")]
    public async Task A_hook_hurts_nobody_else_either(string service, string status)
    {
        var answer = await WithBystanderAsync(service);

        Assert.Equal(status, answer.Json.GetProperty("status").GetString());
        Assert.True(File.Exists(Server.Workspace.At("site", service)), answer.Output);
    }

    /// <summary>Deploys while another service runs something, which must end well.</summary>
    private async Task<Answer> WithBystanderAsync(string service)
    {
        var bystander = await Server.DeployAtOnceAsync("bystander");
        await Server.Workspace.SiteHasAsync("began");

        var answer = await Server.DeployAsync(service);

        Server.Workspace.TouchSite("go");
        var end = await Server.EndOfAsync(bystander.Json.GetProperty("id").GetString()!);
        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.DoesNotContain("not alone", answer.Printed);
        Assert.Empty(ForeignProcess.Below(Server.Workspace.Site));
        File.Delete(Server.Workspace.At("site", "began"));
        File.Delete(Server.Workspace.At("site", "go"));
        return answer;
    }
}
