using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ThinDeployer.Otlp;

/// <summary>Owns what is sent to a collector: begins it with the program, and ends it within a bound.</summary>
/// <param name="runs">Each sends until the first token, and ends at the latest with the second.</param>
/// <param name="shutdownGrace">What waits at a shutdown is still sent within this time.</param>
internal sealed partial class OtlpExport(
    IReadOnlyList<Func<CancellationToken, CancellationToken, Task>> runs,
    TimeSpan shutdownGrace,
    TimeProvider time,
    ILogger<OtlpExport> logger
) : IHostedLifecycleService, IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _end = new(Timeout.InfiniteTimeSpan, time);
    private Task _running = Task.CompletedTask;
    private bool _isDisposed;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(runs.Select(run => Task.Run(() => RunAsync(run), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>All deployments have ended by now. It does not wait: others that end may take their time beside it.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        if (_ending.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }

        _end.CancelAfter(shutdownGrace);
        return _ending.CancelAsync();
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => _running;

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;

        // A host whose start failed never told it to stop.
        await StopAsync(CancellationToken.None);
        await _running;
        _ending.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync(Func<CancellationToken, CancellationToken, Task> run)
    {
        try
        {
            await run(_ending.Token, _end.Token);
        }
#pragma warning disable CA1031 // What is not told must not end the program that would tell it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Sending to the collector met an internal error, and ends")]
        internal static partial void Faulted(ILogger logger, Exception exception);
    }
}
