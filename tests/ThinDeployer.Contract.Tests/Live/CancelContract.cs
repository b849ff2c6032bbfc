using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Live;

/// <summary>Stopping what runs, and taking out of the queue what waits.</summary>
public abstract class CancelContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string OtherToken = "the-token-of-another-service";
    private const string NamedToken = "the-token-of-ada-is-this-one";

    protected override string Configuration =>
        ServiceYaml.With(
            "deaf",
            "stop_grace: 200ms, on_failure: [echo $DEPLOYMENT_STATUS > told]",
            "trap '' TERM; setsid sleep 600 & echo $! > orphan; echo $$ > shell; touch deaf.began; while :; do sleep 1; done",
            "touch never"
        )
        + ServiceYaml.Of(
            "queue",
            "touch queue.began; until [ -e queue.go ]; do sleep 0.02; done",
            "echo ran >> queue.ran"
        )
        + ServiceYaml.Of("chain", "touch chain.began; sleep 600; touch chain.went-on")
        + Forking("forks", "")
        + Forking("forks-away", "setsid;")
        + ServiceYaml.Of("hides", ControlGroupFactAttribute.Hide + "touch hides.began; sleep 600")
        + ServiceYaml.Of("leaves", ControlGroupFactAttribute.Hide)
        + ServiceYaml.Of("quick", "true")
        + ServiceYaml.With("hook", "on_success: ['touch hook.began; sleep 600']", "true")
        + ServiceYaml.With(
            "newest",
            "when_busy: cancel, stop_grace: 200ms",
            "echo $DEPLOYMENT_ID begins >> turns; trap 'sleep 0.3; echo $DEPLOYMENT_ID is gone >> turns; exit 1' TERM; "
                + "touch newest.began; until [ -e newest.go ]; do sleep 0.02; done; echo $DEPLOYMENT_ID ends >> turns"
        )
        + ServiceYaml.Bare("named", $"token: {{ada: {NamedToken}}}, pwd: site", "touch named.began; sleep 600")
        + ServiceYaml.Bare("other", $"token: {OtherToken}, pwd: site", "true");

    private static string Forking(string service, string each) =>
        ServiceYaml.With(
            service,
            "stop_grace: 200ms",
            $"perl -MPOSIX -MFcntl=:flock -e 'open(L, \">\", \"{service}.lock\"); flock(L, LOCK_EX); "
                + $"open(B, \">\", \"{service}.began\"); close(B); while (1) {{ fork and _exit(0); {each} }}' & sleep 600"
        );

    [Fact]
    public async Task What_runs_is_stopped_whole()
    {
        var id = await BeginAsync("deaf");
        await Server.Workspace.SiteHasAsync("deaf.began");

        var answer = await Server.ControlAsync($"{id}/cancel");
        var end = await Server.EndOfAsync(id);

        Assert.Equal((202, id), (answer.Status, answer.Json.GetProperty("id").GetString()));
        Assert.Equal("cancelled", end.GetProperty("status").GetString());
        var step = Assert.Single(end.GetProperty("steps").EnumerateArray());
        Assert.Equal("cancelled", step.GetProperty("status").GetString());
        Assert.Contains("was cancelled", step.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", end.GetProperty("cancelledBy").GetString());
        Assert.Equal("cancelled\n", Server.Workspace.ReadSite("told"));
        Assert.False(Server.Workspace.SiteProcess("shell").IsAlive);
        Assert.False(Server.Workspace.SiteProcess("orphan").IsAlive);
    }

    /// <summary>Hardly ever there when somebody looks.</summary>
    [Theory]
    [InlineData("forks")]
    [InlineData("forks-away")]
    public async Task What_only_forks_and_exits_is_stopped_too(string service)
    {
        var id = await BeginAsync(service);
        await Server.Workspace.SiteHasAsync($"{service}.began");
        var held = Server.Workspace.At("site", $"{service}.lock");
        Assert.Throws<IOException>(() => File.Open(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None));

        await Server.ControlAsync($"{id}/cancel");
        await Server.EndOfAsync(id);

        // Each holds it for the next, as long as there is one.
        await using var free = File.Open(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [ControlGroupFact]
    public async Task What_hides_is_stopped_where_the_server_may_make_control_groups()
    {
        var id = await BeginAsync("hides");
        await Server.Workspace.SiteHasAsync("hides.began");
        var hidden = Server.Workspace.SiteProcess("hidden");
        Assert.True(hidden.IsAlive);

        await Server.ControlAsync($"{id}/cancel");
        await Server.EndOfAsync(id);

        Assert.False(hidden.IsAlive);
        Assert.Empty(GroupsOf(id));
    }

    [ControlGroupFact]
    public async Task A_control_group_goes_with_the_last_that_lives_in_it()
    {
        var id = (await Server.DeployAsync("leaves")).Json.GetProperty("id").GetString()!;
        var hidden = Server.Workspace.SiteProcess("hidden");
        var withDaemon = GroupsOf(id);

        hidden.Kill();
        await Eventually.IsTrueAsync(() => !hidden.IsAlive, "the daemon is gone");
        await Server.DeployAsync("quick");

        Assert.Single(withDaemon);
        Assert.Empty(GroupsOf(id));
    }

    private static string[] GroupsOf(string id) =>
        Directory.GetDirectories(ControlGroupFactAttribute.Folder!, $"thin-deployer-{id}.*");

    [Fact]
    public async Task A_command_that_is_stopped_does_not_go_on_behind_what_it_waited_for()
    {
        var id = await BeginAsync("chain");
        await Server.Workspace.SiteHasAsync("chain.began");

        await Server.ControlAsync($"{id}/cancel");
        await Server.EndOfAsync(id);

        Assert.False(File.Exists(Server.Workspace.At("site", "chain.went-on")));
    }

    [Fact]
    public async Task What_waits_never_begins()
    {
        var first = await BeginAsync("queue");
        await Server.Workspace.SiteHasAsync("queue.began");
        var second = Server.DeployAsync("queue");
        await Eventually.IsTrueAsync(() => Server.CountAsync("queued"), 1, "the second waits");
        var waiting = (await Server.AskAsync("/deployments?status=queued")).Json.GetProperty("deployments")[0];

        var answer = await Server.ControlAsync($"{IdOf(waiting)}/cancel");
        var told = await second;
        Server.Workspace.TouchSite("queue.go");
        await Server.EndOfAsync(first);

        Assert.Equal((202, "cancelled"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.Equal("127.0.0.1", answer.Json.GetProperty("cancelledBy").GetString());
        Assert.Equal((500, "cancelled"), (told.Status, told.Json.GetProperty("status").GetString()));
        Assert.False(told.Json.TryGetProperty("startedAt", out _));
        Assert.Equal("ran\n", Server.Workspace.ReadSite("queue.ran"));
    }

    [Fact]
    public async Task What_has_ended_can_not_be_cancelled()
    {
        var id = IdOf((await Server.DeployAsync("quick")).Json);

        var answer = await Server.ControlAsync($"{id}/cancel");

        Assert.Equal(409, answer.Status);
        Assert.Contains("succeeded", answer.Message, StringComparison.Ordinal);
        Assert.Equal("succeeded", (await Server.EndOfAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_hook_is_stopped_and_the_end_stays_what_it_was()
    {
        var id = await BeginAsync("hook");
        await Server.Workspace.SiteHasAsync("hook.began");

        await Server.ControlAsync($"{id}/cancel");

        var end = await Server.EndOfAsync(id);
        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.Equal("127.0.0.1", end.GetProperty("cancelledBy").GetString());
    }

    [Fact]
    public async Task The_name_of_the_token_is_who_cancelled()
    {
        var begun = await SendAsync("/deploy/named", ("X-Auth-Token", NamedToken), ("Prefer", "respond-async"));
        await Server.Workspace.SiteHasAsync("named.began");
        var id = IdOf(begun.Json);

        var answer = await SendAsync($"/deployments/{id}/cancel", ("X-Auth-Token", NamedToken));
        await Eventually.IsTrueAsync(
            async () => (await StatusAsync(id)).GetProperty("status").GetString() == "cancelled" ? 1 : 0,
            1,
            "it is cancelled"
        );

        Assert.Equal("ada", answer.Json.GetProperty("cancelledBy").GetString());
        Assert.Equal("ada", (await StatusAsync(id)).GetProperty("cancelledBy").GetString());

        async Task<JsonElement> StatusAsync(string one) =>
            (await Server.GetAsync($"/deployments/{one}", ("X-Auth-Token", NamedToken))).Json;
    }

    [Fact]
    public async Task The_newest_may_stop_what_runs_and_begins_when_that_is_really_gone()
    {
        var first = await BeginAsync("newest");
        await Server.Workspace.SiteHasAsync("newest.began");
        var second = await BeginAsync("newest");
        var third = await BeginAsync("newest");
        var end = await Server.EndOfAsync(first);
        // Not before: on a busy machine the first would see it sooner than its SIGTERM.
        Server.Workspace.TouchSite("newest.go");

        Assert.Equal("cancelled", end.GetProperty("status").GetString());
        Assert.Contains(end.GetProperty("cancelledBy").GetString(), new[] { second, third });
        Assert.Equal("superseded", (await Server.EndOfAsync(second)).GetProperty("status").GetString());
        Assert.Equal("succeeded", (await Server.EndOfAsync(third)).GetProperty("status").GetString());
        var turns = Server.Workspace.ReadSite("turns").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([$"{first} begins", $"{third} begins", $"{third} ends"], turns.Where(NotGone));

        static bool NotGone(string line) => !line.EndsWith("is gone", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_may_deploy_it_may_cancel_it()
    {
        var id = IdOf((await Server.DeployAsync("quick")).Json);

        var foreign = await SendAsync($"/deployments/{id}/cancel", ("X-Auth-Token", OtherToken));
        var none = await SendAsync($"/deployments/{id}/cancel");
        var unknown = await Server.ControlAsync("01a20ae4-0000-7000-8000-000000000000/cancel");
        var wrongMethod = await Server.AskAsync($"/deployments/{id}/cancel");

        Assert.Equal((404, 403, 404, 405), (foreign.Status, none.Status, unknown.Status, wrongMethod.Status));
    }

    private Task<Answer> SendAsync(string path, params (string Name, string Value)[] headers) =>
        Server.SendAsync(HttpMethod.Post, path, content: null, headers);

    private async Task<string> BeginAsync(string service) => IdOf((await Server.DeployAtOnceAsync(service)).Json);

    private static string IdOf(JsonElement deployment) => deployment.GetProperty("id").GetString()!;
}
