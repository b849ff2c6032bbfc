using Microsoft.Extensions.Logging;
using ThinDeployer.Output;
using ThinDeployer.Security;

namespace ThinDeployer.Deployments;

/// <summary>
/// Takes deployments in, in an order that is theirs for good, and starts each when its service and the server have room.
/// Nothing is accepted before it is on disk, and nothing starts before its start is.
/// </summary>
/// <param name="run">Runs one whose start is on disk; null when its end could not be saved.</param>
/// <param name="maximumRunning">So many run at once over all services.</param>
internal sealed partial class DeploymentQueue(
    Func<Deployment, CancellationToken, Task<DeploymentResult?>> run,
    IDeploymentRecord record,
    PatientRecord patient,
    IDeploymentListener listeners,
    int maximumRunning,
    TimeProvider time,
    ILogger<DeploymentQueue> logger
) : IDisposable
{
    /// <summary>What clients get to read the end.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Lanes _lanes = new(maximumRunning);
    private readonly DeploymentNotices _notices = new(logger);
    private readonly RepeatGuard _repeats = new(record, time);
    private readonly OwnedTasks _working = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _gone = new(Timeout.InfiniteTimeSpan, time);
    private readonly CancellationTokenSource _stop = new();
    private long _sequence = record.LastSequence;
    private bool _isOpen;

    /// <summary>Cancelled when nothing new starts any more, because the server ends.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>
    /// Cancelled some time after all has ended or was let go: who has not read what it was sent by then keeps the server
    /// waiting for nothing.
    /// </summary>
    internal CancellationToken Gone => _gone.Token;

    internal Task<QueueAnswer> EnqueueAsync(Admission admission, DeploymentPlan plan, DeploymentCall call)
    {
        lock (_lock)
        {
            if (
                call.Trigger.DeliveryId is { } delivery
                && _repeats.TryFind(_lanes, admission.Service, delivery, out var before)
            )
            {
                return before;
            }

            if (Refusal(admission.Service, plan, call.Origin.Payload.Length) is { } refusal)
            {
                return Task.FromResult(refusal);
            }

            var now = Moment.Now(time);
            var deployment = Deployment.New(admission, plan, call, ++_sequence, now.At, record);
            var entry = _lanes.Enter(deployment);
            deployment.Started = entry.StartsAtOnce ? now : null;

            // Begun under the lock, so that the record gets them in the order accepted.
            var saving = SaveAsync(deployment, entry, call.Origin);
            _working.Add(saving);
            if (call.Trigger.DeliveryId is { } id)
            {
                _repeats.Accepting(admission.Service, id, saving);
            }

            return saving;
        }
    }

    /// <summary>Takes up again, in its old place, what was accepted before the program began.</summary>
    internal void Restore(Deployment deployment)
    {
        lock (_lock)
        {
            _lanes.Of(deployment.Service).Wait(deployment, isSaved: true);
        }
    }

    /// <summary>Does something for a deployment of before, ahead of all of its service that may start.</summary>
    /// <param name="entry">The deployment.</param>
    /// <param name="lockName">What it shares with other services; null for nothing.</param>
    /// <param name="work">What must be done.</param>
    internal void First(DeploymentEntry entry, string? lockName, Func<CancellationToken, Task> work)
    {
        lock (_lock)
        {
            _lanes.Block(entry, lockName);
            _working.Add(Task.Run(() => FirstAsync(entry, lockName, work), CancellationToken.None));
        }
    }

    /// <summary>Lets what was restored start. Before, nothing of it does.</summary>
    internal void Open()
    {
        lock (_lock)
        {
            _isOpen = true;
            StartReady();
        }
    }

    /// <summary>Starts what may start.</summary>
    private void StartReady()
    {
        lock (_lock)
        {
            while (_isOpen && !_stopping.IsCancellationRequested && _lanes.StartNext() is { } next)
            {
                _working.Add(Task.Run(() => StartAsync(next), CancellationToken.None));
            }
        }
    }

    /// <summary>
    /// The deployments that come before it in the queue, of its service and of those that share its lock; null for one
    /// that does not wait.
    /// </summary>
    internal int? QueuedAhead(string service, string id)
    {
        lock (_lock)
        {
            return _lanes.QueuedAhead(service, id);
        }
    }

    /// <summary>The one that runs and must end before it can begin, whatever else does; null where there is none.</summary>
    internal Deployment? OnlyOneInFrontOf(Deployment deployment)
    {
        lock (_lock)
        {
            return _lanes.OnlyOneInFrontOf(deployment);
        }
    }

    /// <summary>How many of a service run and wait.</summary>
    internal (int Running, int Waiting) Load(string service)
    {
        lock (_lock)
        {
            return _lanes.Find(service) is { } lane ? (lane.Running.Count, lane.WaitingCount) : (0, 0);
        }
    }

    /// <summary>What runs and waits of all services.</summary>
    internal (IReadOnlyList<Deployment> Running, int Waiting) Load()
    {
        lock (_lock)
        {
            return ([.. _lanes.All.SelectMany(lane => lane.Running)], _lanes.All.Sum(lane => lane.WaitingCount));
        }
    }

    /// <summary>What of some services runs and waits now.</summary>
    internal QueueView View(Func<string, bool> isWanted)
    {
        lock (_lock)
        {
            return _lanes.View(isWanted);
        }
    }

    /// <summary>One that runs or waits; null for any other.</summary>
    internal Deployment? Find(string service, string id)
    {
        lock (_lock)
        {
            return _lanes.Find(service)?.Find(id);
        }
    }

    /// <summary>
    /// Stops one that runs, or takes one that waits out of the queue. What runs is still running when this comes back.
    /// </summary>
    /// <param name="service">Whose.</param>
    /// <param name="id">Of the deployment.</param>
    /// <param name="by">Who wants that.</param>
    internal async Task<CancelAnswer> CancelAsync(string service, string id, string by)
    {
        Deployment? deployment;
        lock (_lock)
        {
            deployment = Find(service, id);
            if (deployment is null)
            {
                return new CancelAnswer.Ended();
            }

            if (_lanes.Of(service).Running.Contains(deployment))
            {
                _working.Add(deployment.CancelAsync(by));
                return new CancelAnswer.Cancelling();
            }

            if (!_lanes.Of(service).TryHold(deployment))
            {
                return new CancelAnswer.Ended();
            }
        }

        var saving = CancelWaitingAsync(deployment, by);
        _working.Add(saving);
        return await saving;
    }

    private async Task<CancelAnswer> CancelWaitingAsync(Deployment deployment, string by)
    {
        const string line = "The deployment was cancelled before it began\n";
        var entry = deployment.Accepted with
        {
            Status = DeploymentStatus.Cancelled,
            FinishedAt = time.GetUtcNow(),
            CancelledBy = by,
            OutputBytes = line.Length,
            InlineOutput = line,
        };
        try
        {
            await record.EndAsync(entry, deployment.Plan.Keep);
        }
        catch (RecordUnavailableException exception)
        {
            Update(deployment.Service, lane => lane.Release([deployment]));
            return new CancelAnswer.NotSaved(exception.Message);
        }

        _notices.Ended(entry);
        Update(deployment.Service, lane => lane.Leave(deployment));
        FinishUnbegun(deployment, new DeploymentResult(entry, OutputContent.Of(line)));
        return new CancelAnswer.Cancelling();
    }

    /// <summary>
    /// Takes no more in, leaves on disk what waits, gives <paramref name="grace"/> to what runs, and then stops it whole.
    /// </summary>
    internal async Task StopAsync(TimeSpan grace)
    {
        await _stopping.CancelAsync();
        LetGo(lane => lane.WaitingDeployments);
        var working = _working.AllDoneAsync();
        try
        {
            await working.WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            await _stop.CancelAsync();
            await working;
        }
        finally
        {
            LetGo(lane => lane.Running);
            _gone.CancelAfter(LastWords);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _gone.Dispose();
        _stop.Dispose();
    }

    private QueueAnswer? Refusal(string service, DeploymentPlan plan, long bytes) =>
        _stopping.IsCancellationRequested
            ? new QueueAnswer.Closed("The server is shutting down")
            : _lanes.Refusal(service, plan, bytes);

    private async Task<QueueAnswer> SaveAsync(Deployment deployment, LaneEntry entry, DeploymentOrigin origin)
    {
        try
        {
            await AcceptAsync(deployment, entry, origin);
        }
        catch (RecordUnavailableException exception)
        {
            Update(deployment.Service, _ => _lanes.Withdraw(deployment, entry));
            return new QueueAnswer.NotSaved(exception.Message);
        }
        catch
        {
            Update(deployment.Service, _ => _lanes.Withdraw(deployment, entry));
            throw;
        }

        Supersede(entry.Superseded, deployment);
        foreach (var old in entry.Cancelled)
        {
            _working.Add(old.CancelAsync(deployment.Id));
        }

        if (!entry.StartsAtOnce)
        {
            Update(deployment.Service, lane => lane.Saved(deployment));
        }

        return new QueueAnswer.Accepted(deployment);
    }

    /// <summary>Saves one, and starts it meanwhile if it has room: what can be made ready is, while the disk is busy.</summary>
    private async Task AcceptAsync(Deployment deployment, LaneEntry entry, DeploymentOrigin origin)
    {
        var saving = record.AcceptAsync(
            deployment.Accepted with
            {
                Status = entry.StartsAtOnce ? DeploymentStatus.Running : DeploymentStatus.Queued,
                StartedAt = deployment.StartedAt,
                Steps = deployment.StartedAt is { } now ? [deployment.FirstStep(now)] : [],
            },
            [.. entry.Superseded.Select(old => old.Id)],
            origin with
            {
                Delivery = origin.Delivery is { } kept ? kept with { DeploymentId = deployment.Id } : null,
            }
        );
        deployment.IsOnDisk = SucceedsAsync(deployment, saving);
        if (entry.StartsAtOnce)
        {
            _working.Add(Task.Run(() => RunAsync(deployment), CancellationToken.None));
        }

        // First this, so that what is told of it comes before what follows.
        await deployment.IsOnDisk;
        await saving;
    }

    private async Task<bool> SucceedsAsync(Deployment deployment, Task saving)
    {
        await saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!saving.IsCompletedSuccessfully)
        {
            return false;
        }

        // Told before its first step may run, and so before its end.
        int? ahead = deployment.StartedAt is null ? QueuedAhead(deployment.Service, deployment.Id) ?? 0 : null;
        _notices.Accepted(deployment, ahead);
        listeners.Accepted(deployment, ahead);
        if (ahead is null)
        {
            listeners.Began(deployment);
        }

        return true;
    }

    private void Supersede(IReadOnlyList<Deployment> superseded, Deployment by)
    {
        foreach (var old in superseded)
        {
            Update(old.Service, lane => lane.Leave(old));
            var entry = old.Accepted with
            {
                Status = DeploymentStatus.Superseded,
                FinishedAt = by.Accepted.AcceptedAt,
                SupersededBy = by.Id,
            };
            _notices.Superseded(entry);
            FinishUnbegun(old, new DeploymentResult(entry, OutputContent.Of("")));
        }
    }

    private void FinishUnbegun(Deployment deployment, DeploymentResult result)
    {
        listeners.Ended(deployment, result);
        deployment.Finish(result);
    }

    private async Task FirstAsync(DeploymentEntry entry, string? lockName, Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stop.Token);
        }
