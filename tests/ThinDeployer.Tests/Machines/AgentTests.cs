using System.Text;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Machines;

/// <summary>A machine and what its front orders, with a real record and a real shell.</summary>
public sealed class AgentTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task An_order_runs_once_however_often_it_is_given()
    {
        await using var agent = await TestAgent.StartAsync("echo ran >> ran");
        var order = agent.Order();

        for (var i = 0; i < 5; i++)
        {
            await agent.GiveAsync(order);
        }

        var end = await agent.Front.EndOfAsync(order.Id);
        await agent.Front.ToldAsync(order.Id, () => agent.GiveAsync(order), "succeeded");
        Assert.Equal("succeeded", end.Status);
        Assert.Equal(["ran"], await File.ReadAllLinesAsync(agent.At("ran")));
        Assert.Empty(agent.Line.NotTaken);
    }

    [Fact]
    public async Task What_an_order_says_of_its_origin_reaches_the_steps_and_the_record()
    {
        await using var agent = await TestAgent.StartAsync("echo $DEPLOYMENT_REF $DEPLOYMENT_COMMIT $DEPLOYMENT_WHO");
        var order = agent.Order() with { Ref = "refs/heads/main", Commit = "c0ffee", Who = "ada" };

        await agent.GiveAsync(order);
        await agent.Front.EndOfAsync(order.Id);

        Assert.Contains(
            "refs/heads/main c0ffee ada\n",
            Encoding.UTF8.GetString(agent.Front.Of(order.Id).Output),
            StringComparison.Ordinal
        );
        var trigger = agent.Find(order.Id)!.Trigger;
        Assert.Equal(("ORDER", "ada", "refs/heads/main"), (trigger.Method, trigger.Who, trigger.Ref));
    }

    [Fact]
    public async Task The_front_hears_of_the_start_of_each_step_and_of_the_end()
    {
        await using var agent = await TestAgent.StartAsync("echo one; exit 3", "  on_failure: ['echo two']");
        var order = agent.Order();

        await agent.GiveAsync(order);
        var end = await agent.Front.EndOfAsync(order.Id);

        var running = await agent.Front.StateOfAsync(order.Id, "running");
        Assert.NotNull(running.StartedAt);
        Assert.Equal("failed", end.Status);
        Assert.Equal("succeeded", end.HookStatus);
        Assert.Equal(
            [("running", null), ("failed", null), ("running", "on_failure"), ("succeeded", "on_failure")],
            agent.Front.Of(order.Id).Steps.Select(step => (step.Status, step.Hook))
        );
        Assert.Equal([3, 0], end.Steps.Select(step => step.ExitCode));
    }

    [Fact]
    public async Task What_its_front_has_not_signed_is_dropped_and_said()
    {
        await using var agent = await TestAgent.StartAsync("touch ran");
        var forged = new EnvelopeSeal(new byte[MachineKeys.Length]).Seal(
            new Message { Order = agent.Order() },
            "forged",
            TimeProvider.System.GetUtcNow()
        );

        await agent.Line.OrderAsync(forged);
        await agent.Line.OrderAsync(forged);

        await AssertNothingRanAsync(agent, "an order whose signature is not right");
    }

    [Fact]
    public async Task What_a_machine_itself_has_signed_is_no_order()
    {
        await using var agent = await TestAgent.StartAsync("touch ran");
        var own = agent.Keys.Reports.Seal(
            new Message { Order = agent.Order() },
            "own",
            TimeProvider.System.GetUtcNow()
        );

        await agent.Line.OrderAsync(own);

        await AssertNothingRanAsync(agent, "an order whose signature is not right");
    }

    [Fact]
    public async Task An_order_to_another_machine_is_dropped_and_said()
    {
        await using var agent = await TestAgent.StartAsync("touch ran");

        await agent.GiveAsync(agent.Order() with { Machine = "web-2" });

        await AssertNothingRanAsync(agent, "an order to another machine");
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("6fa459ea-ee8a-3ca4-894e-db77e160355e")]
    [InlineData("0193A4C2-0000-7000-8000-000000000000")]
    public async Task What_has_no_id_of_a_deployment_is_dropped_and_said(string id)
    {
        await using var agent = await TestAgent.StartAsync("touch ran");

        await agent.GiveAsync(agent.Order(id));

        await AssertNothingRanAsync(agent, "an order that can't be read");
    }

    [Fact]
    public async Task An_order_whose_time_is_over_is_refused_and_said()
    {
        await using var agent = await TestAgent.StartAsync("touch ran");
        var order = agent.Order(expire: -Hour);

        await agent.GiveAsync(order);

        var state = await agent.Front.StateOfAsync(order.Id, "expired");
        Assert.Null(agent.Find(order.Id));
        await AssertNothingRanAsync(agent, state.Reason!);
    }

    [Theory]
    [InlineData(1, "the clock of this machine is 60 min behind that of the front")]
    [InlineData(-1, "the clock of this machine is 60 min ahead of that of the front")]
    public async Task With_a_clock_that_is_an_hour_off_nothing_is_deployed(int hours, string reason)
    {
        await using var agent = await TestAgent.StartAsync("touch ran");
        var front = TimeProvider.System.GetUtcNow() + (hours * Hour);
        await agent.TellAsync(new FrontAlive(front.ToUnixTimeMilliseconds(), []));
        var order = agent.Order(expire: 2 * Hour);

        await agent.Line.OrderAsync(agent.Sealed(order, front));

        var state = await agent.Front.StateOfAsync(order.Id, "rejected");
        Assert.Equal(reason, state.Reason);
        await AssertNothingRanAsync(agent, reason);
    }

    [Fact]
    public async Task A_clock_that_is_behind_is_seen_by_the_order_itself()
    {
        await using var agent = await TestAgent.StartAsync("touch ran");
        var order = agent.Order(expire: 2 * Hour);

        await agent.Line.OrderAsync(agent.Sealed(order, TimeProvider.System.GetUtcNow() + Hour));

        await agent.Front.StateOfAsync(order.Id, "rejected");
        await AssertNothingRanAsync(agent, "the clock of this machine is 60 min behind that of the front");
    }

    [Fact]
    public async Task What_the_front_said_before_does_not_set_the_clock_back()
    {
        await using var agent = await TestAgent.StartAsync("touch ran");
        var now = TimeProvider.System.GetUtcNow();
        await agent.TellAsync(new FrontAlive(now.ToUnixTimeMilliseconds(), []));

        await agent.TellAsync(new FrontAlive((now - Hour).ToUnixTimeMilliseconds(), []));

        var order = agent.Order();
        await agent.GiveAsync(order);
        Assert.Equal("succeeded", (await agent.Front.EndOfAsync(order.Id)).Status);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_refused_and_said()
    {
        await using var agent = await TestAgent.StartAsync("touch ran");
        var order = agent.Order() with { Service = "elsewhere" };

        await agent.GiveAsync(order);

        var state = await agent.Front.StateOfAsync(order.Id, "rejected");
        Assert.Equal("there is no such service on this machine", state.Reason);
        await AssertNothingRanAsync(agent, state.Reason!);
    }

    [Fact]
    public async Task A_value_that_is_not_allowed_here_is_refused()
    {
        await using var agent = await TestAgent.StartAsync("echo %branch% > ran");
        var order = agent.Order() with { Values = new Dictionary<string, string> { ["branch"] = "a\0b" } };

        await agent.GiveAsync(order);

        await agent.Front.StateOfAsync(order.Id, "rejected");
        Assert.False(File.Exists(agent.At("ran")));
    }

    [Fact]
    public async Task An_order_that_was_cancelled_before_it_came_does_not_begin()
    {
        await using var agent = await TestAgent.StartAsync("touch ran");
        var order = agent.Order();
        await agent.CancelAsync(order.Id);

        await agent.GiveAsync(order);

        await agent.Front.UntilAsync(() => agent.Front.States.Count(state => state.Status == "cancelled") == 2);
        Assert.Null(agent.Find(order.Id));
        Assert.False(File.Exists(agent.At("ran")));
    }

    [Fact]
    public async Task An_order_that_runs_is_stopped()
    {
        await using var agent = await TestAgent.StartAsync("echo begun; exec sleep 600");
        var order = agent.Order();
        await agent.GiveAsync(order);
        await agent.Front.UntilAsync(() => HasPrinted(agent, order, "begun"));

        await agent.CancelAsync(order.Id);

        var end = await agent.Front.EndOfAsync(order.Id);
        Assert.Equal(("cancelled", "ada"), (end.Status, end.CancelledBy));
    }

    [Fact]
    public async Task An_order_that_waits_is_taken_out_of_the_queue()
    {
        await using var agent = await TestAgent.StartAsync("echo begun; exec sleep 600");
        var (first, second) = (agent.Order(), agent.Order());
        await agent.GiveAsync(first);
        await agent.GiveAsync(second);
        await agent.Front.StateOfAsync(second.Id, "queued");

        await agent.CancelAsync(second.Id);

        var end = await agent.Front.EndOfAsync(second.Id);
        Assert.Equal(("cancelled", null), (end.Status, end.StartedAt));
    }

    [Fact]
    public async Task The_front_is_told_how_the_orders_stand_that_it_asks_for()
    {
        await using var agent = await TestAgent.StartAsync("echo begun; exec sleep 600");
        var (known, unknown) = (agent.Order(), Guid.CreateVersion7().ToString());
        await agent.GiveAsync(known);
        await agent.Front.StateOfAsync(known.Id, "running");
        var before = agent.Front.States.Count(state => state.Order == known.Id);

        var now = TimeProvider.System.GetUtcNow();
        await agent.TellAsync(new FrontAlive(now.ToUnixTimeMilliseconds(), [known.Id, unknown]));

        await agent.Front.StateOfAsync(unknown, "unknown");
        Assert.True(agent.Front.States.Count(state => state.Order == known.Id) > before);
    }

    [Fact]
    public async Task Much_output_arrives_whole_and_in_order_when_each_third_attempt_fails()
    {
        await using var agent = await TestAgent.StartAsync("seq 1 200000");
        agent.Line.Fails = attempt => attempt % 3 == 0;
        agent.Line.ComesBackAtOnce = true;
        var order = agent.Order();

        await agent.GiveAsync(order);
        var end = await agent.Front.EndOfAsync(order.Id);

        Assert.Equal("succeeded", end.Status);
        var output = agent.Front.Of(order.Id).Output;
        var expected = string.Concat(Enumerable.Range(1, 200_000).Select(number => $"{number}\n"));
        Assert.True(expected.Length > 1_000_000);
        Assert.Contains(expected, Encoding.UTF8.GetString(output), StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(agent.At($"data/logs/{order.Id}.log")), output);
        Assert.All(
            agent.Front.Progress,
            progress => Assert.InRange(progress.Output?.Length ?? 0, 0, OrderProgress.LargestPiece)
        );
    }

    [Fact]
    public async Task Another_start_goes_on_where_the_front_has_it()
    {
        await using var agent = await TestAgent.StartAsync("seq 1 150000; touch printed");
        var isDown = false;
        agent.Line.Fails = _ => isDown |= agent.Front.Progress.Count(progress => progress.Output is not null) >= 5;
        var order = agent.Order();
        await agent.GiveAsync(order);
        Assert.True(
            SpinWait.SpinUntil(
                () => isDown && agent.Find(order.Id)?.Status is DeploymentStatus.Succeeded,
                TimeSpan.FromMinutes(1)
            )
        );
        var heard = agent.Front.Of(order.Id);
        var pieces = agent.Front.Progress.Count;

        await agent.RestartAsync(new MemoryAgentLine());

        var end = await agent.Front.EndOfAsync(order.Id);
        var first = agent.Front.Progress[pieces];
        Assert.Equal("succeeded", end.Status);
        Assert.True(heard.Position > 0);
        Assert.Equal((heard.Position, heard.Marks), (first.From, first.FromMarks));
        Assert.Equal(
            await File.ReadAllBytesAsync(agent.At($"data/logs/{order.Id}.log")),
            agent.Front.Of(order.Id).Output
        );
    }

    [Fact]
    public async Task What_was_refused_is_told_by_another_start_where_the_front_was_away()
    {
        await using var agent = await TestAgent.StartAsync("touch ran");
        agent.Line.Fails = _ => true;
        var order = agent.Order() with { Service = "elsewhere" };
        await agent.GiveAsync(order);

        await agent.RestartAsync(new MemoryAgentLine());

        await agent.Front.StateOfAsync(order.Id, "rejected");
    }

    [Fact]
    public async Task What_was_cut_off_by_the_end_of_the_program_is_told_by_the_next()
    {
        await using var agent = await TestAgent.StartAsync("echo begun; exec sleep 600");
        var order = agent.Order();
        await agent.GiveAsync(order);
        await agent.Front.UntilAsync(() => HasPrinted(agent, order, "begun"));

        await agent.RestartAsync(new MemoryAgentLine());

        Assert.Equal("interrupted", (await agent.Front.EndOfAsync(order.Id)).Status);
    }

    private static bool HasPrinted(TestAgent agent, Order order, string text) =>
        Encoding.UTF8.GetString(agent.Front.Of(order.Id).Output).Contains(text, StringComparison.Ordinal);

    private static async Task AssertNothingRanAsync(TestAgent agent, string reason)
    {
        Assert.Equal([reason], await agent.RefusalsAsync());
        Assert.False(File.Exists(agent.At("ran")));
    }
}
