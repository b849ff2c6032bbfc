namespace ThinDeployer.Deployments;

/// <summary>
/// Takes deployments in: those of one service run one at a time, in the order accepted; services don't wait for each
/// other.
/// </summary>
internal sealed class DeploymentQueue(
    DeploymentEngine engine,
    IEnumerable<IDeploymentListener> listeners,
    TimeProvider time
) : IDisposable
{
    /// <summary>Deployments of one service that may wait.</summary>
    internal const int MaximumWaiting = 100;

    private readonly Lock _lock = new();

    /// <summary>What waits, by service. A service with an entry has a task that works it off.</summary>
    private readonly Dictionary<string, Queue<Deployment>> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _working = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _isStopping;

    internal bool IsStopping
    {
        get
        {
            lock (_lock)
            {
                return _isStopping;
            }
        }
    }

    internal QueueAnswer Enqueue(Deployment deployment)
    {
        lock (_lock)
        {
            if (_isStopping)
            {
                return QueueAnswer.ShuttingDown;
            }

            if (!_waiting.TryGetValue(deployment.Service, out var waiting))
            {
                waiting = new Queue<Deployment>();
                _waiting.Add(deployment.Service, waiting);
                waiting.Enqueue(deployment);
                Start(deployment.Service, waiting);
                return QueueAnswer.Accepted;
            }

            if (waiting.Count >= MaximumWaiting)
            {
                return QueueAnswer.Full;
            }

            waiting.Enqueue(deployment);
            return QueueAnswer.Accepted;
        }
    }

    /// <summary>
    /// Takes no more in, drops what has not begun, waits for what runs and stops it whole after
    /// <paramref name="grace"/>.
    /// </summary>
    internal async Task StopAsync(TimeSpan grace)
    {
        Task running;
        lock (_lock)
        {
            _isStopping = true;
            running = Task.WhenAll(_working);
        }

        try
        {
            await running.WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            await _stop.CancelAsync();
            await running;
        }
    }

    public void Dispose() => _stop.Dispose();

    private void Start(string service, Queue<Deployment> waiting)
    {
        var work = Task.Run(() => WorkOffAsync(service, waiting), CancellationToken.None);
        _working.Add(work);
        _ = work.ContinueWith(
            done =>
            {
                lock (_lock)
                {
                    _working.Remove(done);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private async Task WorkOffAsync(string service, Queue<Deployment> waiting)
    {
        while (Next(service, waiting) is { } next)
        {
            if (!next.MayRun)
            {
                next.Deployment.Finish(DeploymentResult.NeverBegan);
                continue;
            }

            var result = await engine.RunAsync(next.Deployment, _stop.Token);
            next.Deployment.Finish(result);
            foreach (var listener in listeners)
            {
                listener.Ended(service, result);
            }
        }
    }

    private (Deployment Deployment, bool MayRun)? Next(string service, Queue<Deployment> waiting)
    {
        lock (_lock)
        {
            if (waiting.TryDequeue(out var deployment))
            {
                return (deployment, !_isStopping);
            }

            _waiting.Remove(service);
            return null;
        }
    }
}

/// <summary>What became of a deployment that asked to be taken in.</summary>
internal enum QueueAnswer
{
    Accepted,

    /// <summary>As many of this service as may wait do so already.</summary>
    Full,
    ShuttingDown,
}
