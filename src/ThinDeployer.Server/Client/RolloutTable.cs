using System.Globalization;
using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>How a deployment stands on each of its machines, as a table.</summary>
internal static class RolloutTable
{
    /// <summary>Named in a sentence.</summary>
    private const int NamesShown = 10;

    private static readonly IReadOnlyList<TextColumn> Columns =
    [
        new("MACHINE", IsAlways: true, one => DeploymentFacts.Text(one, "machine")),
        new("BATCH", IsAlways: true, Batch),
        new("STATUS", IsAlways: true, one => DeploymentFacts.Text(one, "status")),
        new("TOOK", IsAlways: false, DeploymentFacts.Took),
        new("ID", IsAlways: true, one => DeploymentFacts.Text(one, "id")),
        new("NOTE", IsAlways: false, one => DeploymentFacts.Text(one, "note")),
    ];

    /// <summary>None for a deployment without machines.</summary>
    internal static IEnumerable<string> Lines(JsonElement deployment) =>
        DeploymentFacts.List(deployment, "machines").ToList() is { Count: > 0 } machines
            ? ["", .. TextTable.Lines(Columns, machines)]
            : [];

    /// <summary>The machines that began and did not succeed, as the end of a sentence; empty where there are none.</summary>
    internal static string Failed(JsonElement deployment)
    {
        var failed = DeploymentFacts
            .List(deployment, "machines")
            .Where(one => DeploymentFacts.Text(one, "status") is not ("succeeded" or "cancelled"))
            .Select(one => $"{DeploymentFacts.Text(one, "machine")} ({DeploymentFacts.Text(one, "status")})")
            .ToList();
        return failed.Count == 0
            ? ""
            : $"; not on {string.Join(", ", failed.Take(NamesShown))}{(failed.Count > NamesShown ? ", …" : "")}";
    }

    private static string Batch(JsonElement machine) =>
        machine.TryGetProperty("batch", out var batch) ? batch.GetInt32().ToString(CultureInfo.InvariantCulture) : "";
}
