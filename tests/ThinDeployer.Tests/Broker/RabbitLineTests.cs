using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Broker;

[Collection(OneBroker.Name)]
public sealed class RabbitLineTests(SharedBroker shared) : BrokerTests(shared)
{
    [Fact]
    public async Task An_order_arrives_as_it_was_sent()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        await using var agent = new RunningAgent(AgentOf(place));

        await front.Line.SendOrderAsync(Machine, Message("first"), Hour, CancellationToken.None);

        var order = await agent.Orders.NextAsync();
        Assert.Equal(Message("first") with { Body = order.Body }, order);
        Assert.Equal(Message("first").Body.ToArray(), order.Body.ToArray());
    }

    [Fact]
    public async Task Orders_arrive_in_their_order()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        var ids = Enumerable.Range(1, 20).Select(number => $"{number}").ToList();
        foreach (var id in ids)
        {
            await front.Line.SendOrderAsync(Machine, Message(id), Hour, CancellationToken.None);
        }

        await using var agent = new RunningAgent(AgentOf(place));

        foreach (var id in ids)
        {
            Assert.Equal(id, (await agent.Orders.NextAsync()).Id);
        }
    }

    [Fact]
    public async Task An_order_that_could_not_be_taken_comes_again_before_the_next()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        var tries = 0;
        await using var agent = new RunningAgent(
            AgentOf(place),
            order =>
                order.Id == "first" && tries++ == 0 ? throw new IOException("The disk is full.") : Task.CompletedTask
        );

        await front.Line.SendOrderAsync(Machine, Message("first"), Hour, CancellationToken.None);
        await front.Line.SendOrderAsync(Machine, Message("second"), Hour, CancellationToken.None);

        Assert.Equal("first", (await agent.Orders.NextAsync()).Id);
        Assert.Equal("second", (await agent.Orders.NextAsync()).Id);
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task An_order_that_was_not_taken_waits_for_the_machine_to_come_back()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        var came = new TaskCompletionSource();
        await using (
            new RunningAgent(
                AgentOf(place),
                _ =>
                {
                    came.TrySetResult();
                    throw new IOException("The disk is full.");
                }
            )
        )
        {
            await front.Line.SendOrderAsync(Machine, Message("first"), Hour, CancellationToken.None);
            await came.Task.WaitAsync(Waiting.Patience);
        }

        await using var again = new RunningAgent(AgentOf(place));

        Assert.Equal("first", (await again.Orders.NextAsync()).Id);
    }

    [Fact]
    public async Task An_order_that_was_taken_does_not_come_again()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        await using (var agent = new RunningAgent(AgentOf(place)))
        {
            await front.Line.SendOrderAsync(Machine, Message("first"), Hour, CancellationToken.None);
            await front.Line.SendOrderAsync(Machine, Message("second"), Hour, CancellationToken.None);
            await agent.Orders.NextAsync();
            // The one before was acknowledged then: one at a time.
            await agent.Orders.NextAsync();
        }

        await front.Line.SendOrderAsync(Machine, Message("third"), Hour, CancellationToken.None);
        await using var again = new RunningAgent(AgentOf(place));

        var next = await again.Orders.NextAsync();
        Assert.True(next.Id is "second" or "third", next.Id);
    }

    [Fact]
    public async Task An_order_that_nobody_took_in_time_comes_back_to_the_front()
    {
        var (front, _) = await StartFrontAsync();
        await using var _1 = front;

        await front.Line.SendOrderAsync(Machine, Message("late"), TimeSpan.FromMilliseconds(1), CancellationToken.None);

        var (machine, order) = await front.Expired.NextAsync();
        Assert.Equal((Machine, "late"), (machine, order.Id));
        Assert.Equal(Message("late").Body.ToArray(), order.Body.ToArray());
    }

    [Fact]
    public async Task A_report_comes_with_the_name_of_its_machine()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        await using var agent = new RunningAgent(AgentOf(place));
        await agent.Said.NextAsync(Waiting.Up);

        await agent.Line.SendReportAsync(Message("report"), CancellationToken.None);

        var (machine, report) = await front.Reports.NextAsync();
        Assert.Equal((Machine, "report"), (machine, report.Id));
    }

    [Fact]
    public async Task A_control_message_passes_orders_that_are_not_taken()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        var never = new TaskCompletionSource();
        await using var agent = new RunningAgent(AgentOf(place), _ => never.Task);
        await agent.Said.NextAsync(Waiting.Up);
        await front.Line.SendOrderAsync(Machine, Message("order"), Hour, CancellationToken.None);

        await front.Line.SendControlAsync(Machine, Message("cancel"), CancellationToken.None);

        Assert.Equal("cancel", (await agent.Control.NextAsync()).Id);
        never.SetResult();
    }

    [Fact]
    public async Task An_order_to_a_machine_that_is_not_there_is_refused()
    {
        var (front, _) = await StartFrontAsync();
        await using var _1 = front;

        var refused = await Assert.ThrowsAsync<LineDownException>(() =>
            front.Line.SendOrderAsync("nobody", Message("first"), Hour, CancellationToken.None)
        );

        Assert.Contains("td.agent.nobody", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_sent_before_the_line_is_up_fails_and_says_why()
    {
        await using var front = new ThinDeployer.Broker.RabbitFrontLine(
            FrontOf(await Broker.NewPlaceAsync()),
            TimeProvider.System,
            new Lines().Logger
        );

        await Assert.ThrowsAsync<LineDownException>(() =>
            front.SendOrderAsync(Machine, Message("first"), Hour, CancellationToken.None)
        );
        Assert.NotNull(front.Trouble);
    }
}
