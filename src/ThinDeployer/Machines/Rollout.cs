using System.Threading.Channels;
using ThinDeployer.Deployments;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Machines;

/// <summary>
/// One whole as it is deployed on its machines. What is told of them and what the clock says come one after the other; each is
/// on disk before it counts.
/// </summary>
internal sealed class Rollout : IAsyncDisposable
{
    private readonly Deployment _whole;
    private readonly IReadOnlyList<RolloutChild> _children;
    private readonly Dictionary<string, RolloutChild> _byId;
    private readonly IDeploymentRecord _record;
    private readonly MachineReach _reach;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly OwnedTasks _sending = new();

    /// <summary>Cancelled when nothing is sent any more.</summary>
    private readonly CancellationTokenSource _over = new();

    /// <summary>Looks when a pause is over.</summary>
    private readonly ITimer _timer;

    /// <summary>Many wishes to look at once are one.</summary>
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private RolloutState _state;
    private string? _stoppedBy;
    private NextOfRollout.AskManual? _asks;

    private Rollout(
        Deployment whole,
        RolloutState state,
        IReadOnlyList<RolloutChild> children,
        IDeploymentRecord record,
        MachineReach reach,
        TimeProvider time
    )
    {
        _whole = whole;
        _state = state;
        _children = children;
        _byId = children.ToDictionary(child => child.Entry.Id, StringComparer.Ordinal);
        _record = record;
        _reach = reach;
        _time = time;
        _timer = time.CreateTimer(_ => Look(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal string Id => _whole.Id;

    internal IReadOnlyList<RolloutChild> Children => _children;

    /// <summary>What somebody must decide; null for nothing.</summary>
    internal WaitReason.Batch? Asks =>
        Volatile.Read(ref _asks) is { } asks ? new WaitReason.Batch(asks.Batch + 1, _state.Batches.Count) : null;

    /// <summary>Begins one, or takes it up where it was left.</summary>
    /// <param name="whole">Running.</param>
    /// <param name="names">Of its machines; only asked where it begins.</param>
    /// <param name="record">Where it is kept.</param>
    /// <param name="reach">The way to the machines.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="RecordUnavailableException">It can't be saved.</exception>
    internal static async Task<Rollout> OpenAsync(
        Deployment whole,
        IReadOnlyList<string> names,
        IDeploymentRecord record,
        MachineReach reach,
        TimeProvider time
    )
    {
        if (record.FindRollout(whole.Id) is not { } state)
        {
            state = RolloutCourse.Begin(whole.Plan.Rollout!, names);
            await record.BeginRolloutAsync(whole.Id, state, [.. ChildrenOf(whole, state, time.GetUtcNow())]);
        }

        var entries = record.Children(whole.Id);
        var width = entries.Max(entry => entry.Child!.Machine.Length);
        var leads = entries.ToDictionary(entry => entry.Id, entry => MachineLines.LeadOf(entry.Child!.Machine, width));
        var there = await MachineLines.CountAsync(whole.Output.Content, [.. leads.Values]);
        var children = new List<RolloutChild>();
        foreach (var entry in entries)
        {
            var lead = leads[entry.Id];
            children.Add(await RolloutChild.OpenAsync(entry, whole, lead, there[lead], record, time));
        }

        return new Rollout(whole, state, children, record, reach, time);
    }

    /// <summary>To its end; null where the server ends before.</summary>
    internal async Task<RolloutEnd?> RunAsync(CancellationToken stopping)
    {
        await using var cancelled = _whole.Cancelled.Register(Look);
        try
        {
            while (true)
            {
                if (await StepAsync(stopping) is { } end)
                {
                    return end;
                }

                await _looks.Reader.ReadAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            foreach (var child in _children.Where(child => !child.HasEnded))
            {
                child.Leave();
            }

            return null;
        }
    }

    /// <summary>Something has changed, or time has passed.</summary>
    internal void Look() => _looks.Writer.TryWrite(true);

    /// <summary>Does something to the deployment of a machine.</summary>
    /// <exception cref="RecordUnavailableException">It can't be saved, and did not happen.</exception>
    internal async Task ChangeAsync(string child, Func<RolloutChild, Task> change)
    {
        await _turn.WaitAsync();
        try
        {
            var changed = _byId[child];
            var hadEnded = changed.HasEnded;
            await change(changed);
            TellEnd(changed, hadEnded);
        }
        finally
        {
            _turn.Release();
            Look();
        }
    }

    /// <summary>Somebody has decided whether the next batch begins.</summary>
    internal async Task<DecisionAnswer> DecideAsync(GateDecision decision, bool goesOn)
    {
        await _turn.WaitAsync();
        try
        {
            if (_asks is not { } asks)
            {
                return new DecisionAnswer.NotWaiting();
            }

            var why = decision.Reason is { } reason ? $": {reason}" : "";
            if (goesOn)
            {
                var next = _state with { Allowed = asks.Batch + 1 };
                await _record.SaveRolloutAsync(Id, next);
                _state = next;
                Say($"{decision.Who} lets batch {asks.Batch + 1} begin{why}");
            }
            else
            {
                _stoppedBy = decision.Who;
                Say($"{decision.Who} stopped the rollout before batch {asks.Batch + 1}{why}");
            }

            _asks = null;
            return new DecisionAnswer.Done();
        }
        catch (RecordUnavailableException exception)
        {
            return new DecisionAnswer.NotSaved(exception.Message);
        }
        finally
        {
            _turn.Release();
            Look();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _over.CancelAsync();
        await _sending.AllDoneAsync();
        _over.Dispose();
        _turn.Dispose();
    }

    /// <summary>Does what is to be done now. Null where it has not ended.</summary>
    private async Task<RolloutEnd?> StepAsync(CancellationToken stopping)
    {
        await _turn.WaitAsync(stopping);
        try
        {
            if (_whole.IsCancelled)
            {
                await CancelAsync(_whole.CancelledBy!);
            }

            await LookAtLateAsync();
            if (await GoOnAsync() is { } end)
            {
                return end;
            }

            foreach (
                var child in _children.Where(child =>
                    child is { Entry.Status: DeploymentStatus.Queued, SentAt: null, IsBeingSent: false }
                )
            )
            {
                // Not waited for: while the transport takes nothing, somebody may still cancel.
                child.IsBeingSent = true;
                _sending.Add(SendAsync(child));
            }

            return null;
        }
        catch (RecordUnavailableException)
        {
            // The record says so itself; the next look tries again.
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<RolloutEnd?> GoOnAsync()
    {
        while (true)
        {
            var next =
                _stoppedBy is { } by && !_whole.IsCancelled
                    ? Stopped($"stopped by {by}")
                    : RolloutCourse.Next(_state, [.. _children.Select(StandingOf)], _time.GetUtcNow());
            _asks = next as NextOfRollout.AskManual;
            switch (next)
            {
                case NextOfRollout.Begin(var batch):
                    await BeginAsync(batch);
                    break;
                case NextOfRollout.Stop(var reason):
                    Say($"The rollout stops: {reason}");
                    await EndWaitingAsync($"not begun, because the rollout stopped: {reason}", by: null);
                    break;
                case NextOfRollout.Done(var fault):
                    if (fault is not null && !_whole.IsCancelled)
                    {
                        Say($"The rollout failed: {fault}");
                    }

                    return EndOf(fault is null);
                case NextOfRollout.Pause(var until):
                    var left = until - _time.GetUtcNow();
                    _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                    return null;
                default:
                    return null;
            }
        }
    }

    /// <summary>Nothing that waits begins; what runs is waited for.</summary>
    private NextOfRollout Stopped(string reason) =>
        _children.Any(child => StandingOf(child).Stage is MachineStage.Begun) ? new NextOfRollout.Wait()
        : _children.Any(child => child.Entry.Status is DeploymentStatus.Waiting) ? new NextOfRollout.Stop(reason)
        : new NextOfRollout.Done(reason);

    private RolloutEnd EndOf(bool hasSucceeded)
    {
        return new RolloutEnd(
            _whole.IsCancelled ? DeploymentStatus.Cancelled
                : hasSucceeded && !_children.Any(IsNotBegun) ? DeploymentStatus.Succeeded
                : DeploymentStatus.Failed,
            Names(MachineStage.Succeeded),
            Names(MachineStage.Failed)
        );

        IReadOnlyList<string> Names(MachineStage stage) =>
            [.. _children.Where(child => StandingOf(child).Stage == stage).Select(child => child.Machine)];
    }

    /// <summary>Each machine of a batch gets an order, or is passed over where it is away and the rollout says so.</summary>
    private async Task BeginAsync(int batch)
    {
        var children = _children
            .Where(child => child.Place.Batch == batch && child.Entry.Status is DeploymentStatus.Waiting)
            .ToList();
        Say(
            $"Batch {batch + 1} of {_state.Batches.Count}: {string.Join(", ", children.Select(child => child.Machine))}"
        );
        var expires = _time.GetUtcNow() + _state.Expire;
        await Task.WhenAll(children.Select(child => Task.Run(() => BeginAsync(child, expires))));
        children.ForEach(child => TellEnd(child, hadEnded: false));
    }

    private Task BeginAsync(RolloutChild child, DateTimeOffset expires)
    {
        if (_reach.WhyNever(child.Machine) is { } never)
        {
            return child.EndAsync(DeploymentStatus.Expired, never);
        }

        if (
            new Message { Order = OrderOf(child, expires) }
                .ToJson()
                .Length > Order.Largest
        )
        {
            return child.EndAsync(
                DeploymentStatus.Rejected,
                "the values of this deployment are too large for an order"
            );
        }

        return _state.Unavailable is not WhenUnavailable.Wait && _reach.WhyAway(child.Machine) is { } away
            ? child.EndAsync(DeploymentStatus.Expired, away, _state.Unavailable is WhenUnavailable.Skip)
            : child.QueueAsync(expires);
    }

    /// <summary>Where it fails, the next look tries again.</summary>
    private async Task SendAsync(RolloutChild child)
    {
        var expires = child.Place.Expires!.Value;
        try
        {
            if (await _reach.SendAsync(OrderOf(child, expires), expires, _over.Token))
            {
                child.SentAt = _time.GetUtcNow();
            }
        }
        catch (OperationCanceledException)
        {
            // The rollout has ended, or the server does.
        }

        child.IsBeingSent = false;
    }

    private Order OrderOf(RolloutChild child, DateTimeOffset expires)
    {
        var trigger = child.Entry.Trigger;
        return new Order(
            child.Entry.Id,
            child.Machine,
            Id,
            child.Entry.Service,
            child.Entry.Values,
            expires.ToUnixTimeMilliseconds()
        )
        {
            Who = trigger.Who,
            Event = trigger.Event,
            Ref = trigger.Ref,
            Commit = trigger.Commit,
            Actor = trigger.Actor,
            RollbackTo = trigger.RollbackTo,
            TraceParent = DeploymentTrace.Of(_whole.Accepted).Own.ToString(),
        };
    }

    /// <summary>Those that wait end at once; those that have an order are told to stop, which they say themselves.</summary>
    private async Task CancelAsync(string by)
    {
        await EndWaitingAsync($"not begun, because the rollout was cancelled by {by}", by);
        foreach (var child in _children.Where(child => !child.HasEnded))
        {
            child.CancelledBy ??= by;
        }
    }

    private async Task EndWaitingAsync(string note, string? by)
    {
        foreach (var child in _children.Where(child => child.Entry.Status is DeploymentStatus.Waiting))
        {
            await child.EndAsync(DeploymentStatus.Cancelled, note, by: by);
        }
    }

    /// <summary>What took its order and is not heard of any more is given up when the order is long over: nobody knows then.</summary>
    private async Task LookAtLateAsync()
    {
        var now = _time.GetUtcNow();
        foreach (var child in _children.Where(child => StandingOf(child).Stage is MachineStage.Begun))
        {
            if (_reach.WhyNever(child.Machine) is { } never)
            {
                await child.EndAsync(DeploymentStatus.Interrupted, never);
            }
            else if (
                child.Place.Expires + MachineReach.Late < now
                && _reach.LastSeen(child.Machine) is var seen
                && !(seen + _state.Expire > now)
                && !(child.HeardAt + _state.Expire > now)
                && _reach.IsOpenFor(_state.Expire)
            )
            {
                await child.EndAsync(
                    DeploymentStatus.Interrupted,
                    $"{_reach.WhyAway(child.Machine) ?? "it says nothing of its order"}; whether it ran is not known"
                );
            }
            else
            {
                continue;
            }

            TellEnd(child, hadEnded: false);
        }
    }

    private void TellEnd(RolloutChild child, bool hadEnded)
    {
        if (child.HasEnded && !hadEnded)
        {
            Say($"{child.Machine}: {child.Entry.Status.Name()}" + (child.Place.Note is { } note ? $": {note}" : ""));
        }
    }

    private void Say(string line) => _whole.Output.WriteLine($" # {line}");

    private static MachineStanding StandingOf(RolloutChild child) =>
        new(
            child.Machine,
            child.Place.Batch,
            child.Entry.Status switch
            {
                DeploymentStatus.Waiting => MachineStage.Waiting,
                DeploymentStatus.Queued or DeploymentStatus.Running => MachineStage.Begun,
                DeploymentStatus.Succeeded => MachineStage.Succeeded,
                _ => child.Place.IsSkipped || IsNotBegun(child) ? MachineStage.Skipped : MachineStage.Failed,
            },
            child.Entry.FinishedAt
        );

    private static bool IsNotBegun(RolloutChild child) =>
        child is { Entry.Status: DeploymentStatus.Cancelled, Place.Expires: null };

    private static IEnumerable<DeploymentEntry> ChildrenOf(Deployment whole, RolloutState state, DateTimeOffset now) =>
        state.Batches.SelectMany(
            (batch, number) =>
                batch.Select(machine => new DeploymentEntry
                {
                    Sequence = whole.Sequence,
                    Id = Guid.CreateVersion7(now).ToString(),
                    Service = whole.Service,
                    Status = DeploymentStatus.Waiting,
                    AcceptedAt = now,
                    Trigger = whole.Accepted.Trigger with { PayloadBytes = 0, DeliveryId = null },
                    Values = whole.Accepted.Values,
                    ShownValues = whole.Accepted.ShownValues,
                    Child = new ChildPlace(whole.Id, machine, number),
                })
        );
}
