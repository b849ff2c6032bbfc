using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>A deployment of one machine as a row: an <see cref="EntryRow"/>, and its place behind that.</summary>
internal static class ChildRow
{
    private const string Place = "parent, machine, batch, place";

    internal const string Insert = $"INSERT INTO children ({EntryRow.Columns}, {Place})";

    internal const string Select = $"SELECT {EntryRow.Columns}, {Place} FROM children";

    /// <summary>As <see cref="EntryRow.ShortColumns"/>.</summary>
    internal const string SelectShort = $"SELECT {EntryRow.ShortColumns}, {Place} FROM children";

    internal static string[] Parameters { get; } = [.. EntryRow.Parameters, "$parent", "$machine", "$batch", "$place"];

    internal static string Placeholders { get; } = string.Join(", ", Parameters);

    /// <summary>Which one, and what changes of it.</summary>
    internal static string[] SavedParameters { get; } = [.. EntryRow.EndParameters, "$place"];

    internal static string SavedAssignments { get; } = $"{EntryRow.EndAssignments}, place = $place";

    internal static object?[] Values(DeploymentEntry child)
    {
        var place = PlaceOf(child);
        return [.. EntryRow.Values(child), place.Parent, place.Machine, place.Batch, RolloutJson.Write(place)];
    }

    internal static object?[] SavedValues(DeploymentEntry child) =>
        [.. EntryRow.EndValues(child), RolloutJson.Write(PlaceOf(child))];

    internal static DeploymentEntry Read(Row row)
    {
        var entry = EntryRow.Read(row);
        var first = EntryRow.Count;
        var place = new ChildPlace(row.Text(first), row.Text(first + 1), (int)row.Number(first + 2));
        return entry with { Child = RolloutJson.ReadPlace(place, row.Utf8(first + 3)) };
    }

    private static ChildPlace PlaceOf(DeploymentEntry child) =>
        child.Child ?? throw new ArgumentException("It is the deployment of no machine.", nameof(child));
}
