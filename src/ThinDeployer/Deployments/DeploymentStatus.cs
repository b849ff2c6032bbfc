namespace ThinDeployer.Deployments;

/// <summary>Where a deployment stands, and how one of its steps ended.</summary>
internal enum DeploymentStatus
{
    /// <summary>Accepted, and waiting for its turn.</summary>
    Queued,
    Running,
    Succeeded,
    Failed,

    /// <summary>Stopped because the server went away.</summary>
    Interrupted,
}

internal static class DeploymentStatuses
{
    /// <summary>The word that clients see.</summary>
    internal static string Name(this DeploymentStatus status) =>
        status switch
        {
            DeploymentStatus.Queued => "queued",
            DeploymentStatus.Running => "running",
            DeploymentStatus.Succeeded => "succeeded",
            DeploymentStatus.Failed => "failed",
            DeploymentStatus.Interrupted => "interrupted",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, message: null),
        };
}
