using ThinDeployer.Output;
using ThinDeployer.Security;

namespace ThinDeployer.Deployments;

/// <summary>
/// Ends what a restored record calls queued or running. It may have run since, on another machine as well, so nothing of it
/// begins by itself: what ran is interrupted and not rolled back, what waited is cancelled.
/// </summary>
internal static class RestoredDeployments
{
    /// <summary>Who cancelled what waited.</summary>
    internal const string Who = "restore";

    /// <param name="record">That no engine uses.</param>
    /// <param name="madeAt">When the backup was made: what is known ends there.</param>
    /// <returns>Those that were queued or running, as they ended, in the order of acceptance.</returns>
    /// <exception cref="RecordUnavailableException">The record can't be written.</exception>
    internal static async Task<IReadOnlyList<DeploymentEntry>> EndAsync(IDeploymentRecord record, DateTimeOffset madeAt)
    {
        var ended = new List<DeploymentEntry>();
        foreach (var entry in record.Unfinished())
        {
            if (entry.Status.IsEnd())
            {
                // Its rollback was due: that would undo what was deployed since.
                await record.BeginRollbackAsync(entry.Id, [.. entry.Steps, .. entry.Hooks]);
                continue;
            }

            foreach (var child in record.Children(entry.Id).Where(child => !child.Status.IsEnd()))
            {
                await record.SaveChildAsync(EndOfChild(record, child, madeAt));
            }

            var end = End(record, entry, madeAt);
            await record.EndAsync(end, int.MaxValue);
            ended.Add(end);
        }

        return ended;
    }

    /// <summary>A machine may have run what it was sent.</summary>
    private static DeploymentEntry EndOfChild(IDeploymentRecord record, DeploymentEntry child, DateTimeOffset madeAt) =>
        End(
            record,
            child.Status is DeploymentStatus.Queued ? child with { Status = DeploymentStatus.Running } : child,
            madeAt
        );

    private static DeploymentEntry End(IDeploymentRecord record, DeploymentEntry entry, DateTimeOffset madeAt)
    {
        var end = entry with { FinishedAt = madeAt, NeedsRollback = false };
        return entry.Status is not DeploymentStatus.Running
            ? Told(record, end with { Status = DeploymentStatus.Cancelled, CancelledBy = Who })
            : Recovery.CutOff(Told(record, end with { Status = entry.Outcome ?? DeploymentStatus.Interrupted }));
    }

    private static DeploymentEntry Told(IDeploymentRecord record, DeploymentEntry entry)
    {
        var output = DeploymentOutput.Continue(
            new OutputFiles(record.Outputs, entry.Id),
            maximumBytes: 1024,
            SecretMask.Nothing,
            entry.Summary,
            entry.Service
        );
        output.WriteLine(
            entry.CancelledBy is Who
                ? "This deployment waited when the backup was made; it was restored, and is not run"
                : "This deployment ran when the backup was made; how it ended is not known here"
        );
        return entry.With(output.Finish());
    }
}
