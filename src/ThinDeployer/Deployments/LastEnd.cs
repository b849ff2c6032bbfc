namespace ThinDeployer.Deployments;

/// <summary>
/// How a service was deployed last: the newest that began and ended. One that never began, such as one that was superseded, says
/// nothing of what is deployed.
/// </summary>
/// <param name="Sequence">Of the newest; 0 where there is none.</param>
/// <param name="Id">Of the newest.</param>
/// <param name="Status">Of the newest.</param>
/// <param name="SucceededAt">When the newest that succeeded ended; null where none did.</param>
internal sealed record LastEnd(long Sequence, string Id, DeploymentStatus Status, DateTimeOffset? SucceededAt)
{
    internal static LastEnd None { get; } = new(Sequence: 0, Id: "", DeploymentStatus.Succeeded, SucceededAt: null);

    /// <summary>Null for one that never began.</summary>
    internal static LastEnd? Of(DeploymentEntry entry) =>
        entry.StartedAt is null
            ? null
            : new LastEnd(
                entry.Sequence,
                entry.Id,
                entry.Status,
                entry.Status is DeploymentStatus.Succeeded ? entry.FinishedAt : null
            );

    /// <summary>This one and another, in the order of their acceptance.</summary>
    internal LastEnd Then(LastEnd other)
    {
        var newest = other.Sequence >= Sequence ? other : this;
        return newest with
        {
            SucceededAt = SucceededAt > other.SucceededAt ? SucceededAt : other.SucceededAt ?? SucceededAt,
        };
    }
}
