using ThinDeployer.Yaml;

namespace ThinDeployer.Deployments;

/// <summary>
/// What may stop a step, and which of it did: the server's end, the time limit of the deployment, or its own. The first
/// one counts.
/// </summary>
internal sealed class StopCause : IDisposable
{
    private readonly CancellationToken _shutdown;
    private readonly CancellationToken _deployment;
    private readonly TimeSpan _deploymentLimit;
    private readonly TimeSpan? _stepLimit;
    private readonly CancellationTokenSource _step;
    private readonly CancellationTokenSource _any;

    /// <param name="deploymentLimit">What <paramref name="deployment"/> was given.</param>
    /// <param name="stepLimit">The step's own time; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="deployment">Cancelled when the deployment's time is up.</param>
    /// <param name="shutdown">Cancelled when the server ends.</param>
    internal StopCause(
        TimeSpan deploymentLimit,
        TimeSpan? stepLimit,
        TimeProvider time,
        CancellationToken deployment,
        CancellationToken shutdown
    )
    {
        _shutdown = shutdown;
        _deployment = deployment;
        _deploymentLimit = deploymentLimit;
        _stepLimit = stepLimit;
        _step = new CancellationTokenSource(stepLimit ?? Timeout.InfiniteTimeSpan, time);
        _any = CancellationTokenSource.CreateLinkedTokenSource(shutdown, deployment, _step.Token);
    }

    internal CancellationToken Token => _any.Token;

    /// <summary>How a deployment ends whose step was stopped.</summary>
    internal DeploymentStatus Status =>
        _shutdown.IsCancellationRequested && !_step.IsCancellationRequested && !_deployment.IsCancellationRequested
            ? DeploymentStatus.Interrupted
            : DeploymentStatus.TimedOut;

    /// <summary>As the end of a sentence that begins with the command.</summary>
    internal string Reason =>
        Status is DeploymentStatus.Interrupted ? "was stopped, because the server is shutting down"
        : _step.IsCancellationRequested
            ? $"failed: it took longer than {Scalars.Written(_stepLimit!.Value)} and was stopped"
        : $"was stopped, because the deployment took longer than {Scalars.Written(_deploymentLimit)}";

    public void Dispose()
    {
        _any.Dispose();
        _step.Dispose();
    }
}
