using ThinDeployer.Deployments;

namespace ThinDeployer.Forges;

/// <summary>What a forge is told of a deployment; each forge has words of its own for it.</summary>
internal enum ForgeState
{
    /// <summary>It waits for its turn.</summary>
    Waiting,
    Running,
    Succeeded,
    Failed,

    /// <summary>Nobody knows what it would have come to: the server ended meanwhile.</summary>
    Broken,

    /// <summary>Somebody stopped it, or a newer one took its place.</summary>
    Cancelled,
}

internal static class ForgeStates
{
    internal static ForgeState Of(DeploymentStatus status) =>
        status switch
        {
            DeploymentStatus.Waiting or DeploymentStatus.Queued => ForgeState.Waiting,
            DeploymentStatus.Running => ForgeState.Running,
            DeploymentStatus.Succeeded => ForgeState.Succeeded,
            DeploymentStatus.Interrupted => ForgeState.Broken,
            DeploymentStatus.Cancelled
            or DeploymentStatus.Superseded
            or DeploymentStatus.Rejected
            or DeploymentStatus.Expired => ForgeState.Cancelled,
            _ => ForgeState.Failed,
        };
}
