using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using ThinDeployer.Machines;

namespace ThinDeployer.Broker;

/// <summary>Keeps a session with a broker: when it is lost, it comes back by itself, later and later.</summary>
internal sealed partial class BrokerLink(
    BrokerEndpoint address,
    BrokerTrust trust,
    string name,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of one message; orders and reports are far smaller.</summary>
    private const uint LargestMessage = 1 << 20;

    private volatile Session? _session;
    private volatile string? _trouble = "it is not connected yet";

    /// <inheritdoc cref="IFrontLine.Trouble"/>
    internal string? Trouble => _session is { } session ? session.Blocked : _trouble;

    /// <summary>Comes back until <paramref name="stop"/>. It never throws.</summary>
    /// <param name="useAsync">
    /// Uses a new session until it is lost. It calls what it is given with it as soon as others may send by the session.
    /// </param>
    /// <param name="stop">Ends it.</param>
    internal async Task RunAsync(Func<Session, Action, Task> useAsync, CancellationToken stop)
    {
        for (var attempts = 1; !stop.IsCancellationRequested; attempts++)
        {
            var (wasUp, trouble) = await UseOnceAsync(useAsync, stop);
            if (stop.IsCancellationRequested)
            {
                break;
            }

            if (trouble != _trouble || wasUp)
            {
                Log.Down(logger, trouble);
            }

            _trouble = trouble;
            attempts = wasUp ? 1 : attempts;
            await Task.Delay(Pauses.After(attempts, LongestPause), time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _trouble = "it was ended";
    }

    /// <exception cref="LineDownException">It was not taken, or that is not known.</exception>
    internal Task SendAsync(Publication publication, CancellationToken stop) =>
        _session is { } session
            ? session.SendAsync(publication, stop)
            : throw new LineDownException(_trouble ?? "it is not connected");

    /// <summary>Opens a session, and closes it.</summary>
    /// <exception cref="LineDownException">It can't be opened.</exception>
    internal async Task TestAsync(CancellationToken stop)
    {
        try
        {
            await using var session = await Session.OpenAsync(Factory(), address, name, stop);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            throw new LineDownException(BrokerFault.Why(exception, address, trust), exception);
        }
    }

    private async Task<(bool WasUp, string Trouble)> UseOnceAsync(
        Func<Session, Action, Task> useAsync,
        CancellationToken stop
    )
    {
        var wasUp = false;
        Session? session = null;
        try
        {
            session = await Session.OpenAsync(Factory(), address, name, stop);
            await useAsync(session, () => SetUp(session));
            return (wasUp, session.Why ?? "it ended");
        }
        catch (Exception exception)
        {
            return (wasUp, session?.Why ?? BrokerFault.Why(exception, address, trust));
        }
        finally
        {
            _session = null;
            if (session is not null)
            {
                await session.DisposeAsync();
            }
        }

        void SetUp(Session usable)
        {
            wasUp = true;
            _session = usable;
            _trouble = null;
            Log.Up(logger, address.Place);
        }
    }

    private ConnectionFactory Factory() =>
        new()
        {
            HostName = address.Host,
            Port = address.Port,
            VirtualHost = address.VirtualHost,
            UserName = address.User,
            Password = address.Password,
            RequestedHeartbeat = Heartbeat,
            RequestedConnectionTimeout = AnswerTime,
            HandshakeContinuationTimeout = AnswerTime,
            ContinuationTimeout = AnswerTime,
            MaxInboundMessageBodySize = LargestMessage,
            // It would hide what was lost from who waits for it.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            Ssl = new SslOption
            {
                Enabled = address.IsEncrypted,
                ServerName = address.Host,
                CertificateValidationCallback = (_, shown, chain, errors) => trust.Accepts(shown, chain, errors),
            },
        };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Connected to the broker {Place}")]
        internal static partial void Up(ILogger logger, string place);

        [LoggerMessage(LogLevel.Warning, "Not connected to the broker: {Trouble}; it is tried again until it works")]
        internal static partial void Down(ILogger logger, string trouble);
    }
}
