using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace ThinDeployer.Broker;

/// <summary>One message that came.</summary>
internal sealed record Delivery(ulong Tag, string Key, IReadOnlyBasicProperties Properties, ReadOnlyMemory<byte> Body);

/// <summary>
/// Takes the messages of one queue, in their order: what its taker throws at is given to it again until it takes it, so
/// that nothing passes what came before.
/// </summary>
internal sealed partial class Intake : AsyncDefaultBasicConsumer
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Channel<Delivery> _waiting = System.Threading.Channels.Channel.CreateUnbounded<Delivery>();
    private readonly Session _session;
    private readonly string _queue;

    private Intake(IChannel channel, Session session, string queue)
        : base(channel)
    {
        _session = session;
        _queue = queue;
    }

    /// <param name="session">Lost when the queue is.</param>
    /// <param name="queue">Its name.</param>
    /// <param name="most">Messages that are here and not yet taken.</param>
    internal static async Task<Intake> StartAsync(Session session, string queue, ushort most)
    {
        var channel = await session.OpenIncomingAsync();
        var intake = new Intake(channel, session, queue);
        await channel.BasicQosAsync(0, most, global: false, session.Lost);
        await channel.BasicConsumeAsync(queue, autoAck: false, intake, session.Lost);
        return intake;
    }

    /// <summary>Ends with the session.</summary>
    internal async Task RunAsync(Func<Delivery, Task> take, TimeProvider time, ILogger logger)
    {
        await foreach (var delivery in _waiting.Reader.ReadAllAsync(_session.Lost))
        {
            for (var attempts = 1; !await TryTakeAsync(take, delivery, logger); attempts++)
            {
                await Task.Delay(Pauses.After(attempts, LongestPause), time, _session.Lost);
            }

            await Channel.BasicAckAsync(delivery.Tag, multiple: false, _session.Lost);
        }
    }

    private async Task<bool> TryTakeAsync(Func<Delivery, Task> take, Delivery delivery, ILogger logger)
    {
        try
        {
            await take(delivery);
            return true;
        }
        catch (Exception exception) when (!_session.Lost.IsCancellationRequested)
        {
            Log.NotTaken(logger, exception, _queue);
            return false;
        }
    }

    public override Task HandleBasicDeliverAsync(
        string consumerTag,
        ulong deliveryTag,
        bool redelivered,
        string exchange,
        string routingKey,
        IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default
    )
    {
        // The client takes its memory back when this returns.
        var own = new Delivery(deliveryTag, routingKey, new BasicProperties(properties), body.ToArray());
        _waiting.Writer.TryWrite(own);
        return Task.CompletedTask;
    }

    /// <summary>The queue was removed, or its leader went.</summary>
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _session.Lose($"the queue {_queue} is gone at the broker");
        return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A message of {Queue} could not be taken; it is tried again")]
        internal static partial void NotTaken(ILogger logger, Exception exception, string queue);
    }
}
