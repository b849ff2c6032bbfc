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
        Trigger(deployment, trigger => Text(trigger, name));

    /// <summary>Of what made it begin; empty where nothing is told of that.</summary>
    internal static string Trigger(JsonElement deployment, Func<JsonElement, string> fact) =>
        deployment.TryGetProperty("trigger", out var trigger) ? fact(trigger) : "";

    /// <summary>Without what every branch and tag begins with.</summary>
    /// <param name="told">Which has it: a trigger, or what is live.</param>
    internal static string Ref(JsonElement told) =>
        Text(told, "ref") switch
        {
            ['r', 'e', 'f', 's', '/', 'h', 'e', 'a', 'd', 's', '/', .. var branch] => branch,
            ['r', 'e', 'f', 's', '/', 't', 'a', 'g', 's', '/', .. var tag] => tag,
            var other => other,
        };

    /// <param name="told">As of <see cref="Ref"/>.</param>
    internal static string Commit(JsonElement told) =>
        Text(told, "commit") is { Length: > ShortCommit } commit ? commit[..ShortCommit] : Text(told, "commit");

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
