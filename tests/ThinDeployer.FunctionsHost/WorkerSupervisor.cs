using System.Diagnostics;
using Microsoft.AspNetCore.Routing;

namespace ThinDeployer.FunctionsHost;

/// <summary>
/// Keeps one worker at work: starts it, starts another when it crashed, and gives up at the third crash. Callers wait until
/// there is one.
/// </summary>
internal sealed class WorkerSupervisor(
    HostOptions options,
    HostJson host,
    WorkerChannels channels,
    WorkerLog log,
    IInlineConstraintResolver constraints
)
{
    /// <summary>The exit code by which a worker asks for another start.</summary>
    private const int StartMeAgain = 200;

    /// <summary>Stands for the exit code of one that never could be called, which counts as a crash.</summary>
    private const int NotReady = -1;

    private const int MostCrashes = 3;

    /// <summary>Without a crash for so long, earlier ones are forgotten.</summary>
    private static readonly TimeSpan CrashMemory = TimeSpan.FromMinutes(30);

    private readonly List<Task> _ending = [];
    private readonly long _begin = Stopwatch.GetTimestamp();
    private volatile TaskCompletionSource<LoadedWorker> _ready = Unready();
    private TaskCompletionSource _restart = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once a worker is ready for the first time, with the time that took.</summary>
    internal TaskCompletionSource<TimeSpan> FirstReady { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<LoadedWorker> ReadyAsync(CancellationToken cancellationToken) =>
        _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Starts another worker and, at the same moment, ends the one that is there: the two overlap.</summary>
    internal void Restart() => _restart.TrySetResult();

    /// <param name="rpc">Where the worker finds this program.</param>
    /// <param name="stop">Ends the last worker, too.</param>
    /// <returns>Whether it ended as it was told to.</returns>
    internal async Task<bool> RunAsync(Uri rpc, CancellationToken stop)
    {
        var (crashes, lastCrash) = (0, 0L);
        while (true)
        {
            var code = await ServeAsync(rpc, stop);
            if (stop.IsCancellationRequested)
            {
                await Task.WhenAll(_ending);
                return true;
            }

            if (code is null or StartMeAgain)
            {
                continue;
            }

            if (code == 0)
            {
                Console.WriteLine("it ended by itself and is not started again");
                await EndOfAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            }

            crashes = Stopwatch.GetElapsedTime(lastCrash) < CrashMemory ? crashes + 1 : 1;
            lastCrash = Stopwatch.GetTimestamp();
            if (crashes == MostCrashes)
            {
                Console.WriteLine($"{MostCrashes} crashes: the host gives up");
                _ready.TrySetException(new IOException("There is no worker any more"));
                return false;
            }
        }
    }

    /// <returns>The exit code of the worker; null where it was another's turn, or the end.</returns>
    private async Task<int?> ServeAsync(Uri rpc, CancellationToken stop)
    {
        var worker = Start(rpc);
        if (!await IsLoadedAsync(worker, stop))
        {
            await EndAsync(worker);
            return NotReady;
        }

        await Task.WhenAny(worker.Exit, _restart.Task, EndOfAsync(stop));
        _ready = Unready();
        _restart = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (worker.Exit.IsCompleted)
        {
            channels.Forget(worker.Channel);
            worker.Dispose();
            return await worker.Exit;
        }

        _ending.Add(EndAsync(worker));
        return null;
    }

    private Worker Start(Uri rpc)
    {
        var channel = new WorkerChannel(log);
        channels.Expect(channel);
        return new Worker(channel, options.Folder, rpc);
    }

    private async Task<bool> IsLoadedAsync(Worker worker, CancellationToken stop)
    {
        try
        {
            var functions = await worker.LoadAsync(stop);
            _ready.TrySetResult(new LoadedWorker(worker, new FunctionRoutes(functions, host.RoutePrefix, constraints)));
            FirstReady.TrySetResult(Stopwatch.GetElapsedTime(_begin));
            return true;
        }
        catch (Exception exception)
            when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            Console.WriteLine($"the worker did not become ready: {exception.Message}");
            return false;
        }
    }

    private async Task EndAsync(Worker worker)
    {
        await worker.StopAsync(options.KillAfter);
        channels.Forget(worker.Channel);
        worker.Dispose();
    }

    private static Task EndOfAsync(CancellationToken token) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);

    private static TaskCompletionSource<LoadedWorker> Unready() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
