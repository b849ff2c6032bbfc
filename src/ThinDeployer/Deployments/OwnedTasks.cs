namespace ThinDeployer.Deployments;

/// <summary>Tasks that somebody must wait for before the program may end.</summary>
internal sealed class OwnedTasks
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _tasks = [];

    internal void Add(Task task)
    {
        lock (_lock)
        {
            _tasks.Add(task);
        }

        // Forgotten when it is done; one that is done already is forgotten here.
        _ = task.ContinueWith(
            Forget,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    /// <summary>
    /// A task may add another before it ends, so look again until there is none. Never faults: why one of them did is told
    /// to who began it, and the others must be waited for all the same.
    /// </summary>
    internal async Task AllDoneAsync()
    {
        while (Now() is { Length: > 0 } tasks)
        {
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task[] Now()
    {
        lock (_lock)
        {
            return [.. _tasks];
        }
    }

    private void Forget(Task done)
    {
        lock (_lock)
        {
            _tasks.Remove(done);
        }
    }
}
