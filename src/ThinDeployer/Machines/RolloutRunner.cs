using System.Collections.Concurrent;
using ThinDeployer.Deployments;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Machines;

/// <summary>All rollouts that run, and what machines tell of them.</summary>
/// <param name="record">Where they are kept.</param>
/// <param name="registry">Knows the machines.</param>
/// <param name="reach">The way to them.</param>
/// <param name="time">The clock.</param>
internal sealed class RolloutRunner(
    IDeploymentRecord record,
    MachineRegistry registry,
    MachineReach reach,
    TimeProvider time
) : IRollouts
{
    /// <summary>How soon a rollout that can't be saved is tried again.</summary>
    internal static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    /// <summary>What a machine that is there does not know by then, the transport has lost.</summary>
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Rollout> _rollouts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (Rollout Rollout, RolloutChild Child)> _children = new(
        StringComparer.Ordinal
    );

    public async Task<RolloutEnd?> RunAsync(Deployment whole, CancellationToken stopping)
    {
        try
        {
            IReadOnlyList<string> names = whole.Accepted.Trigger.OnMachine is { } only
                ? [only]
                : RolloutCourse.NamesOf(
                    whole.Plan.Rollout!,
                    registry.All().Where(one => one.JoinedAt is not null).Select(one => one.Name)
                );
            if (names.Count == 0 && record.FindRollout(whole.Id) is null)
            {
                whole.Output.WriteLine(" # No machine has joined; add one by: thin-deployer machines add NAME");
                return new RolloutEnd(DeploymentStatus.Failed, [], []);
            }

            await using var rollout = await OpenAsync(whole, names, stopping);
            try
            {
                return await rollout.RunAsync(stopping);
            }
            finally
            {
                Forget(rollout);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    public Deployment? FindChild(string id) =>
        _children.TryGetValue(id, out var found) && !found.Child.HasEnded ? found.Child.Live : null;

    public WaitReason.Batch? WhyWaits(string whole) => _rollouts.GetValueOrDefault(whole)?.Asks;

    public Task<DecisionAnswer> DecideAsync(string whole, GateDecision decision, bool goesOn) =>
        _rollouts.TryGetValue(whole, out var rollout)
            ? rollout.DecideAsync(decision, goesOn)
            : Task.FromResult<DecisionAnswer>(new DecisionAnswer.NotWaiting());

    public string? NoteOf(DeploymentEntry child) =>
        child.Status is DeploymentStatus.Queued or DeploymentStatus.Running
            ? reach.WhyAway(child.Child!.Machine)
            : null;

    public async Task<CancelAnswer> CancelChildAsync(DeploymentEntry child, string by)
    {
        if (!_children.TryGetValue(child.Id, out var found) || found.Child.HasEnded)
        {
            return new CancelAnswer.Ended();
        }

        try
        {
            await found.Rollout.ChangeAsync(
                child.Id,
                one =>
                {
                    one.CancelledBy ??= by;
                    return one.Entry.Status is DeploymentStatus.Waiting
                        ? one.EndAsync(DeploymentStatus.Cancelled, $"not begun, because {by} cancelled it", by: by)
                        : Task.CompletedTask;
                }
            );
        }
        catch (RecordUnavailableException exception)
        {
            return new CancelAnswer.NotSaved(exception.Message);
        }

        await SayAsync(found.Child, CancellationToken.None);
        return new CancelAnswer.Cancelling();
    }

    /// <summary>Takes how an order stands, as its machine says.</summary>
    /// <exception cref="RecordUnavailableException">It can't be saved: it must be told again.</exception>
    internal async Task TakeAsync(OrderState state)
    {
        if (!_children.TryGetValue(state.Order, out var found))
        {
            ExpectEnded(state.Order);
        }
        else if (found.Child.Machine == state.Machine && !found.Child.HasEnded)
        {
            await found.Rollout.ChangeAsync(state.Order, child => TakeAsync(child, state));
        }
    }

    /// <summary>Takes the next piece of what a machine tells of an order.</summary>
    /// <exception cref="RecordUnavailableException">It can't be saved: it must be told again.</exception>
    internal async Task TakeAsync(OrderProgress progress)
    {
        if (_children.TryGetValue(progress.Order, out var found))
        {
            if (found.Child.Machine == progress.Machine && !found.Child.HasEnded)
            {
                await found.Rollout.ChangeAsync(
                    progress.Order,
                    child =>
                    {
                        child.HeardAt = time.GetUtcNow();
                        return child.TakeAsync(progress);
                    }
                );
            }
        }
        else
        {
            ExpectEnded(progress.Order);
            await TakeLateAsync(progress);
        }
    }

    /// <summary>An order came back: its machine did not take it in time.</summary>
    internal async Task ExpireAsync(string machine, Order order)
    {
        if (_children.TryGetValue(order.Id, out var found) && found.Child.Machine == machine)
        {
            await found.Rollout.ChangeAsync(
                order.Id,
                child =>
                    child.Entry.Status is DeploymentStatus.Queued && !child.Place.IsTaken
                        ? child.EndAsync(DeploymentStatus.Expired, "it did not take its order in time")
                        : Task.CompletedTask
            );
        }
    }

    /// <summary>
    /// Sends again what no machine has said to have taken: the transport may have come back without it. What comes twice
    /// deploys once.
    /// </summary>
    internal void SendAgain()
    {
        foreach (var (rollout, child) in _children.Values)
        {
            if (child.Entry.Status is DeploymentStatus.Queued && !child.Place.IsTaken)
            {
                child.SentAt = null;
                rollout.Look();
            }
        }
    }

    /// <summary>The ids of orders of a machine that have not ended.</summary>
    internal IReadOnlyList<string> AskedOf(string machine) =>
        [
            .. _children
                .Values.Select(one => one.Child)
                .Where(child =>
                    child.Machine == machine
                    && child.Entry.Status is DeploymentStatus.Queued or DeploymentStatus.Running
                )
                .Take(MostAsked)
                .Select(child => child.Entry.Id),
        ];

    /// <summary>Lets all rollouts look at the clock.</summary>
    internal void Look()
    {
        foreach (var rollout in _rollouts.Values)
        {
            rollout.Look();
        }
    }

    /// <summary>Says again what a machine may not have heard.</summary>
    internal async Task SayAgainAsync(CancellationToken stop)
    {
        foreach (var (_, child) in _children.Values.Where(one => one.Child.CancelledBy is not null))
        {
            await SayAsync(child, stop);
        }
    }

    /// <summary>Of one machine, at once.</summary>
    private const int MostAsked = 100;

    private Task SayAsync(RolloutChild child, CancellationToken stop) =>
        child.HasEnded || child.CancelledBy is not { } by
            ? Task.CompletedTask
            : reach.TrySayAsync(child.Machine, new Message { Cancel = new CancelOrder(child.Entry.Id, by) }, stop);

    private async Task TakeAsync(RolloutChild child, OrderState state)
    {
        child.HeardAt = time.GetUtcNow();
        switch (DeploymentStatuses.Parse(state.Status))
        {
            case null:
                if (child.Place.IsTaken)
                {
                    await child.EndAsync(DeploymentStatus.Interrupted, "it knows nothing of its order any more");
                }
                else if (child.Place.Expires + MachineReach.Late < time.GetUtcNow())
                {
                    await child.EndAsync(DeploymentStatus.Expired, "it never saw its order");
                }
                else if (child.SentAt + LostAfter < time.GetUtcNow())
                {
                    child.SentAt = null;
                }

                break;
            case DeploymentStatus.Queued or DeploymentStatus.Waiting:
                await child.TakenAsync(startedAt: null);
                break;
            case DeploymentStatus.Running:
                await child.TakenAsync(
                    state.StartedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : time.GetUtcNow()
                );
                break;
            case { } end:
                // One that did not refuse says so only when all that it did was told before.
                await child.EndAsync(
                    end,
                    state.Reason ?? "its machine told all of it before, and this server does not have that",
                    by: child.CancelledBy
                );
                break;
        }
    }

    /// <summary>What was given up is corrected where its machine comes back: it knows best.</summary>
    private async Task TakeLateAsync(OrderProgress progress)
    {
        if (
            progress.End is { } end
            && record.Find(progress.Order)
                is { Child: { IsTaken: true } place, Status: DeploymentStatus.Interrupted } entry
            && place.Machine == progress.Machine
            && place.Note is not null
            && DeploymentStatuses.Parse(end.Status) is { } status
            && status.IsEnd()
        )
        {
            await record.SaveChildAsync(
                entry with
                {
                    Status = status,
                    FinishedAt = DateTimeOffset.FromUnixTimeMilliseconds(end.FinishedAt),
                    Child = place with { Note = $"{place.Note}; it told so later" },
                }
            );
        }
    }

    /// <exception cref="RecordUnavailableException">It is about to be taken up again.</exception>
    private void ExpectEnded(string child)
    {
        if (record.Find(child) is { Child: not null } entry && !entry.Status.IsEnd())
        {
            throw new RecordUnavailableException("The rollout is not taken up yet.");
        }
    }

    private async Task<Rollout> OpenAsync(Deployment whole, IReadOnlyList<string> names, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var rollout = await Rollout.OpenAsync(whole, names, record, reach, time);
                foreach (var child in rollout.Children)
                {
                    _children[child.Entry.Id] = (rollout, child);
                }

                _rollouts[rollout.Id] = rollout;
                return rollout;
            }
            catch (RecordUnavailableException)
            {
                // The record says so itself.
                await Task.Delay(TryAgain, time, stopping);
            }
        }
    }

    private void Forget(Rollout rollout)
    {
        _rollouts.TryRemove(rollout.Id, out _);
        foreach (var child in rollout.Children)
        {
            _children.TryRemove(child.Entry.Id, out _);
        }
    }
}
