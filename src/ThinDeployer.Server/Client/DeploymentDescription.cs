using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>One deployment, line by line: how it stands, what it is of, its steps, and what was not filled.</summary>
internal static class DeploymentDescription
{
    internal static IEnumerable<string> Lines(JsonElement deployment) =>
        [
            $"{DeploymentFacts.Text(deployment, "service")} {Standing(deployment)}".TrimEnd(),
            .. Facts(deployment).Where(fact => fact.Text.Length > 0).Select(fact => $"  {fact.Name}: {fact.Text}"),
            .. DeploymentFacts.List(deployment, "steps").Select(Step),
            .. DeploymentFacts.List(deployment, "hooks").Select(Step),
            .. PlaceholderNotes.Of(deployment),
            .. RolloutTable.Lines(deployment),
        ];

    /// <summary>The state, who caused it, and how long it took.</summary>
    internal static string Standing(JsonElement deployment)
    {
        var status = DeploymentFacts.Text(deployment, "status");
        var by = DeploymentFacts.Text(deployment, "cancelledBy");
        return status
            + (
                by.Length == 0 ? ""
                : status == "cancelled" ? $" by {by}"
                : $", its hook cancelled by {by}"
            )
            + $" {DeploymentFacts.Took(deployment)}";
    }

    private static IEnumerable<(string Name, string Text)> Facts(JsonElement deployment) =>
        [
            ("who", DeploymentFacts.Trigger(deployment, "who")),
            ("ref", DeploymentFacts.Trigger(deployment, DeploymentFacts.Ref)),
            ("commit", DeploymentFacts.Trigger(deployment, "commit")),
            ("subject", DeploymentFacts.Trigger(deployment, "commitSubject")),
            ("actor", DeploymentFacts.Trigger(deployment, "actor")),
            ("back to", DeploymentFacts.Trigger(deployment, "rollbackTo")),
            ("values", DeploymentFacts.Values(deployment)),
            ("machine", DeploymentFacts.Text(deployment, "machine")),
            ("part of", DeploymentFacts.Text(deployment, "parent")),
            ("note", DeploymentFacts.Text(deployment, "note")),
        ];

    private static string Step(JsonElement step)
    {
        var hook = DeploymentFacts.Text(step, "hook");
        return $"  {(hook.Length > 0 ? $"{hook}: " : "")}{DeploymentFacts.Text(step, "status")}  "
            + $"{DeploymentFacts.Text(step, "command").TrimEnd()}  {DeploymentFacts.Took(step)}".TrimEnd();
    }
}
