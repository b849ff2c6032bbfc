using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Queueing;

/// <summary>What happens when deployments meet. Each service waits for a file that the test makes.</summary>
public abstract class PolicyContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        Waiting("two", "parallel: 2")
        + Waiting("picky", "when_busy: reject")
        + Waiting("short", "max_queued: 1")
        + Waiting("newest", "when_busy: supersede");

    [Fact]
    public async Task As_many_run_at_once_as_the_service_says()
    {
        var answers = new[]
        {
            await Server.DeployAtOnceAsync("two"),
            await Server.DeployAtOnceAsync("two"),
            await Server.DeployAtOnceAsync("two"),
        };
        Server.Workspace.TouchSite("two.go");

        Assert.Equal(
            ["running", "running", "queued"],
            answers.Select(answer => answer.Json.GetProperty("status").GetString())
        );
        await Server.EndOfAsync(answers[2].Json.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task A_busy_service_may_refuse()
    {
        var first = await Server.DeployAtOnceAsync("picky");
        var second = await Server.DeployAtOnceAsync("picky");
        Server.Workspace.TouchSite("picky.go");

        Assert.Equal(409, second.Status);
        Assert.Equal(first.Json.GetProperty("id").GetString(), second.Json.GetProperty("id").GetString());
        Assert.Equal("picky", second.Json.GetProperty("serviceName").GetString());
        await Server.EndOfAsync(first.Json.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task A_full_queue_asks_to_come_back()
    {
        var first = await Server.DeployAtOnceAsync("short");
        var second = await Server.DeployAtOnceAsync("short");
        var third = await Server.DeployAtOnceAsync("short");
        Server.Workspace.TouchSite("short.go");

        Assert.Equal((202, 202, 503), (first.Status, second.Status, third.Status));
        Assert.NotNull(third.Header("Retry-After"));
        await Server.EndOfAsync(second.Json.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task The_newest_may_take_the_place_of_those_that_wait()
    {
        var first = await Server.DeployAtOnceAsync("newest");
        var second = Server.DeployAsync("newest");
        await Eventually.IsTrueAsync(() => Server.CountAsync("queued"), 1, "the second waits");
        var third = await Server.DeployAtOnceAsync("newest");
        var newest = third.Json.GetProperty("id").GetString()!;
        var replaced = await second;
        Server.Workspace.TouchSite("newest.go");

        Assert.Equal((409, "superseded"), (replaced.Status, replaced.Json.GetProperty("status").GetString()));
        var entry = await Server.EndOfAsync(replaced.Json.GetProperty("id").GetString()!);
        Assert.Equal(newest, entry.GetProperty("supersededBy").GetString());
        Assert.Equal("succeeded", (await Server.EndOfAsync(newest)).GetProperty("status").GetString());
        Assert.Equal(
            "succeeded",
            (await Server.EndOfAsync(first.Json.GetProperty("id").GetString()!)).GetProperty("status").GetString()
        );
    }

    [Fact]
    public async Task The_server_has_a_limit_over_all_services()
    {
        await using var server = await StartOwnAsync(
            Waiting("one", "") + Waiting("two", ""),
            new Dictionary<string, string> { ["THIN_DEPLOYER_MAX_PARALLEL"] = "1" }
        );

        var first = await server.DeployAtOnceAsync("one");
        var second = await server.DeployAtOnceAsync("two");
        server.Workspace.TouchSite("one.go");
        server.Workspace.TouchSite("two.go");

        Assert.Equal("running", first.Json.GetProperty("status").GetString());
        Assert.Equal("queued", second.Json.GetProperty("status").GetString());
        await server.EndOfAsync(second.Json.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task Many_that_wait_all_run_in_the_order_accepted()
    {
        // The queue is the core's: that a thousand fit is shown on one host.
        var many = IsBehindProxy ? 100 : 1_000;
        await using var server = await StartOwnAsync(
            ServiceYaml.With("site", "max_queued: 1000, keep: 2000", "echo $DEPLOYMENT_ID >> order")
        );

        var ids = new List<string>();
        while (ids.Count < many)
        {
            ids.Add((await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!);
        }

        // On a busy machine all of them take longer than one wait may.
        foreach (var hundred in ids.Chunk(100))
        {
            await server.EndOfAsync(hundred[^1]);
        }

        Assert.Equal(ids, server.Workspace.ReadSite("order").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Waiting(string name, string keys) =>
        ServiceYaml.With(name, keys, $"until [ -e {name}.go ]; do sleep 0.02; done");
}
