using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>Deployments as a table.</summary>
internal static class DeploymentTable
{
    private static readonly IReadOnlyList<TextColumn> Columns =
    [
        new("ID", IsAlways: true, deployment => DeploymentFacts.Text(deployment, "id")),
        new("SERVICE", IsAlways: true, deployment => DeploymentFacts.Text(deployment, "service")),
        new("STATUS", IsAlways: true, deployment => DeploymentFacts.Text(deployment, "status")),
        new("ACCEPTED", IsAlways: true, deployment => DeploymentFacts.Text(deployment, "acceptedAt")),
        new("TOOK", IsAlways: true, DeploymentFacts.Took),
        new("WHO", IsAlways: true, deployment => DeploymentFacts.Trigger(deployment, "who")),
        new("REF", IsAlways: false, one => DeploymentFacts.Trigger(one, DeploymentFacts.Ref)),
        new("COMMIT", IsAlways: false, one => DeploymentFacts.Trigger(one, DeploymentFacts.Commit)),
        new("ACTOR", IsAlways: false, deployment => DeploymentFacts.Trigger(deployment, "actor")),
        new("VALUES", IsAlways: false, DeploymentFacts.Values),
    ];

    internal static IEnumerable<string> Lines(IEnumerable<JsonElement> deployments) =>
        TextTable.Lines(Columns, deployments);
}
