namespace ThinDeployer.Deployments;

/// <summary>Who wants to know of deployments. It must neither throw nor take time: the queue waits for it.</summary>
internal interface IDeploymentListener
{
    /// <summary>Its acceptance is on disk; no command of it has run yet.</summary>
    /// <param name="deployment">Which.</param>
    /// <param name="queuedAhead">Deployments that wait before it; null where it begins at once.</param>
    void Accepted(Deployment deployment, int? queuedAhead) { }

    /// <summary>It was accepted before the program began, has its old place in the queue again, and has not begun.</summary>
    void Restored(Deployment deployment) { }

    /// <summary>Somebody decided about one that waits, and that is on disk; it waits on, or for its turn.</summary>
    void Decided(Deployment deployment) { }

    /// <summary>A service, or all of them, was paused or goes on.</summary>
    void Paused(string service) { }

    /// <summary>It ran when an earlier program ended, and that it was cut off by this is on disk now.</summary>
    void CutOff(DeploymentEntry entry) { }

    /// <summary>Its start is on disk; no command of it has run yet.</summary>
    void Began(Deployment deployment) { }

    /// <summary>A step of it, or of its hook, has ended, with all its attempts.</summary>
    void StepEnded(Deployment deployment, StepResult step) { }

    /// <summary>
    /// Its end is on disk, whether it had begun or not, and its callers are told next. Comes again for one that was interrupted
    /// before, when its rollback failed.
    /// </summary>
    void Ended(Deployment deployment, DeploymentResult result) { }
}

/// <summary>All listeners as one.</summary>
internal sealed class DeploymentListeners(IEnumerable<IDeploymentListener> listeners) : IDeploymentListener
{
    private readonly IDeploymentListener[] _all = [.. listeners];

    public void Accepted(Deployment deployment, int? queuedAhead) =>
        Array.ForEach(_all, listener => listener.Accepted(deployment, queuedAhead));

    public void Restored(Deployment deployment) => Array.ForEach(_all, listener => listener.Restored(deployment));

    public void Decided(Deployment deployment) => Array.ForEach(_all, listener => listener.Decided(deployment));

    public void Paused(string service) => Array.ForEach(_all, listener => listener.Paused(service));

    public void CutOff(DeploymentEntry entry) => Array.ForEach(_all, listener => listener.CutOff(entry));

    public void Began(Deployment deployment) => Array.ForEach(_all, listener => listener.Began(deployment));

    public void StepEnded(Deployment deployment, StepResult step) =>
        Array.ForEach(_all, listener => listener.StepEnded(deployment, step));

    public void Ended(Deployment deployment, DeploymentResult result) =>
        Array.ForEach(_all, listener => listener.Ended(deployment, result));
}
