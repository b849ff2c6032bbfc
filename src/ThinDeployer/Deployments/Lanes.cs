namespace ThinDeployer.Deployments;

/// <summary>
/// The order in which deployments of all services run: lanes of services, what they share, and how many run at all. It
/// decides only; the queue saves and starts, and its lock guards this.
/// </summary>
/// <param name="maximumRunning">
/// So many run at once over all services. One that is rolled out over machines runs nothing here, and may take days: it does
/// not count.
/// </param>
/// <param name="stops">What keeps one from beginning although its turn may be here; null for nothing.</param>
internal sealed class Lanes(int maximumRunning, Func<Deployment, WaitReason?> stops)
{
    /// <summary>Of a service, unless a single one is larger.</summary>
    internal const long MaximumWaitingBytes = 512L * 1024 * 1024;

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly LockTable _locks = new();
    private int _running;

    internal IEnumerable<Lane> All => _lanes.Values;

    internal Lane? Find(string service) => _lanes.GetValueOrDefault(service);

    /// <summary>One that is forgotten is made anew.</summary>
    internal Lane Of(string service)
    {
        if (!_lanes.TryGetValue(service, out var lane))
        {
            lane = new Lane();
            _lanes.Add(service, lane);
        }

        return lane;
    }

    internal void ForgetIfEmpty(string service)
    {
        if (Find(service) is { IsEmpty: true })
        {
            _lanes.Remove(service);
        }
    }

    /// <summary>Why a new one is not taken, by the policy of its service; null when it is.</summary>
    /// <param name="service">Whose.</param>
    /// <param name="plan">What it would do.</param>
    /// <param name="bytes">Of its body.</param>
    /// <param name="isGated">It waits for more than its turn: who else is busy does not matter yet.</param>
    internal QueueAnswer? Refusal(string service, DeploymentPlan plan, long bytes, bool isGated)
    {
        var lane = Find(service);
        if (isGated)
        {
            return plan.Queue.WhenBusy is WhenBusy.Queue or WhenBusy.Reject && IsFull(lane ?? new Lane(), plan, bytes)
                ? new QueueAnswer.Full()
                : null;
        }

        if (HasRoomFor(lane, plan))
        {
            return null;
        }

        return plan.Queue.WhenBusy switch
        {
            WhenBusy.Reject when (lane?.All.FirstOrDefault()?.Id ?? InFrontOfLock(plan)) is { } busy =>
                new QueueAnswer.Busy(busy),
            WhenBusy.Queue or WhenBusy.Reject when IsFull(lane ?? new Lane(), plan, bytes) => new QueueAnswer.Full(),
            _ => null,
        };
    }

    /// <summary>The bodies of those that wait are on disk: one that is large always finds a place, and many don't.</summary>
    private static bool IsFull(Lane lane, DeploymentPlan plan, long bytes) =>
        lane.WaitingCount >= plan.Queue.MaximumWaiting
        || (lane.WaitingCount > 0 && lane.WaitingBytes + bytes > MaximumWaitingBytes);

    /// <summary>Gives a new one its place, and says what that means for others. What is superseded is held.</summary>
    internal LaneEntry Enter(Deployment deployment)
    {
        var plan = deployment.Plan;
        var lane = Of(deployment.Service);
        var superseded = plan.Queue.WhenBusy is WhenBusy.Supersede or WhenBusy.Cancel ? lane.Hold() : [];
        var cancelled = plan.Queue.WhenBusy is WhenBusy.Cancel ? lane.InTheWayOf(plan) : [];
        var startsAtOnce =
            deployment.Accepted.Status is not DeploymentStatus.Waiting
            && HasRoomFor(lane, plan)
            && HasPlaceFor(deployment)
            && stops(deployment) is null;
        if (startsAtOnce)
        {
            Begin(lane, deployment);
        }
        else
        {
            lane.Wait(deployment, isSaved: false);
        }

        return new LaneEntry(startsAtOnce, superseded, cancelled);
    }

    /// <summary>Gives one that runs already its place.</summary>
    internal void Resume(Deployment deployment) => Begin(Of(deployment.Service), deployment);

    /// <summary>Takes back what <see cref="Enter"/> did.</summary>
    internal void Withdraw(Deployment deployment, LaneEntry entry)
    {
        Of(deployment.Service).Release(entry.Superseded);
        if (entry.StartsAtOnce)
        {
            End(deployment);
        }
        else
        {
            Of(deployment.Service).Leave(deployment);
        }
    }

    /// <summary>Keeps a service, and who shares its lock, from starting anything.</summary>
    internal void Block(DeploymentEntry entry, string? lockName)
    {
        Of(entry.Service).Blocks++;
        _locks.Take(lockName, entry.Id);
    }

    internal void Unblock(DeploymentEntry entry, string? lockName)
    {
        Of(entry.Service).Blocks--;
        _locks.Release(lockName, entry.Id);
    }

    /// <summary>Takes out of the queue, as running, the one whose turn it is; null when none may start.</summary>
    internal Deployment? StartNext()
    {
        if (NextReady() is not { } next)
        {
            return null;
        }

        var lane = _lanes[next.Service];
        lane.Leave(next);
        Begin(lane, next);
        return next;
    }

    internal void End(Deployment deployment)
    {
        Of(deployment.Service).Ran(deployment);
        _locks.Release(deployment.Plan.Queue.Lock, deployment.Id);
        _running -= PlacesOf(deployment);
    }

    /// <summary>Null for one that does not wait.</summary>
    internal int? QueuedAhead(string service, string id)
    {
        if (Find(service) is not { } lane || lane.FindWaiting(id) is not { } waiting)
        {
            return null;
        }

        var ahead = lane.CountBefore(waiting);
        return waiting.Plan.Queue.Lock is { } name
            ? ahead
                + All.Where(other => other != lane)
                    .SelectMany(other => other.Queued.Take(other.CountBefore(waiting)))
                    .Count(other => other.Plan.Queue.Lock == name)
            : ahead;
    }

