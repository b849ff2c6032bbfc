namespace ThinDeployer.Steps;

/// <summary>What every process of a step carries in its environment, so that all of them can be found when it must be stopped.</summary>
internal static class StepMarker
{
    /// <summary>The variable.</summary>
    internal const string Name = "THIN_DEPLOYER_STEP";

    /// <param name="deploymentId">Of the deployment.</param>
    /// <param name="step">Its name within the deployment, such as <c>2</c>.</param>
    internal static string Of(string deploymentId, string step) => BeginningOf(deploymentId) + step;

    /// <summary>What the markers of all steps of a deployment begin with.</summary>
    internal static string BeginningOf(string deploymentId) => $"{deploymentId}.";
}
