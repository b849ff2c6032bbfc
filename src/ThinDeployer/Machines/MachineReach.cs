using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ThinDeployer.Machines;

/// <summary>The way from a front to its machines: who is there, and what is sent to them.</summary>
/// <param name="registry">Knows the machines.</param>
/// <param name="line">Reaches them.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class MachineReach(
    MachineRegistry registry,
    IFrontLine line,
    TimeProvider time,
    ILogger<MachineReach> logger
)
{
    /// <summary>What an order has beyond its time until it counts as late: its way, and that of the answer.</summary>
    internal static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _begun = time.GetUtcNow();

    /// <summary>Since when the line is up; null while it is not.</summary>
    private DateTimeOffset? _openSince;
    private bool _isTold;

    /// <summary>Why a machine can't get an order at all; null where it can.</summary>
    internal string? WhyNever(string machine) => registry.KeysOf(machine) is null ? "no such machine has joined" : null;

    /// <summary>Since when a machine is away, in words; null where it is there. After a start all get time to say so.</summary>
    internal string? WhyAway(string machine) =>
        registry.Find(machine) is not { State: MachineState.Away or MachineState.Never } away
        || time.GetUtcNow() - _begun < MachineRegistry.AwayAfter
            ? null
        : away.LastSeenAt is { } seen
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"it is away, and was last seen {seen.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"
            )
        : "it was never seen";

    /// <summary>Null for one that was never.</summary>
    internal DateTimeOffset? LastSeen(string machine) => registry.Find(machine)?.LastSeenAt;

    /// <summary>Whether the line was up without a break for so long: only then says silence something of a machine.</summary>
    internal bool IsOpenFor(TimeSpan duration)
    {
        _openSince = line.Trouble is not null ? null : _openSince ?? time.GetUtcNow();
        return _openSince + duration <= time.GetUtcNow();
    }

    /// <returns>Whether the transport has it for sure.</returns>
    internal async Task<bool> SendAsync(Order order, DateTimeOffset expires, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (registry.KeysOf(order.Machine) is not { } keys || expires <= now)
        {
            return false;
        }

        try
        {
            var envelope = keys.Orders.Seal(new Message { Order = order }, order.Id, now);
            await line.SendOrderAsync(order.Machine, envelope, expires - now, stop);
            _isTold = false;
            return true;
        }
        catch (LineDownException exception)
        {
            if (!_isTold)
            {
                _isTold = true;
                Log.NotSent(logger, order.Machine, exception.Message);
            }

            return false;
        }
    }

    /// <summary>Sends what is of use only now; what can't be sent is left.</summary>
    internal async Task TrySayAsync(string machine, Message message, CancellationToken stop)
    {
        if (registry.KeysOf(machine) is not { } keys)
        {
            return;
        }

        try
        {
            var id = Guid.CreateVersion7(time.GetUtcNow()).ToString();
            await line.SendControlAsync(machine, keys.Orders.Seal(message, id, time.GetUtcNow()), stop);
        }
        catch (LineDownException)
        {
            // It comes again.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "An order for {Machine} waits here: {Reason}")]
        internal static partial void NotSent(ILogger logger, string machine, string reason);
    }
}
