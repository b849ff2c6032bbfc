using ThinDeployer.Deployments;

namespace ThinDeployer.Pages;

/// <summary>How a deployment stands on each of its machines.</summary>
/// <param name="Machines">In the order of the rollout; empty for one of this machine, and before it has begun.</param>
internal sealed record OnMachines(Visit Visit, IReadOnlyList<SeenDeployment> Machines, bool MayDeploy)
{
    /// <summary>What stands for the steps of a whole where its output is shown; null for one that has none on machines.</summary>
    internal static StepResult? AsStep(DeploymentEntry entry, IReadOnlyList<SeenDeployment> machines) =>
        machines.Count == 0
            ? null
            : new StepResult(
                $"Output of {Shown.Count(machines.Count, "machine")}",
                entry.Status,
                ExitCode: null,
                Attempts: 1,
                Message: null,
                entry.StartedAt ?? entry.AcceptedAt,
                entry.DurationMs is { } took ? TimeSpan.FromMilliseconds(took) : null
            );
}
