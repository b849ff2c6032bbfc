using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>Keeps, within the transaction that saves an end, which services have a rollback that did not succeed.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class RollbackStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    private readonly Statement _note = new(
        connection,
        """
        INSERT OR REPLACE INTO failed_rollbacks (service, deployment_id)
        SELECT service, id FROM deployments WHERE id = $id
        """,
        "$id"
    );

    private readonly Statement _clear = new(
        connection,
        "DELETE FROM failed_rollbacks WHERE service = $service",
        "$service"
    );

    /// <summary>It counts as failed until it has ended well.</summary>
    internal void Begin(string id, IReadOnlyList<StepResult> steps)
    {
        if (steps.Any(step => step.Hook is Hook.OnFailure))
        {
            _note.Run(id);
        }
    }

    /// <param name="entry">In the table already.</param>
    internal void End(DeploymentEntry entry)
    {
        if (entry.FailedHook is Hook.OnFailure)
        {
            _note.Run(entry.Id);
        }
        else if (entry.Status is DeploymentStatus.Succeeded || entry.HookStatus is DeploymentStatus.Succeeded)
        {
            _clear.Run(entry.Service);
        }
    }
}