#pragma warning disable CA1031 // Whatever it is, the service must go on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.FirstFaulted(logger, entry.Service, exception);
        }

        Update(entry.Service, _ => _lanes.Unblock(entry, lockName));
    }

    private async Task StartAsync(Deployment deployment)
    {
        if (await SaveStartAsync(deployment))
        {
            await RunAsync(deployment);
        }
        else
        {
            Ended(deployment);
            deployment.Finish(result: null);
        }
    }

    private async Task<bool> SaveStartAsync(Deployment deployment)
    {
        var now = Moment.Now(time);
        try
        {
            var isSaved = await patient.SaveAsync(
                to => to.StartAsync(deployment.Begun(now.At), deployment.FirstStep(now.At)),
                _stop.Token
            );
            deployment.Started = isSaved ? now : null;
            if (isSaved)
            {
                _notices.Began(deployment);
                listeners.Began(deployment);
            }

            return isSaved;
        }
#pragma warning disable CA1031 // Whatever it is, the service must go on: nobody would run after this one.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(logger, deployment.Id, deployment.Service, exception);
            return false;
        }
    }

    private async Task RunAsync(Deployment deployment)
    {
        // Until those who read it hold it themselves.
        using var hold = deployment.HoldOutput();
        var result = await RunSafelyAsync(deployment);
        if (!await deployment.IsOnDisk)
        {
            // Who could not save it has taken it back.
            return;
        }

        Ended(deployment);
        if (result is not null)
        {
            listeners.Ended(deployment, result);
        }

        deployment.Finish(result);
    }

    private async Task<DeploymentResult?> RunSafelyAsync(Deployment deployment)
    {
        try
        {
            return await run(deployment, _stop.Token);
        }
#pragma warning disable CA1031 // Whatever it is, its service must go on, and its caller must get an answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(logger, deployment.Id, deployment.Service, exception);
            return null;
        }
    }

    private void Ended(Deployment deployment) => Update(deployment.Service, _ => _lanes.End(deployment));

    /// <summary>Changes the lane of a service, forgets it when it is empty, and starts what may start now.</summary>
    private void Update(string service, Action<Lane> change)
    {
        lock (_lock)
        {
            change(_lanes.Of(service));
            _lanes.ForgetIfEmpty(service);
            StartReady();
        }
    }

    /// <summary>Tells the callers of what has not ended that the server does.</summary>
    private void LetGo(Func<Lane, IEnumerable<Deployment>> which)
    {
        List<Deployment> let;
        lock (_lock)
        {
            let = [.. _lanes.All.SelectMany(which)];
        }

        let.ForEach(deployment => deployment.Finish(result: null));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Deployment {Id} of {Service} met an internal error")]
        internal static partial void Faulted(ILogger logger, string id, string service, Exception exception);

        [LoggerMessage(LogLevel.Error, "What must come before the deployments of {Service} met an internal error")]
        internal static partial void FirstFaulted(ILogger logger, string service, Exception exception);
    }
}
