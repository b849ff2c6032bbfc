using System.Collections.Frozen;

namespace ThinDeployer.Deployments;

/// <summary>Where a deployment stands, and how one of its steps ended.</summary>
internal enum DeploymentStatus
{
    /// <summary>Accepted, and waiting for an approval or a window.</summary>
    Waiting,

    /// <summary>Accepted, and waiting for its turn.</summary>
    Queued,
    Running,
    Succeeded,
    Failed,

    /// <summary>Stopped because it, or a step of it, took longer than it may.</summary>
    TimedOut,

    /// <summary>Stopped, or taken out of the queue, because someone asked for it.</summary>
    Cancelled,

    /// <summary>Stopped because the server went away, or found running when it came back.</summary>
    Interrupted,

    /// <summary>Never begun, because a newer one took its place in the queue.</summary>
    Superseded,

    /// <summary>Never begun, because someone who may decide said no.</summary>
    Rejected,

    /// <summary>Never begun, because nobody decided in time.</summary>
    Expired,
}

internal static class DeploymentStatuses
{
    private static readonly FrozenDictionary<string, DeploymentStatus> Names = Enum.GetValues<DeploymentStatus>()
        .ToFrozenDictionary(status => status.Name(), StringComparer.Ordinal);

    /// <summary>The word that clients see.</summary>
    internal static string Name(this DeploymentStatus status) =>
        status switch
        {
            DeploymentStatus.Waiting => "waiting",
            DeploymentStatus.Queued => "queued",
            DeploymentStatus.Running => "running",
            DeploymentStatus.Succeeded => "succeeded",
            DeploymentStatus.Failed => "failed",
            DeploymentStatus.TimedOut => "timed_out",
            DeploymentStatus.Cancelled => "cancelled",
            DeploymentStatus.Interrupted => "interrupted",
            DeploymentStatus.Superseded => "superseded",
            DeploymentStatus.Rejected => "rejected",
            DeploymentStatus.Expired => "expired",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, message: null),
        };

    /// <summary>Null for a word that names none.</summary>
    internal static DeploymentStatus? Parse(string name) => Names.TryGetValue(name, out var status) ? status : null;

    /// <summary>Whether it has ended, and so never changes again.</summary>
    internal static bool IsEnd(this DeploymentStatus status) =>
        status is not (DeploymentStatus.Waiting or DeploymentStatus.Queued or DeploymentStatus.Running);
}
