using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ThinDeployer.Broker;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Broker;

/// <summary>A front at a broker, and what came to it.</summary>
internal sealed class RunningFront : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    internal RunningFront(LineAddress address)
    {
        Line = new RabbitFrontLine(address, TimeProvider.System, Said.Logger);
        _running = Line.RunAsync(
            (machine, report) => Write(Reports, machine, report),
            (machine, order) => Write(Expired, machine, order),
            () => { },
            _stop.Token
        );

        static Task Write(Channel<(string, Envelope)> to, string machine, Envelope envelope)
        {
            to.Writer.TryWrite((machine, envelope));
            return Task.CompletedTask;
        }
    }

    internal RabbitFrontLine Line { get; }

    internal Lines Said { get; } = new();

    internal Channel<(string Machine, Envelope Envelope)> Reports { get; } =
        Channel.CreateUnbounded<(string, Envelope)>();

    internal Channel<(string Machine, Envelope Envelope)> Expired { get; } =
        Channel.CreateUnbounded<(string, Envelope)>();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Line.DisposeAsync();
        _stop.Dispose();
    }
}

/// <summary>A machine at a broker, and what came to it.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <param name="address">With its login.</param>
    /// <param name="onOrder">Called before an order counts as taken; null for nothing.</param>
    internal RunningAgent(LineAddress address, Func<Envelope, Task>? onOrder = null)
    {
        Line = new RabbitAgentLine(address, TimeProvider.System, Said.Logger);
        _running = Line.RunAsync(
            async order =>
            {
                await (onOrder?.Invoke(order) ?? Task.CompletedTask);
                Orders.Writer.TryWrite(order);
            },
            control =>
            {
                Control.Writer.TryWrite(control);
                return Task.CompletedTask;
            },
            () => { },
            _stop.Token
        );
    }

    internal RabbitAgentLine Line { get; }

    internal Lines Said { get; } = new();

    internal Channel<Envelope> Orders { get; } = Channel.CreateUnbounded<Envelope>();

    internal Channel<Envelope> Control { get; } = Channel.CreateUnbounded<Envelope>();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Line.DisposeAsync();
        _stop.Dispose();
    }
}

/// <summary>What was logged, as it comes.</summary>
internal sealed class Lines
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    internal Lines() => Logger = new LineLogger<Lines>((_, line, _) => _lines.Writer.TryWrite(line));

    internal ILogger Logger { get; }

    /// <summary>Reads on to the next line that has it.</summary>
    internal async Task<string> NextAsync(string part)
    {
        using var patience = new CancellationTokenSource(Waiting.Patience, TimeProvider.System);
        await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException("The log ended.");
    }
}

internal static class Waiting
{
    internal const string Up = "Connected to the broker";
    internal const string Down = "Not connected to the broker";

    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    internal static async Task<T> NextAsync<T>(this Channel<T> channel)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        return await channel.Reader.ReadAsync(patience.Token);
    }
}
