using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Deciding;

/// <summary>Outside of its windows a service waits, or says when it opens.</summary>
public abstract class WindowContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private static readonly DateTimeOffset Opening = new(
        TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(3),
        TimeSpan.Zero
    );

    private static string Allowed =>
        string.Create(CultureInfo.InvariantCulture, $"windows: [{{allow: {{days: {Opening:yyyy-MM-dd}}}}}]");

    protected override string Configuration =>
        Deciders.Service("waits", Allowed + ", approval: {by: [alice], count: 1}", "touch waits.ran")
        + Deciders.Service("refuses", Allowed + ", when_closed: refuse", "true")
        + ServiceYaml.Bare(
            "urgent",
            $"token: {{ci: {ServiceYaml.Token}, alice: {{value: {Deciders.Alice}, may: [deploy, approve, read]}}}}, "
                + $"pwd: site, {Allowed}, when_closed: refuse",
            "true"
        )
        + Deciders.Service("never", "windows: [{deny: {days: [mon-sun]}}]", "true")
        + Deciders.Service("open", "windows: [{deny: {days: 2001-01-01}}]", "true");

    [Fact]
    public async Task One_waits_for_its_window_and_is_let_through_only_with_a_reason()
    {
        var id = await Server.WaitsAsync("waits");
        var approved = await Server.ApproveAsync(id, Deciders.Alice);

        Assert.Equal("window", approved.Json.GetProperty("waitsFor").GetProperty("what").GetString());
        Assert.Equal(
            Opening.UtcDateTime,
            approved.Json.GetProperty("waitsFor").GetProperty("opensAt").GetDateTimeOffset().UtcDateTime
        );
        Assert.Equal(400, (await Server.ApproveAsync(id, Deciders.Alice)).Status);
        Assert.Equal("waiting", await Server.StatusAsync(id));

        var passed = await Server.ApproveAsync(id, Deciders.Alice, ("reason", "the site is down"));

        Assert.Equal(200, passed.Status);
        var end = await Server.EndOfAsync(id);
        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.Equal("the site is down", end.GetProperty("passedBy").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task One_that_does_not_wait_says_when_to_come_back()
    {
        var refused = await Server.DeployAsync("refuses");

        Assert.Equal(409, refused.Status);
        Assert.Equal(Opening.UtcDateTime, refused.Json.GetProperty("opensAt").GetDateTimeOffset().UtcDateTime);
        Assert.Equal(Opening.ToString("R", CultureInfo.InvariantCulture), refused.Headers["Retry-After"]);
        Assert.Equal(0, await Server.CountAsync("waiting&service=refuses"));
    }

    [Fact]
    public async Task Who_may_approve_deploys_with_a_reason_and_others_do_not()
    {
        var other = await PassAsync(ServiceYaml.Token);
        var alice = await PassAsync(Deciders.Alice);

        Assert.Equal((409, 202), (other.Status, alice.Status));
        var kept = await Server.AskAsync($"/deployments/{alice.Json.GetProperty("id").GetString()}");
        Assert.Equal("alice", kept.Json.GetProperty("passedBy").GetProperty("who").GetString());

        Task<Http.Answer> PassAsync(string token) =>
            Server.SendAsync(
                HttpMethod.Post,
                "/deploy/urgent",
                content: null,
                ("X-Auth-Token", token),
                ("X-Pass-Reason", "the site is down")
            );
    }

    [Fact]
    public async Task One_that_never_opens_is_refused_and_one_that_is_open_runs()
    {
        Assert.Equal(409, (await Server.DeployAsync("never")).Status);
        Assert.Equal(202, (await Server.DeployAsync("open")).Status);
    }
}
