using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Machines;

/// <summary>What one call does on three machines, and what is told of it.</summary>
/// <typeparam name="THost">Of the front.</typeparam>
public abstract class RolloutContract<THost>(SharedBroker broker, SharedFleet shared)
    : IClassFixture<SharedFleet>,
        IAsyncLifetime
    where THost : IHostProgram, new()
{
    private const string Front = $$$"""
        site: {token: {{{ServiceYaml.Token}}}, machines: all, rollout: {batch: [1, 100%]}}
        held: {token: {{{ServiceYaml.Token}}}, machines: all, rollout: {batch: [1, 100%]}}
        bad: {token: {{{ServiceYaml.Token}}}, pwd: site, machines: all, on_failure: ['echo "$DEPLOYMENT_MACHINES_SUCCEEDED;$DEPLOYMENT_MACHINES_FAILED"']}
        lenient: {token: {{{ServiceYaml.Token}}}, machines: all, rollout: {max_failures: 1}}
        unknown: {token: {{{ServiceYaml.Token}}}, machines: [web-1]}
        manual: {token: {{{ServiceYaml.Token}}}, machines: all, rollout: {batch: [1, 100%], pause: manual}}
        back: {token: {{{ServiceYaml.Token}}}, machines: all, rollout: {batch: 100%}}
        few: {token: {{{ServiceYaml.Token}}}, machines: [web-2], keep: 1}
        local: {token: {{{ServiceYaml.Token}}}, pwd: site, commands: [echo here]}

        """;

    private Fleet? _fleet;

    private Fleet Fleet => _fleet!;

    public async Task InitializeAsync() =>
        _fleet = await shared.GetAsync(() => Fleet.StartAsync(broker.Broker, Front, MachineYaml, host: new THost()));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Each_machine_runs_its_own_commands_with_the_values_of_the_call()
    {
        var end = await Fleet.DeployAsync("site?version=7");

        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.Equal(["succeeded", "succeeded", "succeeded"], Fleet.StatusesOf(end));
        Assert.All(
            Fleet.Machines,
            machine =>
                Assert.EndsWith($"{machine.Name} got 7\n", machine.Workspace.ReadSite("got"), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_first_batch_has_ended_before_the_second_begins()
    {
        var id = await Fleet.BeginAsync("held?version=batches");
        await Fleet["web-1"].Workspace.SiteHasAsync("held-batches");
        var first = await Fleet.AskAsync(id);
        Fleet["web-1"].Workspace.TouchSite("go-batches");
        await Task.WhenAll(
            Fleet["web-2"].Workspace.SiteHasAsync("held-batches"),
            Fleet["web-3"].Workspace.SiteHasAsync("held-batches")
        );
        var second = await Fleet.AskAsync(id);
        Release("batches");
        var end = await Fleet.EndOfAsync(id);

        Assert.Equal(["waiting", "waiting"], Fleet.StatusesOf(first).Skip(1));
        Assert.Equal("succeeded", Fleet.StatusOf(second, "web-1"));
        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.Equal(
            [1, 2, 2],
            end.GetProperty("machines").EnumerateArray().Select(one => one.GetProperty("batch").GetInt32())
        );
        Assert.Empty(end.GetProperty("steps").EnumerateArray());
    }

    [Fact]
    public async Task The_log_of_the_whole_leads_each_line_by_its_machine_and_each_machine_has_its_own()
    {
        var end = await Fleet.DeployAsync("site?version=8");
        var id = end.GetProperty("id").GetString()!;

        var whole = await Fleet.LogAsync(id);
        var byMachine = await Fleet.LogAsync(id, "?machine=web-2");
        var own = await Fleet.LogAsync(Fleet.ChildOf(end, "web-2"));

        Assert.All(
            Fleet.UsualNames,
            name => Assert.Contains($"{name} | {name} got 8\n", whole, StringComparison.Ordinal)
        );
        Assert.Equal(own, byMachine);
        Assert.Contains("\nweb-2 got 8\n", "\n" + own, StringComparison.Ordinal);
        Assert.DoesNotContain("web-1", own, StringComparison.Ordinal);
        Assert.Equal(
            own.TrimEnd('\n').Split('\n'),
            whole
                .Split('\n')
                .Where(line => line.StartsWith("web-2 | ", StringComparison.Ordinal))
                .Select(line => line[8..])
        );
    }

    [Fact]
    public async Task A_machines_deployment_is_found_by_its_id_and_listed_nowhere()
    {
        var end = await Fleet.DeployAsync("site?version=9");
        var id = end.GetProperty("id").GetString();
        var child = await Fleet.AskAsync(Fleet.ChildOf(end, "web-3"));
        var all = (await Fleet.Front.AskAsync("/deployments?service=site&limit=200")).Json.GetProperty("deployments");
        var latest = (await Fleet.Front.AskAsync("/deployments?service=site&limit=1")).Json.GetProperty("deployments");

        Assert.Equal(
            ("web-3", id),
            (child.GetProperty("machine").GetString(), child.GetProperty("parent").GetString())
        );
        Assert.Equal(
            ["succeeded"],
            child.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("status").GetString())
        );
        Assert.Equal(id, latest[0].GetProperty("id").GetString());
        Assert.DoesNotContain(all.EnumerateArray(), one => one.TryGetProperty("parent", out _));
    }

    [Fact]
    public async Task Both_logs_are_followed_while_the_machine_works()
    {
        var id = await Fleet.BeginAsync("held?version=logs");
        await Fleet["web-1"].Workspace.SiteHasAsync("held-logs");
        await using var whole = await Fleet.Front.FollowAsync(id);
        await using var own = await Fleet.Front.FollowAsync(Fleet.ChildOf(await Fleet.AskAsync(id), "web-1"));
        var led = await whole.OutputUntilAsync("web-1 | holds");
        var bare = await own.OutputUntilAsync("holds");
        Release("logs");
        var rest = await own.AllAsync();
        await Fleet.EndOfAsync(id);

        Assert.Contains("web-1 | holds", led, StringComparison.Ordinal);
        Assert.DoesNotContain("web-1 |", bare, StringComparison.Ordinal);
        Assert.Equal("end", rest[^1].Type);
        Assert.Equal("succeeded", rest[^1].Data.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_cancelled_whole_stops_what_runs_and_begins_nothing_more()
    {
        var id = await Fleet.BeginAsync("held?version=cancel");
        await Fleet["web-1"].Workspace.SiteHasAsync("held-cancel");

        var answer = await Fleet.Front.ControlAsync($"{id}/cancel");
        var end = await Fleet.EndOfAsync(id);

        Assert.Equal(202, answer.Status);
        Assert.Equal("cancelled", end.GetProperty("status").GetString());
        Assert.Equal(["cancelled", "cancelled", "cancelled"], Fleet.StatusesOf(end));
        Assert.False(File.Exists(Fleet["web-2"].Workspace.At("site", "held-cancel")));
    }

    [Fact]
    public async Task One_machine_is_cancelled_alone_and_counts_as_failed()
    {
        var id = await Fleet.BeginAsync("held?version=alone");
        await Fleet["web-1"].Workspace.SiteHasAsync("held-alone");
        Fleet["web-1"].Workspace.TouchSite("go-alone");
        await Fleet["web-2"].Workspace.SiteHasAsync("held-alone");

        var answer = await Fleet.Front.ControlAsync($"{Fleet.ChildOf(await Fleet.AskAsync(id), "web-2")}/cancel");
        await Fleet.ComesToAsync(id, "web-2", "cancelled");
        Release("alone");
        var end = await Fleet.EndOfAsync(id);

        Assert.Equal(202, answer.Status);
        Assert.Equal("failed", end.GetProperty("status").GetString());
        Assert.Equal(["succeeded", "cancelled", "succeeded"], Fleet.StatusesOf(end));
    }

    [Fact]
    public async Task A_rerun_of_one_machines_deployment_runs_there_only()
    {
        var end = await Fleet.DeployAsync("site?version=rerun");
        var again = await Fleet.Front.ControlAsync($"{Fleet.ChildOf(end, "web-2")}/rerun");
        var second = await Fleet.EndOfAsync(again.Json.GetProperty("id").GetString()!);

        Assert.Equal("succeeded", second.GetProperty("status").GetString());
        Assert.Equal(
            ["web-2"],
            second.GetProperty("machines").EnumerateArray().Select(one => one.GetProperty("machine").GetString())
        );
        Assert.Equal([1, 2, 1], Fleet.Machines.Select(machine => CountOf(machine, "got rerun\n")));
    }

    [Fact]
    public async Task A_service_is_rolled_back_on_all_machines_or_on_one()
    {
        var old = await Fleet.DeployAsync("back?version=old");
        await Fleet.DeployAsync("back?version=new");

        var one = await BackAsync("?machine=web-3");
        var all = await BackAsync($"?to={old.GetProperty("id").GetString()}");

        Assert.Equal(
            ["web-3"],
            one.GetProperty("machines").EnumerateArray().Select(machine => machine.GetProperty("machine").GetString())
        );
        Assert.Equal(3, all.GetProperty("machines").GetArrayLength());
        Assert.All(
            Fleet.Machines,
            machine => Assert.EndsWith("got old\n", machine.Workspace.ReadSite("back"), StringComparison.Ordinal)
        );
        Assert.Equal([1, 1, 2], Fleet.Machines.Select(machine => CountOf(machine, "got old\n", "back") - 1));

        async Task<JsonElement> BackAsync(string query)
        {
            var answer = await Fleet.Front.SendAsync(
                HttpMethod.Post,
                $"/services/back/rollback{query}",
                content: null,
                ("X-Auth-Token", ServiceYaml.Token),
                ("Prefer", "respond-async")
            );
            Assert.True(answer.Status is 200 or 202, answer.ToString());
            return await Fleet.EndOfAsync(answer.Json.GetProperty("id").GetString()!);
        }
    }

    [Theory]
    [InlineData("approve", "succeeded", "succeeded")]
    [InlineData("reject", "failed", "cancelled")]
    public async Task The_next_batch_begins_only_where_somebody_lets_it(string decision, string whole, string rest)
    {
        var id = await Fleet.BeginAsync("manual");
        await Eventually.IsTrueAsync(
            async () =>
                (await Fleet.AskAsync(id)).TryGetProperty("waitsFor", out var waits)
                && waits.ValueKind is not JsonValueKind.Null
                    ? 1
                    : 0,
            1,
            "it waits for somebody"
        );
        var waiting = await Fleet.AskAsync(id);

        var answer = await Fleet.AdminAsync(HttpMethod.Post, $"/deployments/{id}/{decision}");
        var end = await Fleet.EndOfAsync(id);

        Assert.Equal(["succeeded", "waiting", "waiting"], Fleet.StatusesOf(waiting));
        Assert.True(answer.Status is 200 or 202, answer.ToString());
        Assert.Equal(whole, end.GetProperty("status").GetString());
        Assert.Equal(["succeeded", rest, rest], Fleet.StatusesOf(end));
    }

    [Fact]
    public async Task Too_many_failures_stop_the_rest_and_the_front_may_do_something_about_it()
    {
        var end = await Fleet.DeployAsync("bad");
        var log = await Fleet.LogAsync(end.GetProperty("id").GetString()!);

        Assert.Equal("failed", end.GetProperty("status").GetString());
        Assert.Equal(["succeeded", "failed", "cancelled"], Fleet.StatusesOf(end));
        Assert.Contains("not begun", Fleet.On(end, "web-3").GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Contains("\nweb-1;web-2\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_many_machines_may_fail_as_the_rollout_says()
    {
        var end = await Fleet.DeployAsync("lenient");

        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.Equal(["succeeded", "failed", "succeeded"], Fleet.StatusesOf(end));
    }

    [Fact]
    public async Task A_service_that_a_machine_does_not_have_is_rejected_with_the_reason()
    {
        var end = await Fleet.DeployAsync("unknown");

        Assert.Equal("failed", end.GetProperty("status").GetString());
        Assert.Equal("rejected", Fleet.StatusOf(end, "web-1"));
        Assert.Equal(
            "there is no such service on this machine",
            Fleet.On(end, "web-1").GetProperty("note").GetString()
        );
    }

    [Fact]
    public async Task What_is_forgotten_takes_its_machines_deployments_along()
    {
        var first = await Fleet.DeployAsync("few");
        var child = Fleet.ChildOf(first, "web-2");
        await Fleet.DeployAsync("few");

        await Eventually.IsTrueAsync(
            async () => (await Fleet.Front.AskAsync($"/deployments/{child}")).Status,
            404,
            "the machine's deployment is forgotten"
        );

        Assert.Equal(404, (await Fleet.Front.AskAsync($"/deployments/{first.GetProperty("id").GetString()}")).Status);
        Assert.Equal(404, (await Fleet.Front.AskAsync($"/deployments/{child}/log")).Status);
    }

    [Fact]
    public async Task Prometheus_is_told_of_the_broker_and_the_machines()
    {
        var answer = await Fleet.AdminAsync(HttpMethod.Get, "/metrics");

        Assert.Contains("\nthindeployer_broker_up 1\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains("\nthindeployer_machines{state=\"online\"} 3\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains("\nthindeployer_machines{state=\"away\"} 0\n", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_of_the_front_itself_runs_there()
    {
        var answer = await Fleet.Front.DeployAsync("local");

        Assert.Equal(["here"], answer.Printed);
    }

    private static string MachineYaml(string name) =>
        Service("site", $"echo \"{name} got $VERSION\" | tee -a got")
        + Service("held", "echo holds; touch held-$VERSION; until [ -e go-$VERSION ]; do sleep 0.05; done")
        + Service("bad", name == "web-2" ? "exit 3" : "true")
        + Service("lenient", name == "web-2" ? "exit 3" : "true")
        + Service("manual", "true")
        + Service("back", "echo \"got $VERSION\" >> back")
        + Service("few", "echo few");

    private static string Service(string name, string command) =>
        ServiceYaml.Bare(
            name,
            "pwd: site, vars: {version: none}",
            command.Replace("$VERSION", "%version%", StringComparison.Ordinal)
        );

    private static int CountOf(FleetMachine machine, string text, string file = "got") =>
        machine.Workspace.ReadSite(file).Split(text).Length - 1;

    /// <summary>Whatever holds for this call, or will, goes on.</summary>
    private void Release(string call)
    {
        foreach (var machine in Fleet.Machines)
        {
            machine.Workspace.TouchSite($"go-{call}");
        }
    }
}
