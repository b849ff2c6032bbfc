using ThinDeployer.Gates;

namespace ThinDeployer.Deployments;

/// <summary>What runs and waits at one moment, each in the order of acceptance.</summary>
/// <param name="Waiting">Not all where there are more than <see cref="MaximumWaiting"/>.</param>
/// <param name="WaitingCount">All.</param>
internal sealed record QueueView(
    IReadOnlyList<Deployment> Running,
    IReadOnlyList<WaitingDeployment> Waiting,
    int WaitingCount
)
{
    internal const int MaximumWaiting = 200;
}

/// <param name="Ahead">Deployments that come before it.</param>
internal sealed record WaitingDeployment(Deployment Deployment, int Ahead, WaitReason Reason);

/// <summary>What a deployment waits for.</summary>
internal abstract record WaitReason
{
    private WaitReason() { }

    /// <summary>Others of its service come before it.</summary>
    internal sealed record Turn : WaitReason;

    /// <param name="Name">Of the <c>lock</c>.</param>
    /// <param name="Service">Whose deployment holds it or comes before; null where it is over by now.</param>
    internal sealed record Lock(string Name, string? Service) : WaitReason;

    /// <summary>What an interrupted deployment of the service, or of its lock, left behind is undone first.</summary>
    internal sealed record Rollback : WaitReason;

    /// <param name="Maximum"><c>--max-parallel</c>.</param>
    internal sealed record Limit(int Maximum) : WaitReason;

    /// <param name="Rule">Who must say yes.</param>
    /// <param name="Given">Who did so far.</param>
    /// <param name="Until">Then it expires.</param>
    internal sealed record Approval(ApprovalRule Rule, IReadOnlyList<GateDecision> Given, DateTimeOffset Until)
        : WaitReason;

    /// <param name="OpensAt">Null for never, as far as can be seen.</param>
    internal sealed record Closed(DateTimeOffset? OpensAt) : WaitReason;

    /// <param name="Pause">Of the service, or of all.</param>
    internal sealed record Paused(Pause Pause) : WaitReason;

    /// <summary>Somebody must say yes before a rollout goes on.</summary>
    /// <param name="Number">Of the batch that would begin, from 1.</param>
    /// <param name="Count">Of all batches.</param>
    internal sealed record Batch(int Number, int Count) : WaitReason;

    /// <summary>Nothing any more.</summary>
    internal sealed record Start : WaitReason;
}

/// <summary>A deployment in short.</summary>
/// <param name="Duration">As it was measured; null for one that did not end, or was not.</param>
internal sealed record PastDeployment(
    string Service,
    string Id,
    DeploymentStatus Status,
    DateTimeOffset AcceptedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    TimeSpan? Duration
);
