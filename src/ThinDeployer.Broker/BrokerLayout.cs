using RabbitMQ.Client;

namespace ThinDeployer.Broker;

/// <summary>What is at the broker: its names, and how they are made. A front makes all of it, a machine nothing.</summary>
internal static class BrokerLayout
{
    /// <summary>Machines write to it: each with a key of its own only.</summary>
    internal const string Reports = "td.reports";

    /// <summary>What machines wrote.</summary>
    internal const string Front = "td.front";

    /// <summary>Orders that waited too long.</summary>
    internal const string Late = "td.late";

    private const string OrdersPrefix = "td.agent.";
    private const string ControlPrefix = "td.control.";
    private const string KeySuffix = ".report";

    /// <summary>Bytes of reports that wait for a front; more stay on the disks of the machines.</summary>
    private const long MostReports = 1L << 30;

    /// <summary>Orders that wait for one machine.</summary>
    private const int MostOrders = 10_000;

    /// <summary>Messages that wait for one machine, and ms that they do.</summary>
    private const int MostControl = 1_000;
    private const int ControlLife = 15_000;

    /// <summary>
    /// Of one message. A front or machine whose disk is full fails many times and must not lose it then: newer brokers give
    /// up after 20.
    /// </summary>
    private const int MostDeliveries = 1_000_000;

    internal static string Orders(string machine) => OrdersPrefix + machine;

    internal static string Control(string machine) => ControlPrefix + machine;

    internal static string KeyOf(string machine) => machine + KeySuffix;

    /// <summary>Null where it is no queue of orders.</summary>
    internal static string? MachineOf(string queue) =>
        queue.StartsWith(OrdersPrefix, StringComparison.Ordinal) ? queue[OrdersPrefix.Length..] : null;

    internal static Dictionary<string, object?> OrdersArguments =>
        new()
        {
            ["x-queue-type"] = "quorum",
            ["x-single-active-consumer"] = true,
            ["x-delivery-limit"] = MostDeliveries,
            ["x-max-length"] = MostOrders,
            ["x-overflow"] = "reject-publish",
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = Late,
            ["x-dead-letter-strategy"] = "at-least-once",
        };

    internal static Dictionary<string, object?> ControlArguments =>
        new()
        {
            ["x-queue-type"] = "classic",
            ["x-max-length"] = MostControl,
            ["x-message-ttl"] = ControlLife,
        };

    /// <summary>Makes what is not of one machine. Again is no fault.</summary>
    internal static async Task DeclareAsync(IChannel channel, CancellationToken stop)
    {
        await channel.ExchangeDeclareAsync(Reports, ExchangeType.Topic, durable: true, cancellationToken: stop);
        await DeclareQueueAsync(Front, MostReports);
        await DeclareQueueAsync(Late, MostReports);
        await channel.QueueBindAsync(Front, Reports, "#", cancellationToken: stop);

        Task<QueueDeclareOk> DeclareQueueAsync(string name, long mostBytes) =>
            channel.QueueDeclareAsync(
                name,
                durable: true,
                exclusive: false,
                autoDelete: false,
                new Dictionary<string, object?>
                {
                    ["x-queue-type"] = "quorum",
                    ["x-single-active-consumer"] = true,
                    ["x-delivery-limit"] = MostDeliveries,
                    ["x-max-length-bytes"] = mostBytes,
                    ["x-overflow"] = "reject-publish",
                },
                cancellationToken: stop
            );
    }
}