    /// <summary>
    /// The one that runs and must end before it can begin: it has the only place of the service, the lock, or the only place
    /// there is. Null for one that does not wait, and where another's end would do as well.
    /// </summary>
    internal Deployment? OnlyOneInFrontOf(Deployment deployment)
    {
        if (Find(deployment.Service) is not { } lane || lane.FindWaiting(deployment.Id) is null)
        {
            return null;
        }

        var queue = deployment.Plan.Queue;
        return (queue.Parallel == 1 && lane.Running is [var first, ..] ? first : null)
            ?? (_locks.HolderOf(queue.Lock) is { } holder ? FindRunning(running => running.Id == holder) : null)
            ?? (maximumRunning == 1 && !HasPlaceFor(deployment) ? FindRunning(running => PlacesOf(running) > 0) : null);
    }

    /// <summary>What of some services runs and waits, each in the order of acceptance.</summary>
    internal QueueView View(Func<string, bool> isWanted)
    {
        var wanted = _lanes.Where(lane => isWanted(lane.Key)).Select(lane => lane.Value).ToList();
        return new QueueView(
            [.. wanted.SelectMany(lane => lane.Running).OrderBy(running => running.Sequence)],
            [
                .. wanted
                    .SelectMany(lane => lane.WaitingDeployments.Select(waiting => (lane, waiting)))
                    .OrderBy(one => one.waiting.Sequence)
                    .Take(QueueView.MaximumWaiting)
                    .Select(one => new WaitingDeployment(
                        one.waiting,
                        QueuedAhead(one.waiting.Service, one.waiting.Id) ?? 0,
                        WhyWaits(one.waiting) ?? new WaitReason.Start()
                    )),
            ],
            wanted.Sum(lane => lane.WaitingCount)
        );
    }

    /// <summary>
    /// The first of the reasons that it waits for; when that is over, there may be another one. Null for one that does not
    /// wait.
    /// </summary>
    internal WaitReason? WhyWaits(Deployment waiting)
    {
        if (Find(waiting.Service) is not { } lane || !lane.Waits(waiting.Id))
        {
            return null;
        }

        var queue = waiting.Plan.Queue;
        if (stops(waiting) is { } stop)
        {
            return stop;
        }

        if (lane.Blocks > 0)
        {
            return new WaitReason.Rollback();
        }

        if (lane.Running.Count >= queue.Parallel || lane.CountBefore(waiting) > 0)
        {
            return new WaitReason.Turn();
        }

        if (InFrontOfLock(waiting.Plan) is { } id && id != waiting.Id)
        {
            return new WaitReason.Lock(
                queue.Lock!,
                All.Select(other => other.Find(id)).FirstOrDefault(found => found is not null)?.Service
            );
        }

        return HasPlaceFor(waiting) ? new WaitReason.Start() : new WaitReason.Limit(maximumRunning);
    }

    private Deployment? FindRunning(Func<Deployment, bool> isWanted) =>
        All.SelectMany(lane => lane.Running).FirstOrDefault(isWanted);

    private void Begin(Lane lane, Deployment deployment)
    {
        lane.Run(deployment);
        _locks.Take(deployment.Plan.Queue.Lock, deployment.Id);
        _running += PlacesOf(deployment);
    }

    private static int PlacesOf(Deployment deployment) => deployment.Plan.Rollout is null ? 1 : 0;

    private bool HasPlaceFor(Deployment deployment) => _running + PlacesOf(deployment) <= maximumRunning;

    /// <summary>Whether a new one would start at once, as far as its service and its lock are concerned.</summary>
    private bool HasRoomFor(Lane? lane, DeploymentPlan plan) =>
        lane?.HasRoomFor(plan) != false && InFrontOfLock(plan) is null;

    /// <summary>The id of one that holds the lock, or waits for it.</summary>
    private string? InFrontOfLock(DeploymentPlan plan) =>
        plan.Queue.Lock is { } name
            ? _locks.HolderOf(name) ?? All.Select(HeadOf).FirstOrDefault(head => head?.Plan.Queue.Lock == name)?.Id
            : null;

    /// <summary>The one whose turn is next; null where none is, or it may not begin: then it is in nobody's way.</summary>
    private Deployment? HeadOf(Lane lane) => lane.Head is { } head && stops(head) is null ? head : null;

    private Deployment? NextReady()
    {
        Deployment? next = null;
        foreach (var lane in All)
        {
            if (
                lane.Ready is { } ready
                && (next is null || ready.Sequence < next.Sequence)
                && HasPlaceFor(ready)
                && stops(ready) is null
                && HasItsLock(ready)
            )
            {
                next = ready;
            }
        }

        return next;
    }

    /// <summary>One that shares a lock waits for all that were accepted before it, even if they can't start yet.</summary>
    private bool HasItsLock(Deployment ready) =>
        ready.Plan.Queue.Lock is not { } name
        || (
            _locks.HolderOf(name) is null
            && All.All(lane =>
                HeadOf(lane) is not { } head || head.Sequence >= ready.Sequence || head.Plan.Queue.Lock != name
            )
        );
}

/// <summary>What became of a new deployment, until it is saved.</summary>
/// <param name="StartsAtOnce">Or else it waits.</param>
/// <param name="Superseded">Those that wait, whose place it takes.</param>
/// <param name="Cancelled">Those that run, and must go.</param>
internal sealed record LaneEntry(
    bool StartsAtOnce,
    IReadOnlyList<Deployment> Superseded,
    IReadOnlyList<Deployment> Cancelled
);
