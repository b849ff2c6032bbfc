namespace ThinDeployer.Deployments;

/// <summary>Who wants to know of deployments. It must neither throw nor take time: the queue waits for it.</summary>
internal interface IDeploymentListener
{
    /// <summary>
    /// Called once for each deployment that had begun, before its callers are told; and for one that was interrupted before,
    /// when its rollback failed.
    /// </summary>
    void Ended(Deployment deployment, DeploymentResult result);
}
