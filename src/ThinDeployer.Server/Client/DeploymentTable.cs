using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>Deployments as a table, which leaves out columns that hold nothing.</summary>
internal static class DeploymentTable
{
    /// <summary>Of a cell, in characters.</summary>
    private const int WidestCell = 60;

    private static readonly (string Head, bool IsAlways, Func<JsonElement, string> Cell)[] Columns =
    [
        ("ID", true, deployment => DeploymentFacts.Text(deployment, "id")),
        ("SERVICE", true, deployment => DeploymentFacts.Text(deployment, "service")),
        ("STATUS", true, deployment => DeploymentFacts.Text(deployment, "status")),
        ("ACCEPTED", true, deployment => DeploymentFacts.Text(deployment, "acceptedAt")),
        ("TOOK", true, DeploymentFacts.Took),
        ("WHO", true, deployment => DeploymentFacts.Trigger(deployment, "who")),
        ("REF", false, DeploymentFacts.Ref),
        ("COMMIT", false, DeploymentFacts.Commit),
        ("ACTOR", false, deployment => DeploymentFacts.Trigger(deployment, "actor")),
        ("VALUES", false, DeploymentFacts.Values),
    ];

    internal static IEnumerable<string> Lines(IEnumerable<JsonElement> deployments)
    {
        var cells = deployments.Select(one => Columns.Select(column => Cut(column.Cell(one))).ToList()).ToList();
        var shown = Enumerable
            .Range(0, Columns.Length)
            .Where(column => Columns[column].IsAlways || cells.Any(row => row[column].Length > 0))
            .ToList();
        List<List<string>> rows =
        [
            [.. shown.Select(column => Columns[column].Head)],
            .. cells.Select(row => shown.Select(column => row[column]).ToList()),
        ];
        var widths = shown.Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        return rows.Select(row =>
            string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()
        );
    }

    private static string Cut(string cell) => cell.Length <= WidestCell ? cell : cell[..WidestCell] + "…";
}
