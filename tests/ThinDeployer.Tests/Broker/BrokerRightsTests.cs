using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Broker;

/// <summary>A machine that is in strange hands, which speaks to the broker as it likes.</summary>
[Collection(OneBroker.Name)]
public sealed class BrokerRightsTests(SharedBroker shared) : BrokerTests(shared)
{
    private static readonly ReadOnlyMemory<byte> Body = Encoding.UTF8.GetBytes("{}");

    public static TheoryData<string, Func<IChannel, string, Task>> Refused =>
        new()
        {
            {
                "reads orders of another machine",
                (channel, _) => channel.BasicGetAsync("td.agent.other", autoAck: false)
            },
            {
                "reads messages of another machine",
                (channel, _) => channel.BasicGetAsync("td.control.other", autoAck: false)
            },
            { "reads reports", (channel, _) => channel.BasicGetAsync("td.front", autoAck: false) },
            { "reads late orders", (channel, _) => channel.BasicGetAsync("td.late", autoAck: false) },
            { "reports as another machine", (channel, _) => PublishAsync(channel, "td.reports", "other.report") },
            { "reports with a longer key", (channel, own) => PublishAsync(channel, "td.reports", $"{own}.x.report") },
            {
                "reports by another login",
                (channel, own) => PublishAsync(channel, "td.reports", $"{own}.report", "other")
            },
            { "orders", (channel, _) => PublishAsync(channel, "", "td.agent.other") },
            { "orders itself", (channel, own) => PublishAsync(channel, "", $"td.agent.{own}") },
            { "tells of a late order", (channel, _) => PublishAsync(channel, "", "td.late") },
            { "makes a queue", (channel, _) => channel.QueueDeclareAsync("its-own", durable: true) },
            { "makes an exchange", (channel, _) => channel.ExchangeDeclareAsync("its-own", "topic") },
            { "removes its queue", (channel, own) => channel.QueueDeleteAsync($"td.agent.{own}") },
            { "listens to reports", (channel, own) => channel.QueueBindAsync($"td.agent.{own}", "td.reports", "#") },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task The_broker_refuses_a_machine_that(string what, Func<IChannel, string, Task> doAsync)
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        await using var connection = await ConnectAsync(place);
        await using var channel = await ConfirmingAsync(connection);

        var refused = await Record.ExceptionAsync(() => doAsync(channel, Machine));

        var code = (refused as OperationInterruptedException)?.ShutdownReason?.ReplyCode;
        Assert.True(code is 403 or 406, $"{what}: {refused}");
    }

    [Fact]
    public async Task A_machine_reports_by_its_own_key()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        await using var connection = await ConnectAsync(place);
        await using var channel = await ConfirmingAsync(connection);

        await PublishAsync(channel, "td.reports", $"{Machine}.report", Machine);

        Assert.True(channel.IsOpen);
    }

    [Fact]
    public async Task A_removed_machine_has_no_login_and_no_queue_and_is_put_out()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;
        await using var agent = new RunningAgent(AgentOf(place));
        await agent.Said.NextAsync(Waiting.Up);

        await front.Line.RemoveMachineAsync(Machine, CancellationToken.None);

        Assert.Null(await Broker.GetAsync($"users/{Machine}"));
        Assert.Null(await Broker.GetAsync($"queues/{place}/td.agent.{Machine}"));
        Assert.Null(await Broker.GetAsync($"queues/{place}/td.control.{Machine}"));
        var said = await agent.Said.NextAsync($"refuses the login {Machine}");
        Assert.DoesNotContain(MachinePassword, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_and_removing_twice_is_no_fault()
    {
        var (front, _) = await StartFrontAsync();
        await using var _1 = front;

        await front.Line.AddMachineAsync(Machine, MachinePassword, CancellationToken.None);
        await front.Line.RemoveMachineAsync(Machine, CancellationToken.None);
        await front.Line.RemoveMachineAsync(Machine, CancellationToken.None);

        Assert.Null(await Broker.GetAsync($"users/{Machine}"));
    }

    [Fact]
    public async Task A_changed_password_counts_for_who_comes_next()
    {
        var (front, place) = await StartFrontAsync();
        await using var _ = front;

        await front.Line.ChangePasswordAsync(Machine, "another-password", CancellationToken.None);

        await using var old = new RunningAgent(AgentOf(place));
        await old.Said.NextAsync($"refuses the login {Machine}");
        await using var agent = new RunningAgent(AgentOf(place, password: "another-password"));
        await agent.Said.NextAsync(Waiting.Up);
    }

    [Fact]
    public async Task The_fronts_own_login_is_never_a_machines()
    {
        var (front, _) = await StartFrontAsync();
        await using var _1 = front;

        await Assert.ThrowsAsync<LineDownException>(() =>
            front.Line.AddMachineAsync(TestBroker.Administrator, MachinePassword, CancellationToken.None)
        );
        await Assert.ThrowsAsync<LineDownException>(() =>
            front.Line.RemoveMachineAsync(TestBroker.Administrator, CancellationToken.None)
        );

        Assert.NotNull(await Broker.GetAsync($"users/{TestBroker.Administrator}"));
    }

    private static Task PublishAsync(IChannel channel, string exchange, string key, string? user = null)
    {
        var properties = new BasicProperties();
        if (user is not null)
        {
            properties.UserId = user;
        }

        return channel.BasicPublishAsync(exchange, key, mandatory: true, properties, Body).AsTask();
    }

    private static Task<IChannel> ConfirmingAsync(IConnection connection) =>
        connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)
        );

    private Task<IConnection> ConnectAsync(string place) =>
        new ConnectionFactory
        {
            HostName = "127.0.0.1",
            Port = Broker.Port,
            VirtualHost = place,
            UserName = Machine,
            Password = MachinePassword,
            AutomaticRecoveryEnabled = false,
        }.CreateConnectionAsync();
}
