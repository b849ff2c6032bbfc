using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>What is deployed now of each service, as a table.</summary>
internal static class LiveTable
{
    private static readonly IReadOnlyList<TextColumn> Columns =
    [
        new("SERVICE", IsAlways: true, service => DeploymentFacts.Text(service, "name")),
        new("COMMIT", IsAlways: false, Of(DeploymentFacts.Commit)),
        new("REF", IsAlways: false, Of(DeploymentFacts.Ref)),
        new("VALUES", IsAlways: false, Of(DeploymentFacts.Values)),
        new(
            "SINCE",
            IsAlways: true,
            service => Text(service, "since") is { Length: > 0 } since ? since : "never deployed"
        ),
        new("WHO", IsAlways: true, service => Text(service, "who")),
        new("ID", IsAlways: true, service => Text(service, "id")),
        new("BACK TO", IsAlways: false, service => Text(service, "rollbackTo")),
    ];

    internal static IEnumerable<string> Lines(IEnumerable<JsonElement> services) => TextTable.Lines(Columns, services);

    private static string Text(JsonElement service, string name) =>
        Of(live => DeploymentFacts.Text(live, name))(service);

    /// <summary>Of what is live; empty where nothing is.</summary>
    private static Func<JsonElement, string> Of(Func<JsonElement, string> fact) =>
        service => service.TryGetProperty("live", out var live) ? fact(live) : "";
}
