namespace ThinDeployer.Output;

/// <summary>
/// Lets about a millisecond pass. Timers of the runtime count by a clock that goes on every 4 ms with Debian's kernel
/// (CONFIG_HZ=250, clock_getres(2) of CLOCK_MONOTONIC_COARSE), in which a process prints more than a pipe holds.
/// </summary>
/// <remarks>All who pause share one thread, which ends when nobody does any more.</remarks>
/// <param name="patience">How long that thread waits for the next one, before it ends.</param>
internal sealed class ShortPause(TimeSpan patience)
{
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(1);

    // Waited for, which a Lock can't be.
    private readonly object _lock = new();
    private List<TaskCompletionSource> _pausing = [];
    private bool _hasThread;

    internal Task PassAsync()
    {
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _pausing.Add(passed);
            if (_hasThread)
            {
                Monitor.Pulse(_lock);
            }
            else
            {
                new Thread(Run) { IsBackground = true, Name = nameof(ShortPause) }.UnsafeStart();
                _hasThread = true;
            }
        }

        return passed.Task;
    }

    private void Run()
    {
        while (SomeonePauses())
        {
#pragma warning disable RS0030 // It is all that this thread is for.
            Thread.Sleep(Length);
#pragma warning restore RS0030
            WakeAll();
        }
    }

    /// <summary>False when nobody came for so long that the thread ends.</summary>
    private bool SomeonePauses()
    {
        lock (_lock)
        {
            if (_pausing.Count == 0)
            {
                Monitor.Wait(_lock, patience);
            }

            // Whatever it answered: someone may have come just when the time was up.
            _hasThread = _pausing.Count > 0;
            return _hasThread;
        }
    }

    private void WakeAll()
    {
        List<TaskCompletionSource> passed;
        lock (_lock)
        {
            (passed, _pausing) = (_pausing, []);
        }

        passed.ForEach(one => one.SetResult());
    }
}
