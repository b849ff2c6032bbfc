namespace ThinDeployer.Deployments;

/// <summary>The deployments of one service that run or wait. The queue's lock guards it.</summary>
internal sealed class Lane
{
    /// <summary>By sequence, so that a place in it is found by halving. The first leaves it at the cost of moving the rest.</summary>
    private readonly List<Waiting> _waiting = [];
    private readonly Dictionary<string, Waiting> _places = new(StringComparer.Ordinal);
    private readonly List<Deployment> _running = [];

    /// <summary>Those whose turn does not come before somebody, or the clock, lets them.</summary>
    private readonly List<Waiting> _gated = [];

    /// <summary>What must be over before anything of the service may start, such as the rollback of an interrupted one.</summary>
    internal int Blocks { get; set; }

    internal IReadOnlyList<Deployment> Running => _running;

    /// <summary>Those that run, then those that wait, each in their order.</summary>
    internal IEnumerable<Deployment> All => _running.Concat(WaitingDeployments);

    internal IEnumerable<Deployment> WaitingDeployments => _waiting.Concat(_gated).Select(place => place.Deployment);

    /// <summary>Those that wait for their turn only.</summary>
    internal IEnumerable<Deployment> Queued => _waiting.Select(place => place.Deployment);

    internal bool Waits(string id) => _places.ContainsKey(id);

    /// <summary>Those that wait for more than their turn, and are on disk.</summary>
    internal IEnumerable<Deployment> Gated =>
        _gated.Where(place => place.IsSaved && !place.IsHeld).Select(place => place.Deployment);

    internal int WaitingCount => _waiting.Count + _gated.Count;

    /// <summary>Of the bodies of requests, which are on disk until their deployments end.</summary>
    internal long WaitingBytes { get; private set; }

    internal bool IsEmpty => _places.Count == 0 && _running.Count == 0 && Blocks == 0;

    /// <summary>The one whose turn is next; null where none waits.</summary>
    internal Deployment? Head => _waiting is [var head, ..] ? head.Deployment : null;

    /// <summary>The one whose turn it is, if it may start: on disk, not about to be superseded, and with a free slot.</summary>
    internal Deployment? Ready =>
        Blocks == 0
        && _waiting is [{ IsSaved: true, IsHeld: false } head, ..]
        && _running.Count < head.Deployment.Plan.Queue.Parallel
            ? head.Deployment
            : null;

    /// <summary>Whether a new one would start at once, as far as this service is concerned.</summary>
    internal bool HasRoomFor(DeploymentPlan plan) =>
        Blocks == 0 && _waiting.Count == 0 && _running.Count < plan.Queue.Parallel;

    internal void Run(Deployment deployment) => _running.Add(deployment);

    internal void Ran(Deployment deployment) => _running.Remove(deployment);

    internal void Wait(Deployment deployment, bool isSaved)
    {
        var place = new Waiting(deployment, isSaved);
        Place(place);
        _places.Add(deployment.Id, place);
        WaitingBytes += deployment.Accepted.Trigger.PayloadBytes;
    }

    /// <summary>It was decided that its turn may come.</summary>
    internal void Ungate(Deployment deployment)
    {
        if (_places.TryGetValue(deployment.Id, out var place) && _gated.Remove(place))
        {
            place.IsHeld = false;
            Place(place);
        }
    }

    /// <summary>One that runs or waits; null for any other.</summary>
    internal Deployment? Find(string id) =>
        _places.TryGetValue(id, out var place) ? place.Deployment : _running.Find(deployment => deployment.Id == id);

    /// <summary>Nothing for one that has left meanwhile.</summary>
    internal void Saved(Deployment deployment)
    {
        if (_places.TryGetValue(deployment.Id, out var place))
        {
            place.IsSaved = true;
        }
    }

    /// <summary>Nothing for one that has left before.</summary>
    internal void Leave(Deployment deployment)
    {
        if (_places.Remove(deployment.Id, out var place))
        {
            if (!_gated.Remove(place))
            {
                _waiting.RemoveAt(CountBefore(deployment));
            }

            WaitingBytes -= deployment.Accepted.Trigger.PayloadBytes;
        }
    }

    /// <summary>
    /// Keeps those that wait from starting while their place is taken. One that is not saved yet will be before the one
    /// that takes its place: the record keeps the order of what it is given.
    /// </summary>
    internal IReadOnlyList<Deployment> Hold()
    {
        var held = _places.Values.Where(place => !place.IsHeld).OrderBy(place => place.Deployment.Sequence).ToList();
        held.ForEach(place => place.IsHeld = true);
        return held.ConvertAll(place => place.Deployment);
    }

    internal void Release(IReadOnlyList<Deployment> held)
    {
        foreach (var deployment in held)
        {
            if (_places.TryGetValue(deployment.Id, out var place))
            {
                place.IsHeld = false;
            }
        }
    }

    /// <summary>Keeps one from starting while its place is taken. False for one that is held already, or does not wait.</summary>
    internal bool TryHold(Deployment deployment)
    {
        if (!_places.TryGetValue(deployment.Id, out var place) || place.IsHeld)
        {
            return false;
        }

        place.IsHeld = true;
        return true;
    }

    /// <summary>The oldest that must go so that another one has room; those that are cancelled go already.</summary>
    internal IReadOnlyList<Deployment> InTheWayOf(DeploymentPlan plan)
    {
        var staying = _running.Where(deployment => !deployment.IsCancelled).ToList();
        return [.. staying.Take(Math.Max(0, staying.Count - plan.Queue.Parallel + 1))];
    }

    /// <summary>Those that wait and were accepted before it, whether it waits here or elsewhere.</summary>
    internal int CountBefore(Deployment deployment)
    {
        var (from, to) = (0, _waiting.Count);
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            if (_waiting[middle].Deployment.Sequence < deployment.Sequence)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }

    /// <summary>Null for one that does not wait for its turn.</summary>
    internal Deployment? FindWaiting(string id) =>
        _places.GetValueOrDefault(id) is { } place && !_gated.Contains(place) ? place.Deployment : null;

    private void Place(Waiting place)
    {
        if (place.Deployment.Accepted.Status is DeploymentStatus.Waiting)
        {
            _gated.Add(place);
        }
        else
        {
            _waiting.Insert(CountBefore(place.Deployment), place);
        }
    }

    private sealed class Waiting(Deployment deployment, bool isSaved)
    {
        internal Deployment Deployment => deployment;

        internal bool IsSaved { get; set; } = isSaved;

        internal bool IsHeld { get; set; }
    }
}
