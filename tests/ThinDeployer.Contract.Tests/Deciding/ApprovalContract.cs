using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Deciding;

/// <summary>What needs an approval waits for it, and is what was approved.</summary>
public abstract class ApprovalContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string AdminToken = "the-admin-token-of-these-tests";

    private static readonly Dictionary<string, string> AsAdmin = new() { ["THIN_DEPLOYER_ADMIN_TOKEN"] = AdminToken };

    protected override string Configuration =>
        Deciders.Service("one", "approval: {by: [alice, bob]}", "echo %word% >> one.ran")
        + Deciders.Service("two", "approval: {by: [alice, bob, ci], count: 2}", "echo ran >> two.ran")
        + Deciders.Service("own", "approval: {by: [ci], self: true}", "true")
        + Deciders.Service("late", "approval: {by: [alice], timeout: 1s}", "touch late.ran")
        + Deciders.Service("newest", "when_busy: supersede, approval: {by: [alice]}", "echo %word% >> newest.ran");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => AsAdmin;

    [Fact]
    public async Task One_waits_until_somebody_else_says_yes_and_all_can_see_why()
    {
        var accepted = await Server.DeployAsync("one?word=first");

        var id = accepted.Json.GetProperty("id").GetString()!;
        var wait = accepted.Json.GetProperty("waitsFor");
        Assert.Equal((202, "waiting"), (accepted.Status, accepted.Json.GetProperty("status").GetString()));
        Assert.Equal("approval", wait.GetProperty("what").GetString());
        Assert.Equal(["alice", "bob"], wait.GetProperty("by").EnumerateArray().Select(name => name.GetString()));
        var listed = await Server.AskAsync("/deployments?status=waiting&service=one");
        Assert.Equal(id, listed.Json.GetProperty("deployments")[0].GetProperty("id").GetString());
        Assert.False(listed.Json.GetProperty("deployments")[0].TryGetProperty("queuedAhead", out _));

        var own = await Server.ApproveAsync(id, ServiceYaml.Token);
        var wrong = await Server.ApproveAsync(id, "not-a-token-of-these-tests");
        Assert.Equal((403, 403, "waiting"), (own.Status, wrong.Status, await Server.StatusAsync(id)));

        var approved = await Server.ApproveAsync(id, Deciders.Alice, ("reason", "looks good"));

        Assert.Equal(200, approved.Status);
        var end = await Server.EndOfAsync(id);
        var approval = Assert.Single(end.GetProperty("approvals").EnumerateArray());
        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.Equal(
            ("alice", "looks good"),
            (approval.GetProperty("who").GetString(), approval.GetProperty("reason").GetString())
        );
        Assert.Contains("first", Server.Workspace.ReadSite("one.ran"), StringComparison.Ordinal);
        Assert.Equal(409, (await Server.ApproveAsync(id, Deciders.Bob)).Status);
    }

    [Fact]
    public async Task Of_several_each_counts_once_and_who_started_it_not_at_all()
    {
        var id = await Server.WaitsAsync("two");

        var first = await Server.ApproveAsync(id, Deciders.Alice);
        var again = await Server.ApproveAsync(id, Deciders.Alice);
        var own = await Server.ApproveAsync(id, ServiceYaml.Token);

        Assert.Equal((200, 409, 403), (first.Status, again.Status, own.Status));
        Assert.Equal(1, first.Json.GetProperty("waitsFor").GetProperty("given").GetInt32());
        Assert.Equal("waiting", await Server.StatusAsync(id));
        Assert.Equal(200, (await Server.ApproveAsync(id, Deciders.Bob)).Status);
        Assert.Equal("succeeded", (await Server.EndOfAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_admin_may_decide_about_all_and_who_may_approve_his_own_may()
    {
        var one = await Server.WaitsAsync("one?word=admin");
        var own = await Server.WaitsAsync("own");

        Assert.Equal(200, (await Server.ApproveAsync(one, AdminToken)).Status);
        Assert.Equal(200, (await Server.ApproveAsync(own, ServiceYaml.Token)).Status);

        Assert.Equal("succeeded", (await Server.EndOfAsync(one)).GetProperty("status").GetString());
        Assert.Equal("succeeded", (await Server.EndOfAsync(own)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task One_that_is_rejected_never_runs_and_says_who_said_no()
    {
        var id = await Server.WaitsAsync("one?word=rejected");

        var answer = await Server.AskAsync($"/deployments/{id}/reject", Deciders.Bob, ("reason", "not today"));

        Assert.Equal((200, "rejected"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.Equal("bob", answer.Json.GetProperty("rejectedBy").GetProperty("who").GetString());
        var log = await Server.AskAsync($"/deployments/{id}/log");
        Assert.Contains("bob rejected this deployment: not today", log.Text, StringComparison.Ordinal);
        Assert.Equal(409, (await Server.ApproveAsync(id, Deciders.Alice)).Status);
    }

    [Fact]
    public async Task One_that_nobody_decides_about_expires()
    {
        var id = await Server.WaitsAsync("late");

        Assert.Equal("expired", (await Server.EndOfAsync(id)).GetProperty("status").GetString());
        Assert.Equal(409, (await Server.ApproveAsync(id, Deciders.Alice)).Status);
        Assert.Equal(
            "succeeded",
            (await Server.EndOfAsync(await ApprovedAsync("one?word=other"))).GetProperty("status").GetString()
        );
    }

    [Fact]
    public async Task One_that_waits_can_be_cancelled_and_a_newer_one_takes_its_place()
    {
        var cancelled = await Server.WaitsAsync("one?word=cancelled");
        var old = await Server.WaitsAsync("newest?word=old");

        Assert.Equal(202, (await Server.ControlAsync($"{cancelled}/cancel")).Status);
        var newest = await Server.WaitsAsync("newest?word=new");

        Assert.Equal("cancelled", await Server.StatusAsync(cancelled));
        Assert.Equal("superseded", await Server.StatusAsync(old));
        Assert.Equal(200, (await Server.ApproveAsync(newest, Deciders.Alice)).Status);
        await Server.EndOfAsync(newest);
        Assert.Equal("new\n", Server.Workspace.ReadSite("newest.ran"));
    }

    [Fact]
    public async Task What_is_said_must_be_understood()
    {
        var id = await Server.WaitsAsync("one?word=mistakes");

        var unknown = await Server.ApproveAsync(id, Deciders.Alice, ("reasons", "typo"));
        var broken = await Server.SendAsync(
            HttpMethod.Post,
            $"/deployments/{id}/approve",
            new StringContent("{"),
            ("X-Auth-Token", Deciders.Alice)
        );
        var gone = await Server.ApproveAsync("018f0000-0000-7000-8000-000000000000", Deciders.Alice);

        Assert.Equal((400, 400, 404), (unknown.Status, broken.Status, gone.Status));
        Assert.Contains("reason", unknown.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        var json = await Server.SendAsync(
            HttpMethod.Post,
            $"/deployments/{id}/approve",
            new StringContent("""{"reason": "as JSON"}"""),
            ("X-Auth-Token", Deciders.Alice)
        );
        Assert.Equal(200, json.Status);
    }

    [Fact]
    public async Task A_change_of_the_commands_asks_again_and_another_one_does_not()
    {
        await using var server = await StartOwnAsync(Changing("echo old >> ran", "count: 2"));
        var id = await server.WaitsAsync("site");
        Assert.Equal(200, (await server.ApproveAsync(id, Deciders.Alice)).Status);

        server.Workspace.Write("deployer.yml", Changing("echo new >> ran", "count: 2"));
        await Eventually.IsTrueAsync(
            async () =>
                (await server.AskAsync($"/deployments/{id}"))
                    .Json.GetProperty("waitsFor")
                    .GetProperty("given")
                    .GetInt32(),
            0,
            "it asks again"
        );
        Assert.Equal(200, (await server.ApproveAsync(id, Deciders.Bob)).Status);
        server.Workspace.Write("deployer.yml", Changing("echo new >> ran", "count: 1"));

        Assert.Equal("succeeded", (await server.EndOfAsync(id)).GetProperty("status").GetString());
        Assert.Equal("new\n", server.Workspace.ReadSite("ran"));
    }

    private static string Changing(string command, string count) =>
        Deciders.Service("site", $"approval: {{by: [alice, bob], {count}}}", command);

    private async Task<string> ApprovedAsync(string serviceAndQuery)
    {
        var id = await Server.WaitsAsync(serviceAndQuery);
        Assert.Equal(200, (await Server.ApproveAsync(id, Deciders.Alice)).Status);
        return id;
    }
}
