using System.Globalization;

namespace ThinDeployer.Server.Systemd;

/// <summary>
/// Tells systemd how the server stands: that it listens, reads its configuration, stops, and, as long as a watchdog is wanted,
/// that it is sound.
/// </summary>
/// <remarks>
/// Sound is a server whose thread pool has a thread for the sign, whose queue is not locked, and whose record is not in the midst of
/// one write for as long as the watchdog's whole time. Not a full disk or a removed record: the health check and /technical/ready tell
/// those, and to end the server would end what runs, too, and mend nothing.
/// </remarks>
internal sealed partial class SystemdNotices : IDisposable
{
    /// <summary>How often more time is asked for while the server starts and stops, and how much.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MoreTime = TimeSpan.FromSeconds(30);

    private readonly NotifySocket _socket;
    private readonly ServerStanding _standing;
    private readonly TimeSpan? _watchdog;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly ITimer _patience;
    private ITimer? _sign;
    private State _state = State.Starting;
    private bool _isToldOfFailure;
    private bool _isToldUnsound;

    private SystemdNotices(
        NotifySocket socket,
        ServerStanding standing,
        TimeSpan? watchdog,
        TimeProvider time,
        ILogger logger
    )
    {
        _socket = socket;
        _standing = standing;
        _watchdog = watchdog;
        _time = time;
        _logger = logger;
        _patience = time.CreateTimer(_ => AskForTime(), state: null, AskAgain, AskAgain);
        standing.OnConfigurationRead(ConfigurationRead);
    }

    private enum State
    {
        Starting,
        Serving,
        Stopping,
    }

    /// <summary>Null where nobody wants to know.</summary>
    internal static SystemdNotices? Begin(IServiceProvider services, ILogger logger) =>
        NotifySocket.Open(Environment.GetEnvironmentVariable(NotifySocket.Variable)) is { } socket
            ? new SystemdNotices(
                socket,
                services.GetRequiredService<ServerStanding>(),
                Watchdog.Read(Environment.GetEnvironmentVariable, Environment.ProcessId),
                services.GetRequiredService<TimeProvider>(),
                logger
            )
            : null;

    /// <summary>It listens.</summary>
    internal void Ready()
    {
        lock (_lock)
        {
            if (_state != State.Starting)
            {
                // Told to stop in the same moment.
                return;
            }

            _state = State.Serving;
            _patience.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Send("READY=1", Serves());
            if (_watchdog is { } limit)
            {
                _sign = _time.CreateTimer(_ => GiveSign(limit), state: null, TimeSpan.Zero, limit / 2);
            }
        }
    }

    /// <summary>Comes before the configuration is read: each of these is followed by that it is ready.</summary>
    internal void Reloading()
    {
        lock (_lock)
        {
            if (_state == State.Serving)
            {
                // The clock of TimeProvider.System is CLOCK_MONOTONIC, which is what is asked for.
                var microseconds = _time.GetTimestamp() / (_time.TimestampFrequency / 1_000_000);
                Send("RELOADING=1", string.Create(CultureInfo.InvariantCulture, $"MONOTONIC_USEC={microseconds}"));
            }
        }
    }

    /// <summary>It was told to stop.</summary>
    internal void Stopping()
    {
        lock (_lock)
        {
            _state = State.Stopping;
            var waits = _standing.Running switch
            {
                0 => "Stops",
                1 => "Stops; waits for a deployment",
                var several => string.Create(CultureInfo.InvariantCulture, $"Stops; waits for {several} deployments"),
            };
            Send("STOPPING=1", $"STATUS={waits}", Extend);
            _patience.Change(AskAgain, AskAgain);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _state = State.Stopping;
            _patience.Dispose();
            _sign?.Dispose();
            _socket.Dispose();
        }
    }

    private static string Extend { get; } =
        string.Create(CultureInfo.InvariantCulture, $"EXTEND_TIMEOUT_USEC={MoreTime.TotalMicroseconds:0}");

    private string Serves() => $"STATUS=Serves {_standing.Services}";

    private void ConfigurationRead(bool isWanted)
    {
        lock (_lock)
        {
            if (_state == State.Serving)
            {
                Send(isWanted ? ["READY=1", Serves()] : [Serves()]);
            }
        }
    }

    /// <summary>A server that is stuck asks no more, so that systemd's own limit counts.</summary>
    private void AskForTime()
    {
        lock (_lock)
        {
            if (_state != State.Serving)
            {
                Send(Extend);
            }
        }
    }

    private void GiveSign(TimeSpan limit)
    {
        // Not within the lock: where the queue is stuck, this does not return.
        var isSound = _standing.IsSound(limit);
        lock (_lock)
        {
            if (isSound)
            {
                Send("WATCHDOG=1");
            }
            else if (!_isToldUnsound)
            {
                Log.Unsound(_logger, limit.TotalSeconds);
            }

            _isToldUnsound = !isSound;
        }
    }

    private void Send(params string[] assignments)
    {
        string? trouble;
        try
        {
            trouble = _socket.Send(assignments);
        }
        catch (ObjectDisposedException)
        {
            // A timer's last call.
            return;
        }

        if (trouble is not null && !_isToldOfFailure)
        {
            Log.NotTold(_logger, trouble);
        }

        _isToldOfFailure = trouble is not null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "systemd can't be told how the server stands (NOTIFY_SOCKET): {Reason}")]
        internal static partial void NotTold(ILogger logger, string reason);

        [LoggerMessage(
            LogLevel.Error,
            "The record has been in the midst of one write for more than {Seconds} s: systemd's watchdog gets no sign until that ends"
        )]
        internal static partial void Unsound(ILogger logger, double seconds);
    }
}
