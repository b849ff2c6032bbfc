using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>What people were not told, as tables.</summary>
internal static class OutboxTable
{
    private static readonly IReadOnlyList<TextColumn> Waiting =
    [
        new("SERVICE", IsAlways: true, one => DeploymentFacts.Text(one, "service")),
        new("DEPLOYMENT", IsAlways: true, one => DeploymentFacts.Text(one, "deploymentId")),
        new("TARGET", IsAlways: true, one => DeploymentFacts.Text(one, "target")),
        new("SINCE", IsAlways: true, one => DeploymentFacts.Text(one, "since")),
        new("TRIES", IsAlways: true, one => one.GetProperty("attempts").GetRawText()),
        new("NEXT", IsAlways: false, one => DeploymentFacts.Text(one, "nextAt")),
        new("WHY", IsAlways: false, Why),
    ];

    private static readonly IReadOnlyList<TextColumn> NotTold =
    [
        new("SERVICE", IsAlways: true, one => DeploymentFacts.Text(one, "service")),
        new("TARGET", IsAlways: true, one => DeploymentFacts.Text(one, "target")),
        new("AT", IsAlways: true, one => DeploymentFacts.Text(one, "at")),
        new("WHY", IsAlways: true, one => DeploymentFacts.Text(one, "reason")),
    ];

    internal static IEnumerable<string> Lines(JsonElement outbox)
    {
        var waiting = outbox.GetProperty("waiting");
        var notTold = outbox.GetProperty("notTold");
        List<string> lines =
            waiting.GetArrayLength() > 0
                ? [.. TextTable.Lines(Waiting, waiting.EnumerateArray())]
                : ["Nothing waits to be told"];
        if (notTold.GetArrayLength() > 0)
        {
            lines.AddRange(["", "Never taken, the newest of each target:"]);
            lines.AddRange(TextTable.Lines(NotTold, notTold.EnumerateArray()));
        }

        return lines;
    }

    private static string Why(JsonElement one) =>
        one.TryGetProperty("repeats", out var repeats)
            ? $"the same failure, {repeats.GetRawText()} times: told once an hour"
            : DeploymentFacts.Text(one, "reason");
}
