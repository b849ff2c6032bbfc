namespace ThinDeployer.Deployments;

/// <summary>What follows the steps of a deployment, by the names that the configuration and clients know.</summary>
internal static class Hook
{
    internal const string OnFailure = "on_failure";
    internal const string OnSuccess = "on_success";

    /// <summary>Between the steps and the end, which it decides.</summary>
    internal const string Verify = "verify";

    /// <summary>The one that an end asks for.</summary>
    internal static string Of(DeploymentStatus end) => end is DeploymentStatus.Succeeded ? OnSuccess : OnFailure;
}

/// <summary>How a hook ended.</summary>
/// <param name="Status">The first step of it that fails, or is stopped, ends it.</param>
/// <param name="Steps">Those that began.</param>
internal sealed record HookEnd(DeploymentStatus Status, IReadOnlyList<StepResult> Steps)
{
    internal bool IsGood => Status is DeploymentStatus.Succeeded;
}
