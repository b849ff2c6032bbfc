using Microsoft.Extensions.Logging;

namespace ThinDeployer.Deployments;

/// <summary>
/// Runs a deployment whose start is on its way to the disk, or there: its steps, then the hook that its end asks for, then
/// saves the end.
/// </summary>
internal sealed partial class DeploymentEngine(
    StepRunner runner,
    PatientRecord record,
    TimeProvider time,
    ILogger<DeploymentEngine> logger
)
{
    /// <summary>
    /// Null when the end could not be saved before the server ended, and the next start then calls it interrupted; or when
    /// not even the start could.
    /// </summary>
    internal async Task<DeploymentResult?> RunAsync(Deployment deployment, CancellationToken shutdown)
    {
        deployment.Log.WriteLine(DeploymentLog.StartLine(deployment.Service));
        var steps = new StepSequence(
            runner,
            time,
            logger,
            deployment,
            prefix: "",
            facts: [],
            begun => SaveStepsAsync(deployment, begun),
            shutdown,
            deployment.Cancelled
        );
        var status = await steps.RunAsync(deployment.Plan.Steps);
        if (!await deployment.IsOnDisk)
        {
            deployment.Log.Dispose();
            return null;
        }

        var isDone = await RunHookAsync(deployment, status, steps, shutdown);
        deployment.Payload.Dispose();
        var needsRollback = !isDone && status is not DeploymentStatus.Succeeded;
        return await EndAsync(deployment, status, steps.Results, needsRollback, shutdown);
    }

    /// <summary>Runs the <c>on_failure</c> of a deployment that was interrupted before.</summary>
    internal async Task RollBackAsync(Deployment deployment, CancellationToken shutdown)
    {
        // Saved first: a rollback that began does not begin again by itself.
        if (!await record.SaveAsync(to => to.BeginRollbackAsync(deployment.Id), shutdown))
        {
            return;
        }

        var entry = deployment.Accepted with { NeedsRollback = false };
        await RunStepsOfHookAsync(deployment, "on_failure", entry.Status, failedCommand: null, shutdown);
        deployment.Payload.Dispose();
        var summary = deployment.Log.Finish();
        await record.SaveAsync(to => to.EndAsync(summary.In(entry), deployment.Plan.Keep), shutdown);
    }

    /// <summary>
    /// What runs is on disk before it runs, so that a start after a crash knows what it has to stop, and what it must leave
    /// alone. The first step came there with the start.
    /// </summary>
    private Task SaveStepsAsync(Deployment deployment, IReadOnlyList<StepResult> begun) =>
        begun.Count == 1 ? Task.CompletedTask : record.TryAsync(to => to.SaveStepsAsync(deployment.Id, begun));

    /// <summary>False for a hook that must wait for the next start.</summary>
    private async Task<bool> RunHookAsync(
        Deployment deployment,
        DeploymentStatus status,
        StepSequence steps,
        CancellationToken shutdown
    )
    {
        var succeeded = status is DeploymentStatus.Succeeded;
        if ((succeeded ? deployment.Plan.OnSuccess : deployment.Plan.OnFailure).Count == 0)
        {
            return true;
        }

        // Saved first: a hook that began does not begin again by itself.
        if (
            shutdown.IsCancellationRequested
            || status is DeploymentStatus.Interrupted
            || !await record.SaveAsync(to => to.DecideAsync(deployment.Id, status, steps.Results), shutdown)
        )
        {
            return false;
        }

        var hook = succeeded ? "on_success" : "on_failure";
        await RunStepsOfHookAsync(deployment, hook, status, steps.FailedCommand, shutdown);
        return true;
    }

    /// <summary>A hook tells what it did in the log; how the deployment ended stays as it was.</summary>
    private async Task RunStepsOfHookAsync(
        Deployment deployment,
        string hook,
        DeploymentStatus status,
        string? failedCommand,
        CancellationToken shutdown
    )
    {
        deployment.Log.WriteLine("");
        deployment.Log.WriteLine($" # {hook}");
        var facts = new List<KeyValuePair<string, string>> { new("DEPLOYMENT_STATUS", status.Name()) };
        if (failedCommand is not null)
        {
            facts.Add(new("DEPLOYMENT_FAILED_STEP", failedCommand));
        }

        var succeeded = status is DeploymentStatus.Succeeded;
        var steps = succeeded ? deployment.Plan.OnSuccess : deployment.Plan.OnFailure;
        // What was cancelled is rolled back all the same; only a hook that runs by then is what someone cancels.
        var cancel = deployment.IsCancelled ? CancellationToken.None : deployment.Cancelled;
        await new StepSequence(
            runner,
            time,
            logger,
            deployment,
            $"{hook}.",
            facts,
            _ => Task.CompletedTask,
            shutdown,
            cancel
        ).RunAsync(steps);
    }

    private async Task<DeploymentResult?> EndAsync(
        Deployment deployment,
        DeploymentStatus status,
        IReadOnlyList<StepResult> steps,
        bool needsRollback,
        CancellationToken shutdown
    )
    {
        var summary = deployment.Log.Finish();
        var entry = summary.In(deployment.Accepted) with
        {
            Status = status,
            StartedAt = deployment.StartedAt,
            FinishedAt = time.GetUtcNow(),
            Duration = deployment.Started is { } started ? time.GetElapsedTime(started.Timestamp) : null,
            Steps = steps,
            NeedsRollback = needsRollback,
        };
        if (!await record.SaveAsync(to => to.EndAsync(entry, deployment.Plan.Keep), shutdown))
        {
            return null;
        }

        Log.Ended(logger, deployment.Id, deployment.Service, status.Name(), entry.DurationMs ?? 0);
        return new DeploymentResult(entry, deployment.Log.Content);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Deployment {Id} of {Service} {Status} after {Milliseconds} ms")]
        internal static partial void Ended(ILogger logger, string id, string service, string status, long milliseconds);
    }
}
