using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>What a deployment did not fill, and what had no effect, in sentences: most likely something is misspelt.</summary>
internal static class PlaceholderNotes
{
    /// <param name="deployment">As the server tells it, or its first answer.</param>
    internal static List<string> Of(JsonElement deployment) =>
        [
            .. Names(deployment, "unfilled").Select(name => $"Warning: %{name}% has no value, and stays as written"),
            .. Names(deployment, "unused").Select(name => $"Warning: the argument \"{name}\" has no effect"),
        ];

    private static IEnumerable<string> Names(JsonElement deployment, string member) =>
        DeploymentFacts.List(deployment, member).Select(name => TerminalText.Safe(name.GetString() ?? ""));
}
