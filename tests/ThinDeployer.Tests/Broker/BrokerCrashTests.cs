namespace ThinDeployer.Tests.Broker;

[Collection(OneBroker.Name)]
public sealed class BrokerCrashTests(SharedBroker shared) : BrokerTests(shared)
{
    [Fact]
    public async Task What_was_confirmed_survives_the_end_of_the_broker_and_both_sides_come_back()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        await using var other = new RunningAgent(AgentOf(place));
        await other.Said.NextAsync(Waiting.Up);
        await front.Line.AddMachineAsync(Machine + "-b", MachinePassword, CancellationToken.None);
        await front.Line.SendOrderAsync(Machine + "-b", Message("before"), Hour, CancellationToken.None);

        await Broker.KillAsync();
        await front.Said.NextAsync(Waiting.Down);
        await other.Said.NextAsync(Waiting.Down);
        Assert.NotNull(front.Line.Trouble);
        Assert.NotNull(other.Line.Trouble);
        await Broker.RestartAsync();

        await front.Said.NextAsync(Waiting.Up);
        await other.Said.NextAsync(Waiting.Up);
        Assert.Null(front.Line.Trouble);
        await using var agent = new RunningAgent(AgentOf(place, Machine + "-b"));
        Assert.Equal("before", (await agent.Orders.NextAsync()).Id);
        await front.Line.SendOrderAsync(Machine, Message("after"), Hour, CancellationToken.None);
        Assert.Equal("after", (await other.Orders.NextAsync()).Id);
        await other.Line.SendReportAsync(Message("report"), CancellationToken.None);
        Assert.Equal("report", (await front.Reports.NextAsync()).Envelope.Id);
    }

    [Fact]
    public async Task A_broker_without_room_lets_a_report_wait_until_it_has_some()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        await using var agent = new RunningAgent(AgentOf(place));
        await agent.Said.NextAsync(Waiting.Up);
        await Broker.SetDiskAlarmAsync(isOn: true);
        try
        {
            var first = agent.Line.SendReportAsync(Message("first"), CancellationToken.None);
            var trouble = await TroubleAsync(() => agent.Line.Trouble);
            var second = agent.Line.SendReportAsync(Message("second"), CancellationToken.None);

            Assert.Contains("takes nothing until it has more room", trouble, StringComparison.Ordinal);
            Assert.False(first.IsCompleted);
            Assert.False(second.IsCompleted);

            await Broker.SetDiskAlarmAsync(isOn: false);
            await Task.WhenAll(first, second).WaitAsync(Waiting.Patience);
            Assert.Equal("first", (await front.Reports.NextAsync()).Envelope.Id);
            Assert.Equal("second", (await front.Reports.NextAsync()).Envelope.Id);
            Assert.Null(agent.Line.Trouble);
        }
        finally
        {
            await Broker.SetDiskAlarmAsync(isOn: false);
        }
    }

    private static async Task<string> TroubleAsync(Func<string?> trouble)
    {
        using var patience = new CancellationTokenSource(Waiting.Patience, TimeProvider.System);
        while (true)
        {
            if (trouble() is { } said)
            {
                return said;
            }

            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
