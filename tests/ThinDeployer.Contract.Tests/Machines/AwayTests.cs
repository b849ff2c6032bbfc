using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Machines;

/// <summary>What a rollout does with a machine that is away, and what a front does whose broker is not named any more.</summary>
[Collection(OneFleetBroker.Name)]
public sealed class AwayTests(SharedBroker shared)
{
    private static readonly IReadOnlyList<string> Two = ["web-1", "web-2"];

    private static readonly string Machine = string.Concat(
        new[] { "skips", "fails", "waits" }
            .Select(name => ServiceYaml.Bare(name, "pwd: site", "true"))
            .Append(ServiceYaml.Bare("held", "pwd: site", "touch began; until [ -e go ]; do sleep 0.05; done"))
    );

    [Fact]
    public async Task A_machine_that_is_away_is_left_out_or_has_failed_or_is_waited_for_as_the_rollout_says()
    {
        await using var chat = await WebhookReceiver.StartAsync();
        var front =
            Service(
                "skips",
                "unavailable: skip",
                $"notify: [{{to: webhook, url: '{chat.Url}', on: [succeeded, failed]}}], "
            )
            + Service("fails", "unavailable: fail")
            + Service("waits", "batch: 100%");
        await using var fleet = await Fleet.StartAsync(shared.Broker, front, _ => Machine, Two);
        await fleet["web-2"].StopAsync();
        await Eventually.IsTrueAsync(
            async () => (await fleet.MachinesAsync()).Count(one => one.GetProperty("state").GetString() == "away"),
            1,
            "web-2 is away"
        );

        var skips = await fleet.DeployAsync("skips");
        var fails = await fleet.DeployAsync("fails");
        var waits = await fleet.BeginAsync("waits");
        await fleet.ComesToAsync(waits, "web-1", "succeeded");
        var late = await fleet.AskAsync(waits);
        fleet["web-2"].Start();
        var came = await fleet.EndOfAsync(waits);

        Assert.Equal("succeeded", skips.GetProperty("status").GetString());
        Assert.Equal(["succeeded", "expired"], Fleet.StatusesOf(skips));
        Assert.Equal("failed", fails.GetProperty("status").GetString());
        Assert.Equal(["succeeded", "expired"], Fleet.StatusesOf(fails));
        Assert.All([skips, fails, late], whole => Assert.StartsWith("it is away, and was last seen ", NoteOf(whole)));
        Assert.Equal("queued", Fleet.StatusOf(late, "web-2"));
        Assert.Equal("succeeded", came.GetProperty("status").GetString());
        await Eventually.IsTrueAsync(() => chat.Messages.Count > 0, "it was told");
        var told = Assert.Single(chat.Messages).GetProperty("data").GetProperty("deployment");
        Assert.Equal(skips.GetProperty("id").GetString(), told.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_front_that_names_no_broker_any_more_lets_its_rollouts_wait()
    {
        var front = Service("held", "batch: [1, 100%]") + Service("waits", "batch: 100%");
        await using var fleet = await Fleet.StartAsync(shared.Broker, front, _ => Machine, Two);
        var id = await fleet.BeginAsync("held");
        await fleet["web-1"].Workspace.SiteHasAsync("began");

        await fleet.CrashFrontAsync(hasBroker: false);
        var waiting = await fleet.AskAsync(id);
        var refused = await fleet.DeployAsync("waits");
        var why = await fleet.LogAsync(refused.GetProperty("id").GetString()!);
        Release(fleet);
        await fleet.CrashFrontAsync();
        var end = await fleet.EndOfAsync(id);

        Assert.Equal("running", waiting.GetProperty("status").GetString());
        Assert.Contains("--broker", NoteOf(waiting, "web-1"), StringComparison.Ordinal);
        Assert.Equal("failed", refused.GetProperty("status").GetString());
        Assert.Contains("start it with --broker", why, StringComparison.Ordinal);
        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.Equal(["succeeded", "succeeded"], Fleet.StatusesOf(end));
    }

    [Fact]
    public async Task What_waits_for_a_broker_that_is_not_named_is_given_up_by_who_cancels_it()
    {
        var front = Service("held", "batch: [1, 100%]");
        await using var fleet = await Fleet.StartAsync(shared.Broker, front, _ => Machine, Two);
        var id = await fleet.BeginAsync("held");
        await fleet["web-1"].Workspace.SiteHasAsync("began");

        await fleet.CrashFrontAsync(hasBroker: false);
        await fleet.Front.ControlAsync($"{id}/cancel");
        var end = await fleet.EndOfAsync(id);
        Release(fleet);
        await fleet.CrashFrontAsync();
        await fleet.AllAreThereAsync();
        var next = await fleet.DeployAsync("held");

        Assert.Equal("cancelled", end.GetProperty("status").GetString());
        Assert.Equal(["interrupted", "cancelled"], Fleet.StatusesOf(end));
        Assert.Equal("succeeded", next.GetProperty("status").GetString());
    }

    private static string Service(string name, string rollout, string more = "") =>
        $"{name}: {{token: {ServiceYaml.Token}, {more}machines: [web-1, web-2], rollout: {{{rollout}}}}}\n";

    private static void Release(Fleet fleet)
    {
        foreach (var machine in fleet.Machines)
        {
            machine.Workspace.TouchSite("go");
        }
    }

    private static string? NoteOf(JsonElement whole, string machine = "web-2") =>
        Fleet.On(whole, machine).GetProperty("note").GetString();
}
