using System.Text;
using Microsoft.Extensions.Logging;
using ThinDeployer.Gates;
using ThinDeployer.Output;
using ThinDeployer.Security;

namespace ThinDeployer.Deployments;

/// <summary>
/// Takes deployments in, in an order that is theirs for good, and starts each when its service and the server have room.
/// Nothing is accepted before it is on disk, and nothing starts before its start is.
/// </summary>
internal sealed partial class DeploymentQueue : IDisposable
{
    /// <summary>What clients get to read the end.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly Func<Deployment, EndOfServer, Task<DeploymentResult?>> _run;
    private readonly IDeploymentRecord _record;
    private readonly PatientRecord _patient;
    private readonly IDeploymentListener _listeners;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Lanes _lanes;
    private readonly Dictionary<string, Pause> _pauses;
    private readonly DeploymentNotices _notices;
    private readonly RepeatGuard _repeats;
    private readonly OwnedTasks _working = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _gone;
    private readonly CancellationTokenSource _stop = new();
    private long _sequence;
    private bool _isOpen;

    /// <param name="run">Runs one whose start is on disk; null when its end could not be saved.</param>
    /// <param name="record">Where all of it is kept.</param>
    /// <param name="patient">For what must be kept, however long it takes.</param>
    /// <param name="listeners">Who wants to know.</param>
    /// <param name="maximumRunning">So many run at once over all services.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    internal DeploymentQueue(
        Func<Deployment, EndOfServer, Task<DeploymentResult?>> run,
        IDeploymentRecord record,
        PatientRecord patient,
        IDeploymentListener listeners,
        int maximumRunning,
        TimeProvider time,
        ILogger<DeploymentQueue> logger
    )
    {
        _run = run;
        _record = record;
        _patient = patient;
        _listeners = listeners;
        _time = time;
        _logger = logger;
        _lanes = new Lanes(maximumRunning, WhatStops);
        _pauses = new(record.Pauses(), StringComparer.Ordinal);
        _notices = new DeploymentNotices(logger);
        _repeats = new RepeatGuard(record, time);
        _gone = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _sequence = record.LastSequence;
    }

    /// <summary>Told when one waits for more than its turn. Set before the first comes.</summary>
    internal Action Gated { get; set; } = () => { };

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

            var now = Moment.Now(_time);
            if (Refusal(admission.Service, plan, call, now.At) is { } refusal)
            {
                return Task.FromResult(refusal);
            }

            var deployment = Deployment.New(admission, plan, call, ++_sequence, now.At, _record);
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

    /// <summary>Goes on with one that runs on other machines, and so did while the program did not.</summary>
    internal void Resume(Deployment deployment)
    {
        lock (_lock)
        {
            var now = Moment.Now(_time);
            var startedAt = deployment.Accepted.StartedAt ?? now.At;
            var since = (now.At - startedAt).Ticks * (_time.TimestampFrequency / (double)TimeSpan.TicksPerSecond);
            deployment.Started = new Moment(startedAt, now.Timestamp - Math.Max(0, (long)since));
            _lanes.Resume(deployment);
            _working.Add(Task.Run(() => RunAsync(deployment), CancellationToken.None));
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

        var whyNot = await EndUnbegunAsync(
            deployment,
            deployment.Accepted with
            {
                Status = DeploymentStatus.Cancelled,
                CancelledBy = by,
            },
            "The deployment was cancelled before it began"
        );
        return whyNot is null ? new CancelAnswer.Cancelling() : new CancelAnswer.NotSaved(whyNot);
    }

    /// <summary>Ends one that waits and is held.</summary>
    /// <param name="deployment">Which.</param>
    /// <param name="end">How.</param>
    /// <param name="line">All of its output.</param>
    /// <returns>Why that could not be saved, and then it still waits; null when it was.</returns>
    internal Task<string?> EndUnbegunAsync(Deployment deployment, DeploymentEntry end, string line)
    {
        var saving = SaveUnbegunAsync(deployment, end, line + "\n");
        _working.Add(saving);
        return saving;
    }

    private async Task<string?> SaveUnbegunAsync(Deployment deployment, DeploymentEntry end, string line)
    {
        var entry = end with
        {
            FinishedAt = _time.GetUtcNow(),
            OutputBytes = Encoding.UTF8.GetByteCount(line),
            InlineOutput = line,
        };
        try
        {
            await _record.EndAsync(entry, deployment.Plan.Keep);
        }
        catch (RecordUnavailableException exception)
        {
            Release(deployment);
            return exception.Message;
        }

        _notices.Ended(entry);
        Update(deployment.Service, lane => lane.Leave(deployment));
        FinishUnbegun(deployment, new DeploymentResult(entry, OutputContent.Of(line)));
        return null;
    }

    /// <summary>Those that wait for more than their turn.</summary>
    internal IReadOnlyList<Deployment> AllGated()
    {
        lock (_lock)
        {
            return [.. _lanes.All.SelectMany(lane => lane.Gated)];
        }
    }

    /// <summary>When something may begin because the clock says so; null for never.</summary>
    internal DateTimeOffset? NextOpening(DateTimeOffset now)
    {
        lock (_lock)
        {
            var openings = _lanes
                .All.Select(lane => lane.Head)
                .OfType<Deployment>()
                .Select(head => head.Ahead(now) is WaitReason.Closed(var at) ? at : null)
                .Concat(_pauses.Values.Select(pause => pause.Until));
            return openings.Where(at => at > now).Min();
        }
    }

    /// <summary>Starts what may start, because the clock says so.</summary>
    internal void Look() => StartReady();

    /// <summary>Keeps one that waits from anything else. False for one that does not wait, or is held already.</summary>
    internal bool TryHold(Deployment deployment)
    {
        lock (_lock)
        {
            return _lanes.Find(deployment.Service)?.TryHold(deployment) == true;
        }
    }

    internal void Release(Deployment deployment) => Update(deployment.Service, lane => lane.Release([deployment]));

    /// <summary>It is on disk that its turn may come.</summary>
    internal void Ungate(Deployment deployment) => Update(deployment.Service, lane => lane.Ungate(deployment));

    /// <summary>Puts one in the place of another, held one, that waits; who followed that begins again.</summary>
    internal void Replace(Deployment deployment, Deployment by)
    {
        Update(
            deployment.Service,
            lane =>
            {
                lane.Leave(deployment);
                lane.Wait(by, isSaved: true);
            }
        );
        deployment.Finish(result: null);
    }

    /// <summary>Why one waits; null for one that does not.</summary>
    internal WaitReason? WhyWaits(string service, string id)
    {
        lock (_lock)
        {
            return Find(service, id) is { } deployment ? _lanes.WhyWaits(deployment) : null;
        }
    }

    /// <summary>What a service is paused by, itself or all of them; null where it is not.</summary>
    internal Pause? PauseOf(string service)
    {
        lock (_lock)
        {
            return PauseOf(service, _time.GetUtcNow());
        }
    }

    /// <summary>Pauses a service, or all.</summary>
    /// <param name="service">A name, or <see cref="Pause.All"/>.</param>
    /// <param name="pause">Null to go on.</param>
    /// <exception cref="RecordUnavailableException">It can't be saved, and stays as it was.</exception>
    internal async Task PauseAsync(string service, Pause? pause)
    {
        if (pause is not null)
        {
            // Before it is on disk: nothing begins that who asked did not want any more.
            Set(service, pause, out var before);
            try
            {
                await _record.PauseAsync(service, pause);
            }
            catch
            {
                Set(service, before, out _);
                throw;
            }
        }
        else
        {
            await _record.PauseAsync(service, pause: null);
            Set(service, pause: null, out _);
        }

        Gated();
        _listeners.Paused(service);
    }

    private void Set(string service, Pause? pause, out Pause? before)
    {
        lock (_lock)
        {
            before = _pauses.GetValueOrDefault(service);
            if (pause is null)
            {
                _pauses.Remove(service);
            }
            else
            {
                _pauses[service] = pause;
            }

            StartReady();
        }
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
            await working.WaitAsync(grace, _time);
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

    private QueueAnswer? Refusal(string service, DeploymentPlan plan, DeploymentCall call, DateTimeOffset now)
    {
        if (_stopping.IsCancellationRequested)
        {
            return new QueueAnswer.Closed("The server is shutting down");
        }

        if (PauseOf(service, now) is { Refuses: true } pause)
        {
            return new QueueAnswer.Paused(pause);
        }

        return call.Passed is null && WhyOutside(plan.Gate, now) is { } outside
            ? outside
            : _lanes.Refusal(
                service,
                plan,
                call.Origin.Payload.Length,
                DeploymentGate.Ahead(plan.Gate, DeploymentGate.Of(plan, call.Passed, now), now) is not null
            );
    }

    /// <summary>Null where it may begin now, or may wait until it may.</summary>
    private static QueueAnswer.Outside? WhyOutside(GatePlan gate, DateTimeOffset now) =>
        !gate.Windows.IsOpen(now)
        && gate.Windows.NextOpening(now) is var opening
        && (gate.RefusesWhenClosed || opening is null)
            ? new QueueAnswer.Outside(opening)
            : null;

    /// <summary>What keeps one from beginning although its turn may be here: people first, then the clock.</summary>
    private WaitReason? WhatStops(Deployment deployment)
    {
        var now = _time.GetUtcNow();
        var ahead = deployment.Ahead(now);
        return ahead is not WaitReason.Approval && PauseOf(deployment.Service, now) is { } pause
            ? new WaitReason.Paused(pause)
            : ahead;
    }

    private Pause? PauseOf(string service, DateTimeOffset now) =>
        (_pauses.TryGetValue(service, out var own) && !(own.Until <= now)) ? own
        : (_pauses.TryGetValue(Pause.All, out var all) && !(all.Until <= now)) ? all
        : null;

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
            if (deployment.Accepted.Status is DeploymentStatus.Waiting)
            {
                Gated();
            }
        }

        return new QueueAnswer.Accepted(deployment);
    }

    /// <summary>Saves one, and starts it meanwhile if it has room: what can be made ready is, while the disk is busy.</summary>
    private async Task AcceptAsync(Deployment deployment, LaneEntry entry, DeploymentOrigin origin)
    {
        var saving = _record.AcceptAsync(
            deployment.Accepted with
            {
                Status = entry.StartsAtOnce ? DeploymentStatus.Running : deployment.Accepted.Status,
                StartedAt = deployment.StartedAt,
                Steps = deployment.StartedAt is { } now && deployment.FirstStep(now) is { } first ? [first] : [],
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
        _listeners.Accepted(deployment, ahead);
        if (ahead is null)
        {
            _listeners.Began(deployment);
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
        _listeners.Ended(deployment, result);
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
            Log.FirstFaulted(_logger, entry.Service, exception);
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
        var now = Moment.Now(_time);
        try
        {
            var isSaved = await _patient.SaveAsync(
                to => to.StartAsync(deployment.Begun(now.At), deployment.FirstStep(now.At)),
                _stop.Token
            );
            deployment.Started = isSaved ? now : null;
            if (isSaved)
            {
                _notices.Began(deployment);
                _listeners.Began(deployment);
            }

            return isSaved;
        }
#pragma warning disable CA1031 // Whatever it is, the service must go on: nobody would run after this one.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(_logger, deployment.Id, deployment.Service, exception);
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
            _listeners.Ended(deployment, result);
        }

        deployment.Finish(result);
    }

    private async Task<DeploymentResult?> RunSafelyAsync(Deployment deployment)
    {
        try
        {
            return await _run(deployment, new EndOfServer(_stopping.Token, _stop.Token));
        }
#pragma warning disable CA1031 // Whatever it is, its service must go on, and its caller must get an answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(_logger, deployment.Id, deployment.Service, exception);
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

/// <summary>The end of the server, in two steps.</summary>
/// <param name="Begins">Nothing new starts.</param>
/// <param name="Stops">What still runs is stopped.</param>
internal readonly record struct EndOfServer(CancellationToken Begins, CancellationToken Stops);
