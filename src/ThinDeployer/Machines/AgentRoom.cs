using System.Reflection;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ThinDeployer.Machines;

/// <summary>The work of a machine that a front orders about: it takes orders, tells how they stand, and that it is there.</summary>
/// <param name="machine">The name of this one.</param>
/// <param name="keys">Of this machine.</param>
/// <param name="services">The names of those that it can deploy.</param>
internal sealed partial class AgentRoom(
    string machine,
    MachineKeys keys,
    IAgentLine line,
    AgentLink link,
    OrderTaker taker,
    OrderReporter reporter,
    FrontClock clock,
    ForgedMessages forged,
    Func<IReadOnlyList<string>> services,
    TimeProvider time,
    ILogger<AgentRoom> logger
) : BackgroundService
{
    /// <summary>How often this machine says that it is there.</summary>
    internal static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>For what is still on its way when the program ends; the next start sends the rest.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private static readonly string Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "";

    /// <summary>Many are one.</summary>
    private readonly Channel<bool> _connects = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was told to stop has ended by now.
        await reporter
            .SettledAsync()
            .WaitAsync(LastWords, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>Takes a control message of the front. Never throws.</summary>
    internal async Task ControlAsync(Envelope envelope)
    {
        try
        {
            switch (keys.Orders.Open(envelope))
            {
                case { Front: { } front }:
                    Hear(front);
                    break;
                case { Cancel: { } cancel }:
                    await taker.CancelAsync(cancel);
                    break;
                case null:
                    forged.Drop("a message whose signature is not right");
                    break;
            }
        }
#pragma warning disable CA1031 // Whatever it is, the front says it again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.NotDone(logger, exception.Message);
        }
    }

    /// <summary>Never throws: an exception would end the program.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var working = Task.WhenAll(
            line.RunAsync(taker.TakeAsync, ControlAsync, Connected, stoppingToken),
            reporter.RunAsync(stoppingToken),
            BeatAsync(stoppingToken)
        );
        await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (working.Exception is { } fault)
        {
            Log.Faulted(logger, fault);
        }
    }

    /// <summary>What comes again, or comes late, says nothing any more.</summary>
    private void Hear(FrontAlive front)
    {
        if (!clock.Hear(front.At))
        {
            return;
        }

        foreach (var order in front.Ask ?? [])
        {
            reporter.Tell(order);
        }
    }

    private void Connected()
    {
        _connects.Writer.TryWrite(true);
        link.Connected();
    }

    /// <summary>Also at once where the transport is there, perhaps again: nobody need wait for the next beat.</summary>
    private async Task BeatAsync(CancellationToken stop)
    {
        while (true)
        {
            var alive = new MachineAlive(machine, time.GetUtcNow().ToUnixTimeMilliseconds(), Version, services());
            await link.TrySendAsync(new Message { Alive = alive }, Beat, stop);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(_connects.Reader.ReadAsync(either.Token).AsTask(), Task.Delay(Beat, time, either.Token));
            await either.CancelAsync();
            stop.ThrowIfCancellationRequested();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "What the front asked for can't be done now: {Reason}")]
        internal static partial void NotDone(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Critical, "This machine takes no orders any more")]
        internal static partial void Faulted(ILogger logger, Exception exception);
    }
}
