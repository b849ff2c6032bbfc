using System.Globalization;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>What the server tells of a deployment, as texts for a person; empty where it tells nothing.</summary>
internal static class DeploymentFacts
{
    /// <summary>Enough to tell commits apart. Characters.</summary>
    private const int ShortCommit = 12;

    internal static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.String
            ? TerminalText.Safe(member.GetString() ?? "")
            : "";

    /// <summary>Empty where there is none.</summary>
    internal static IEnumerable<JsonElement> List(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    internal static string Trigger(JsonElement deployment, string name) =>
        deployment.TryGetProperty("trigger", out var trigger) ? Text(trigger, name) : "";

    /// <summary>Without what every branch and tag begins with.</summary>
    internal static string Ref(JsonElement deployment) =>
        Trigger(deployment, "ref") switch
        {
            ['r', 'e', 'f', 's', '/', 'h', 'e', 'a', 'd', 's', '/', .. var branch] => branch,
            ['r', 'e', 'f', 's', '/', 't', 'a', 'g', 's', '/', .. var tag] => tag,
            var other => other,
        };

    internal static string Commit(JsonElement deployment) =>
        Trigger(deployment, "commit") is { Length: > ShortCommit } commit
            ? commit[..ShortCommit]
            : Trigger(deployment, "commit");

    /// <summary>As the command line would give them.</summary>
    internal static string Values(JsonElement deployment) =>
        deployment.TryGetProperty("variables", out var variables)
            ? string.Join(' ', variables.EnumerateObject().Select(value => Value(value.Name, value.Value)))
            : "";

    internal static string Took(JsonElement timed) =>
        timed.TryGetProperty("durationMs", out var milliseconds)
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds.GetInt64() / 1000.0:0.0} s")
            : "";

    /// <summary>On one line.</summary>
    private static string Value(string name, JsonElement value) =>
        TerminalText.Safe($"{name}={value.GetString()}").ReplaceLineEndings(" ");
}
