using System.Text.Json;

namespace ThinDeployer.Server.Client;

/// <summary>A table of texts, which leaves out columns that hold nothing.</summary>
internal static class TextTable
{
    /// <summary>Of a cell, in characters.</summary>
    private const int WidestCell = 60;

    internal static IEnumerable<string> Lines(IReadOnlyList<TextColumn> columns, IEnumerable<JsonElement> rows)
    {
        var cells = rows.Select(one => columns.Select(column => Cut(column.Cell(one))).ToList()).ToList();
        var shown = Enumerable
            .Range(0, columns.Count)
            .Where(column => columns[column].IsAlways || cells.Any(row => row[column].Length > 0))
            .ToList();
        List<List<string>> lines =
        [
            [.. shown.Select(column => columns[column].Head)],
            .. cells.Select(row => shown.Select(column => row[column]).ToList()),
        ];
        var widths = shown.Select((_, column) => lines.Max(row => row[column].Length)).ToList();
        return lines.Select(row =>
            string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()
        );
    }

    private static string Cut(string cell) => cell.Length <= WidestCell ? cell : cell[..WidestCell] + "…";
}

/// <param name="IsAlways">Whether it is shown even where it holds nothing.</param>
internal sealed record TextColumn(string Head, bool IsAlways, Func<JsonElement, string> Cell);
