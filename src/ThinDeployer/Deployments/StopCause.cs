using ThinDeployer.Yaml;

namespace ThinDeployer.Deployments;

/// <summary>
/// What may stop a step, and which of it did: the server's end, someone who cancels, the time limit of the deployment, or
/// its own. The first one counts.
/// </summary>
internal sealed class StopCause : IDisposable
{
    private readonly TimeSpan _deploymentLimit;
    private readonly TimeSpan? _stepLimit;
    private readonly CancellationTokenSource _step;
    private readonly CancellationTokenSource _any = new();
    private readonly List<CancellationTokenRegistration> _registrations;
    private Cause? _first;

    /// <param name="deploymentLimit">What the deployment was given.</param>
    /// <param name="stepLimit">The step's own time; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="signals">What may come from outside.</param>
    internal StopCause(TimeSpan deploymentLimit, TimeSpan? stepLimit, TimeProvider time, StopSignals signals)
    {
        _deploymentLimit = deploymentLimit;
        _stepLimit = stepLimit;
        _step = new CancellationTokenSource(stepLimit ?? Timeout.InfiniteTimeSpan, time);
        _registrations =
        [
            signals.Shutdown.Register(() => Stop(Cause.Shutdown)),
            signals.Cancel.Register(() => Stop(Cause.Cancel)),
            signals.TimeUp.Register(() => Stop(Cause.DeploymentLimit)),
            _step.Token.Register(() => Stop(Cause.StepLimit)),
        ];
    }

    private enum Cause
    {
        Shutdown,
        Cancel,
        DeploymentLimit,
        StepLimit,
    }

    internal CancellationToken Token => _any.Token;

    /// <summary>Whether the step's own time was over.</summary>
    internal bool IsOfStep => First is Cause.StepLimit;

    /// <summary>How a deployment ends whose step was stopped.</summary>
    internal DeploymentStatus Status =>
        First switch
        {
            Cause.Shutdown => DeploymentStatus.Interrupted,
            Cause.Cancel => DeploymentStatus.Cancelled,
            _ => DeploymentStatus.TimedOut,
        };

    /// <summary>As the end of a sentence that begins with the command.</summary>
    internal string Reason =>
        First switch
        {
            Cause.Shutdown => "was stopped, because the server is shutting down",
            Cause.Cancel => "was stopped, because the deployment was cancelled",
            Cause.StepLimit => $"failed: it took longer than {Scalars.Written(_stepLimit!.Value)} and was stopped",
            _ => $"was stopped, because the deployment took longer than {Scalars.Written(_deploymentLimit)}",
        };

    private Cause? First
    {
        get
        {
            lock (_any)
            {
                return _first;
            }
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _any.Dispose();
        _step.Dispose();
    }

    private void Stop(Cause cause)
    {
        lock (_any)
        {
            _first ??= cause;
        }

        _any.Cancel();
    }
}

/// <summary>What may stop the steps of a deployment from outside.</summary>
/// <param name="Shutdown">The server ends.</param>
/// <param name="Cancel">Someone cancels the deployment.</param>
/// <param name="TimeUp">The deployment's time is over.</param>
internal sealed record StopSignals(CancellationToken Shutdown, CancellationToken Cancel, CancellationToken TimeUp);
