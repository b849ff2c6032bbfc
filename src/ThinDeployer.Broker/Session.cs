using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using ThinDeployer.Machines;

namespace ThinDeployer.Broker;

/// <summary>
/// Two connections to a broker, until one of them goes: a broker that is short of disk or memory reads nothing more from
/// who sends, and what was taken must still be acknowledged then.
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(5);

    private readonly BrokerEndpoint _address;
    private readonly IConnection _incoming;
    private readonly IConnection _outgoing;
    private readonly CancellationTokenSource _lost;
    private readonly Lock _lock = new();
    private IChannel? _sending;
    private TaskCompletionSource _free = new();
    private string? _blocked;
    private string? _why;

    private Session(BrokerEndpoint address, IConnection incoming, IConnection outgoing, CancellationToken stop)
    {
        _address = address;
        _incoming = incoming;
        _outgoing = outgoing;
        _lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Lost = _lost.Token;
        _free.SetResult();
        incoming.ConnectionShutdownAsync += OnShutdownAsync;
        outgoing.ConnectionShutdownAsync += OnShutdownAsync;
        outgoing.ConnectionBlockedAsync += OnBlockedAsync;
        outgoing.ConnectionUnblockedAsync += OnUnblockedAsync;
    }

    internal CancellationToken Lost { get; }

    /// <summary>Why it was lost; null as long as it was not.</summary>
    internal string? Why
    {
        get
        {
            lock (_lock)
            {
                return _why;
            }
        }
    }

    /// <summary>Why the broker takes nothing now; null while it does.</summary>
    internal string? Blocked
    {
        get
        {
            lock (_lock)
            {
                return _blocked;
            }
        }
    }

    internal static async Task<Session> OpenAsync(
        ConnectionFactory factory,
        BrokerEndpoint address,
        string name,
        CancellationToken stop
    )
    {
        var incoming = await factory.CreateConnectionAsync(name + ", taking", stop);
        IConnection? outgoing = null;
        Session? session = null;
        try
        {
            outgoing = await factory.CreateConnectionAsync(name + ", sending", stop);
            session = new Session(address, incoming, outgoing, stop);
            session._sending = await session.OpenAsync(
                outgoing,
                new CreateChannelOptions(
                    publisherConfirmationsEnabled: true,
                    publisherConfirmationTrackingEnabled: true
                )
            );
            return session;
        }
        catch
        {
            session?._lost.Dispose();
            await CloseAsync(incoming);
            if (outgoing is not null)
            {
                await CloseAsync(outgoing);
            }

            throw;
        }
    }

    internal Task<IChannel> OpenIncomingAsync() => OpenAsync(_incoming, options: null);

    /// <summary>Ends it.</summary>
    internal void Lose(string why)
    {
        lock (_lock)
        {
            if (_why is not null || Lost.IsCancellationRequested)
            {
                return;
            }

            _why = why;
        }

        // Who waits goes on elsewhere: this is called by the client's own loop.
        _ = _lost.CancelAsync();
    }

    /// <summary>Comes when the broker has it on its disk, where it is durable.</summary>
    /// <exception cref="LineDownException">It was not taken, or that is not known.</exception>
    internal async Task SendAsync(Publication publication, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Lost, stop);
        try
        {
            await FreeAsync().WaitAsync(ending.Token);
            // The client gets no token: one that came in the middle of a send would let its count of confirmations slip.
            await _sending!
                .BasicPublishAsync(
                    publication.Exchange,
                    publication.Key,
                    publication.IsMandatory,
                    publication.Properties,
                    publication.Body,
                    CancellationToken.None
                )
                .AsTask()
                .WaitAsync(ending.Token);
        }
        catch (OperationCanceledException exception) when (!stop.IsCancellationRequested)
        {
            throw new LineDownException(Why ?? "the line was ended", exception);
        }
        catch (PublishReturnException exception)
        {
            throw new LineDownException($"the broker has no queue for {publication.Key}", exception);
        }
        catch (PublishException exception)
        {
            throw new LineDownException(
                $"the broker takes no more for {publication.Key}: its queue is full",
                exception
            );
        }
        catch (Exception exception)
            when (exception
                    is RabbitMQClientException
                        or IOException
                        or ObjectDisposedException
                        or InvalidOperationException
            )
        {
            throw new LineDownException(Why ?? $"the connection to the broker {_address.Place} broke", exception);
        }
    }

    private Task FreeAsync()
    {
        lock (_lock)
        {
            return _free.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _lost.CancelAsync();
        await CloseAsync(_incoming);
        await CloseAsync(_outgoing);
        _lost.Dispose();
    }

    private async Task<IChannel> OpenAsync(IConnection connection, CreateChannelOptions? options)
    {
        try
        {
            var channel = await connection.CreateChannelAsync(options, Lost);
            channel.ChannelShutdownAsync += OnShutdownAsync;
            return channel;
        }
        catch (OperationCanceledException exception) when (Why is { } why)
        {
            // The broker's own words, such as that a virtual host is not there, came first.
            throw new LineDownException(why, exception);
        }
    }

    private Task OnShutdownAsync(object sender, ShutdownEventArgs reason)
    {
        Lose(BrokerFault.Why(reason, _address));
        return Task.CompletedTask;
    }

    private Task OnBlockedAsync(object sender, ConnectionBlockedEventArgs blocked)
    {
        lock (_lock)
        {
            _blocked = $"the broker {_address.Place} takes nothing until it has more room: {blocked.Reason}";
            if (_free.Task.IsCompleted)
            {
                _free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        return Task.CompletedTask;
    }

    private Task OnUnblockedAsync(object sender, AsyncEventArgs _)
    {
        lock (_lock)
        {
            _blocked = null;
            _free.TrySetResult();
        }

        return Task.CompletedTask;
    }

    /// <summary>It never throws, and takes not long where the other side is silent.</summary>
    private static async Task CloseAsync(IConnection connection)
    {
        await connection.AbortAsync(ClosingTime);
        await connection.DisposeAsync();
    }
}

/// <summary>What is sent, and where to.</summary>
/// <param name="IsMandatory">That it has no queue is a fault.</param>
internal sealed record Publication(
    string Exchange,
    string Key,
    bool IsMandatory,
    BasicProperties Properties,
    ReadOnlyMemory<byte> Body
);
