namespace ThinDeployer.Deployments;

/// <summary>
/// Holds what deploys, once the record is open. On a host that must start without it, requests are turned away until
/// then.
/// </summary>
internal sealed class EngineRoom
{
    private volatile OpenEngine? _open;
    private volatile string _whyClosed = "The server is starting";

    /// <summary>Null while it is closed.</summary>
    internal OpenEngine? Open => _open;

    /// <summary>A sentence.</summary>
    internal string WhyClosed => _whyClosed;

    /// <summary>As the queue's; never cancelled while it is closed.</summary>
    internal CancellationToken Gone => _open?.Queue.Gone ?? CancellationToken.None;

    internal bool IsReady =>
        _open is { Record: var record, Queue: var queue }
        && !queue.Stopping.IsCancellationRequested
        && !record.IsRemoved
        && record.Outputs.SeenTrouble() is null;

    internal void Enter(OpenEngine open) => _open = open;

    internal void StayClosed(string why) => _whyClosed = why;
}

/// <summary>What deploys, and what remembers.</summary>
internal sealed record OpenEngine(
    DeploymentQueue Queue,
    IDeploymentRecord Record,
    Decisions Decisions,
    IRollouts Rollouts
)
{
    internal Desk Desk { get; } = new(Queue, Record, Rollouts);
}
