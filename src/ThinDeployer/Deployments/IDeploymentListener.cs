namespace ThinDeployer.Deployments;

/// <summary>Who wants to know of deployments. It must neither throw nor take time: the queue waits for it.</summary>
internal interface IDeploymentListener
{
    /// <summary>Called once for each deployment that had begun, after its callers were told.</summary>
    void Ended(string service, DeploymentResult result);
}
