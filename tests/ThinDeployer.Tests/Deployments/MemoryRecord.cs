using System.Collections.Concurrent;
using ThinDeployer.Deployments;
using ThinDeployer.Output;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Tests.Deployments;

/// <summary>A record without a disk, which allows only the steps that a state may take.</summary>
internal sealed class MemoryRecord : IDeploymentRecord
{
    private readonly ConcurrentDictionary<string, (int Number, DeploymentStatus Status)> _states = new();

    public OutputStore Outputs { get; init; } = new("/nowhere", TimeProvider.System);

    public string PayloadFolder => "/nowhere";

    public string SummaryFolder => "/nowhere";

    public long LastSequence => 0;

    public string? Trouble => null;

    public bool IsRemoved => false;

    public TimeSpan Writing => TimeSpan.Zero;

    public long Failures => 0;

    public long Bytes => 0;

    internal SortedDictionary<int, string> Ends =>
        new(_states.Values.ToDictionary(state => state.Number, state => state.Status.Name()));

    internal string StatusOf(string id) => _states[id].Status.Name();

    public async Task AcceptAsync(
        DeploymentEntry entry,
        IReadOnlyList<string> superseded,
        DeploymentOrigin? origin = null
    )
    {
        await Task.Yield();
        foreach (var id in superseded)
        {
            Step(id, StateOf(id), DeploymentStatus.Superseded);
        }

        Assert.True(_states.TryAdd(entry.Id, ((int)entry.Sequence, entry.Status)));
    }

    public IReadOnlyList<ScheduleMark> Schedules() => [];

    public Task SaveSchedulesAsync(IReadOnlyList<ScheduleMark> marks, IReadOnlyList<ScheduleMark> gone) =>
        Task.CompletedTask;

    private readonly ConcurrentDictionary<string, RolloutState> _rollouts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DeploymentEntry> _children = new(StringComparer.Ordinal);

    public Task BeginRolloutAsync(string id, RolloutState rollout, IReadOnlyList<DeploymentEntry> children)
    {
        _rollouts[id] = rollout;
        foreach (var child in children)
        {
            _children[child.Id] = child;
        }

        return Task.CompletedTask;
    }

    public Task SaveRolloutAsync(string id, RolloutState rollout)
    {
        _rollouts[id] = rollout;
        return Task.CompletedTask;
    }

    public RolloutState? FindRollout(string id) => _rollouts.GetValueOrDefault(id);

    public Task SaveChildAsync(DeploymentEntry child)
    {
        _children[child.Id] = child;
        return Task.CompletedTask;
    }

    public IReadOnlyList<DeploymentEntry> Children(string id) =>
        [.. _children.Values.Where(child => child.Child!.Parent == id).OrderBy(child => child.Child!.Batch)];

    public IReadOnlyList<DeploymentEntry> StandingOfMachines() => [.. _children.Values];

    public async Task StartAsync(DeploymentEntry entry, StepResult? first)
    {
        await Task.Yield();
        Step(entry.Id, DeploymentStatus.Queued, DeploymentStatus.Running);
    }

    public async Task EndAsync(DeploymentEntry entry, int keep)
    {
        await Task.Yield();
        Step(entry.Id, entry.StartedAt is null ? StateOf(entry.Id) : DeploymentStatus.Running, entry.Status);
    }

    public async Task DecideGateAsync(DeploymentEntry entry)
    {
        await Task.Yield();
        Step(entry.Id, StateOf(entry.Id), entry.Status);
    }

    public IReadOnlyList<ChainLink> DueLinks() => [];

    public Task DropLinkAsync(ChainLink link) => Task.CompletedTask;

    public Task PauseAsync(string service, Pause? pause) => Task.CompletedTask;

    public IReadOnlyDictionary<string, Pause> Pauses() => new Dictionary<string, Pause>();

    public IDisposable HoldOutput(string id) => new MemoryStream();

    public Task SaveStepsAsync(string id, IReadOnlyList<StepResult> steps) => Task.CompletedTask;

    public Task DecideAsync(string id, DeploymentStatus outcome, IReadOnlyList<StepResult> steps) => Task.CompletedTask;

    public Task BeginRollbackAsync(string id, IReadOnlyList<StepResult> steps) => Task.CompletedTask;

    public IReadOnlyDictionary<string, string> FailedRollbacks() => new Dictionary<string, string>();

    public Task KeepDeliveryAsync(Delivery delivery, int keep) => Task.CompletedTask;

    public DeploymentEntry? Find(string id) => null;

    public IReadOnlyList<DeploymentEntry> FindByBeginning(
        string beginning,
        IReadOnlyCollection<string>? services,
        int limit
    ) => [];

    public string? FindDelivered(string service, string deliveryId, DateTimeOffset since) => null;

    public bool CopyPayload(string id, Stream to) => false;

    public IReadOnlyList<Delivery> Deliveries(string service) => [];

    public IReadOnlyList<DeploymentEntry> List(DeploymentFilter filter) => [];

    public IReadOnlyDictionary<string, LastEnd> LastEnds(IReadOnlyCollection<string> services) =>
        new Dictionary<string, LastEnd>();

    public IReadOnlyList<PastDeployment> Newest(IReadOnlyCollection<string> services, int each) => [];

    public IReadOnlyList<DeploymentEntry> Standing(IReadOnlyCollection<string> services) => [];

    public IReadOnlyList<DeploymentEntry> Unfinished() => [];

    /// <summary>Of one that has not begun.</summary>
    private DeploymentStatus StateOf(string id)
    {
        var state = _states[id].Status;
        Assert.True(state is DeploymentStatus.Waiting or DeploymentStatus.Queued, $"{id} is {state}");
        return state;
    }

    private void Step(string id, DeploymentStatus from, DeploymentStatus to) =>
        Assert.True(_states.TryUpdate(id, (_states[id].Number, to), (_states[id].Number, from)), $"{id} is not {from}");
}
