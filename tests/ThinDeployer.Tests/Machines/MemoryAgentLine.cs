using System.Collections.Concurrent;
using System.Threading.Channels;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Machines;

/// <summary>A transport in memory. It gives an order again until it is taken, and fails to send when the test says so.</summary>
internal sealed class MemoryAgentLine : IAgentLine
{
    private readonly Channel<(Envelope Envelope, TaskCompletionSource Taken)> _orders = Channel.CreateUnbounded<(
        Envelope,
        TaskCompletionSource
    )>();

    private readonly TaskCompletionSource<Func<Envelope, Task>> _control = new();
    private Action _connected = () => { };
    private int _attempts;

    /// <summary>Told of each report that arrives.</summary>
    internal Action<Envelope> Arrived { get; set; } = _ => { };

    /// <summary>Whether an attempt to send fails, by its number from 1.</summary>
    internal Func<int, bool> Fails { get; set; } = _ => false;

    /// <summary>Whether it is there again as soon as an attempt has failed.</summary>
    internal bool ComesBackAtOnce { get; set; }

    public string? Trouble => null;

    internal ConcurrentQueue<Exception> NotTaken { get; } = [];

    /// <summary>Comes when it was taken.</summary>
    internal Task OrderAsync(Envelope envelope)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Writer.TryWrite((envelope, taken));
        return taken.Task;
    }

    internal async Task ControlAsync(Envelope envelope)
    {
        var control = await _control.Task;
        await control(envelope);
    }

    public async Task RunAsync(
        Func<Envelope, Task> onOrder,
        Func<Envelope, Task> onControl,
        Action onConnected,
        CancellationToken stop
    )
    {
        _connected = onConnected;
        onConnected();
        _control.TrySetResult(onControl);
        try
        {
            await foreach (var (envelope, taken) in _orders.Reader.ReadAllAsync(stop))
            {
                await GiveAsync(onOrder, envelope, stop);
                taken.SetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // As the interface has it.
        }
    }

    public async Task SendReportAsync(Envelope report, CancellationToken stop)
    {
        await Task.Yield();
        stop.ThrowIfCancellationRequested();
        if (Fails(Interlocked.Increment(ref _attempts)))
        {
            if (ComesBackAtOnce)
            {
                _connected();
            }

            throw new LineDownException("the test wants it");
        }

        Arrived(report);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task GiveAsync(Func<Envelope, Task> onOrder, Envelope envelope, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await onOrder(envelope);
                return;
            }
            catch (Exception exception)
            {
                NotTaken.Enqueue(exception);
                await Task.Yield();
            }
        }
    }
}
