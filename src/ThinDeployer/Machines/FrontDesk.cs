using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Audit;
using ThinDeployer.Deployments;

namespace ThinDeployer.Machines;

/// <summary>
/// The front's side of all machines: takes what they send, says every 15 s that it is there, and rolls out. Without a
/// transport it does nothing at all.
/// </summary>
/// <param name="room">Holds the transport, and the machines once the record is open.</param>
/// <param name="audit">Told of machines that join.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">The log.</param>
internal sealed partial class FrontDesk(FrontRoom room, AuditTrail audit, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private readonly ILogger<FrontDesk> _logger = loggers.CreateLogger<FrontDesk>();
    private readonly ForgedMessages _forged = new(audit, time, loggers.CreateLogger<ForgedMessages>());
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MachineReach? _reach;
    private RolloutRunner? _runner;
    private IRollouts? _rollouts;

    /// <summary>Whether the line came up, and nobody has looked yet at what is there.</summary>
    private volatile bool _isNew;

    /// <summary>Many wishes to say something are one.</summary>
    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>How services are deployed that name machines. For after <see cref="Open"/>.</summary>
    internal IRollouts Rollouts => _rollouts!;

    /// <summary>The record is open.</summary>
    internal void Open(IDeploymentRecord record, IMachineRecord machines)
    {
        room.Open(machines);
        if (room is { Line: { } line, Registry: { } registry })
        {
            _reach = new MachineReach(registry, line, time, loggers.CreateLogger<MachineReach>());
            _rollouts = _runner = new RolloutRunner(record, registry, _reach, time);
        }
        else
        {
            _rollouts = new NoMachines(record, time);
        }
    }

    /// <summary>What an earlier program left runs again, so that what machines tell finds its place.</summary>
    internal void Begin() => _ready.TrySetResult();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (room.Line is not { } line)
        {
            return;
        }

        try
        {
            await _ready.Task.WaitAsync(stoppingToken);
            await Task.WhenAll(
                line.RunAsync(OnReportAsync, OnExpiredAsync, OnConnected, stoppingToken),
                TickOnAsync(stoppingToken)
            );
        }
        catch (OperationCanceledException)
        {
            // The server stops; what was not taken comes again.
        }
    }

    private async Task TickOnAsync(CancellationToken stop)
    {
        await using var timer = time.CreateTimer(_ => Wake(), state: null, Every, Every);
        while (await _wishes.Reader.ReadAsync(stop))
        {
            _runner!.Look();
            if (room.Line!.Trouble is not null)
            {
                continue;
            }

            await SetUpAsync(stop);
            await SayAliveAsync(stop);
            await _runner.SayAgainAsync(stop);
        }
    }

    private async Task SayAliveAsync(CancellationToken stop)
    {
        foreach (var machine in room.Registry!.All().Where(one => one.JoinedAt is not null))
        {
            var alive = new FrontAlive(time.GetUtcNow().ToUnixTimeMilliseconds(), _runner!.AskedOf(machine.Name));
            await _reach!.TrySayAsync(machine.Name, new Message { Front = alive }, stop);
        }
    }

    private void Wake() => _wishes.Writer.TryWrite(true);

    private void OnConnected()
    {
        _isNew = true;
        Wake();
    }

    /// <summary>A broker keeps messages for sure, and forgets in a crash who and what it was told of just before.</summary>
    private async Task SetUpAsync(CancellationToken stop)
    {
        if (!_isNew)
        {
            return;
        }

        _isNew = false;
        try
        {
            foreach (var (machine, password) in room.Registry!.Logins)
            {
                await room.Line!.AddMachineAsync(machine, password, stop);
            }

            _runner!.SendAgain();
        }
        catch (LineDownException exception)
        {
            // The next tick tries again.
            _isNew = true;
            Log.NotSetUp(_logger, exception.Message);
        }
    }

    private async Task OnReportAsync(string machine, Envelope report)
    {
        try
        {
            await TakeAsync(machine, report);
        }
        catch (Exception exception) when (exception is not (RecordUnavailableException or LineDownException))
        {
            // It would come again for ever, and hold up all others.
            Log.Faulted(_logger, machine, exception);
        }
    }

    private async Task TakeAsync(string machine, Envelope report)
    {
        if (room.Registry!.KeysOf(machine)?.Reports.Open(report) is { } message)
        {
            await TakeAsync(machine, message);
        }
        else if (Message.Parse(report.Body.Span) is { Join: { } join })
        {
            await JoinAsync(machine, join);
        }
        else
        {
            Drop(machine);
        }
    }

    private async Task TakeAsync(string machine, Message message)
    {
        switch (message)
        {
            case { Alive: { } alive }:
                await room.Registry!.SeenAsync(machine, alive, time.GetUtcNow());
                break;
            case { State: { } state } when state.Machine == machine:
                await _runner!.TakeAsync(state);
                break;
            case { Progress: { } progress } when progress.Machine == machine:
                await _runner!.TakeAsync(progress);
                break;
            default:
                Drop(machine);
                break;
        }
    }

    private async Task JoinAsync(string machine, Join join)
    {
        if (await room.Registry!.JoinAsync(machine, join) is not JoinAnswer.LetIn(var keys))
        {
            Drop(machine);
            return;
        }

        // From now on its code opens nothing any more.
        await room.Line!.ChangePasswordAsync(machine, keys.Password, CancellationToken.None);
        if (room.Registry.Find(machine) is null)
        {
            // It was removed meanwhile.
            await room.Line.RemoveMachineAsync(machine, CancellationToken.None);
            return;
        }

        await _reach!.TrySayAsync(machine, new Message { Joined = new Joined(machine) }, CancellationToken.None);
        audit.Note(new AuditEntry(AuditAction.JoinMachine, AuditResult.Accepted) { Who = machine });
        Log.Joined(_logger, machine);
    }

    /// <summary>What comes back is our own order: its signature is ours.</summary>
    private async Task OnExpiredAsync(string machine, Envelope envelope)
    {
        if (room.Registry!.KeysOf(machine)?.Orders.Open(envelope) is { Order: { } order })
        {
            await _runner!.ExpireAsync(machine, order);
        }
    }

    private void Drop(string machine) =>
        _forged.Drop(
            $"what the login of machine {machine} sent: it is not signed by its key, or asks to join without the newest code",
            AuditAction.JoinMachine,
            machine
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What machines need at the broker can't be looked at: {Reason}")]
        internal static partial void NotSetUp(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "What machine {Machine} reported can't be taken, and is dropped")]
        internal static partial void Faulted(ILogger logger, string machine, Exception exception);

        [LoggerMessage(LogLevel.Information, "Machine {Machine} has joined")]
        internal static partial void Joined(ILogger logger, string machine);
    }
}
