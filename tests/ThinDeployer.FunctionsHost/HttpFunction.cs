using System.Text.Json;
using ThinDeployer.FunctionsHost.Rpc;

namespace ThinDeployer.FunctionsHost;

/// <summary>A function with an HTTP trigger, as its worker tells of it.</summary>
/// <param name="Route">As written; null for none.</param>
/// <param name="Methods">As written; none means all.</param>
/// <param name="Level">Which of the host's keys it demands.</param>
internal sealed record HttpFunction(string Id, string Name, string? Route, IReadOnlyList<string> Methods, string Level)
{
    internal static HttpFunction Of(RpcFunctionMetadata metadata) =>
        Of(metadata.FunctionId, metadata.Name, metadata.RawBindings.Select(binding => JsonElement.Parse(binding)));

    /// <param name="bindings">The trigger, and perhaps the answer, which says nothing.</param>
    internal static HttpFunction Of(string id, string name, IEnumerable<JsonElement> bindings)
    {
        var trigger = bindings.Single(binding => binding.GetProperty("type").GetString() == "httpTrigger");
        return new HttpFunction(
            id,
            name,
            TextOf(trigger, "route"),
            trigger.TryGetProperty("methods", out var methods)
                ? [.. methods.EnumerateArray().Select(method => method.GetString()!)]
                : [],
            TextOf(trigger, "authLevel") ?? "Function"
        );
    }

    private static string? TextOf(JsonElement binding, string name) =>
        binding.TryGetProperty(name, out var value) ? value.GetString() : null;
}
