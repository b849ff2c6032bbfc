using System.Text;

namespace ThinDeployer.Bench.Figures;

/// <summary>A table of Markdown, whose columns also stand below each other in plain text.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    internal void Add(params IReadOnlyList<string> cells) => _rows.Add(cells);

    internal string ToMarkdown()
    {
        IReadOnlyList<string>[] lines = [headings, .. _rows];
        var widths = headings.Select((_, column) => lines.Max(cells => cells[column].Length)).ToArray();
        var text = new StringBuilder();
        Append(headings);
        Append([.. widths.Select(width => new string('-', width))]);
        foreach (var row in _rows)
        {
            Append(row);
        }

        return text.ToString();

        void Append(IReadOnlyList<string> cells) =>
            text.Append("| ")
                .AppendJoin(" | ", cells.Select((cell, column) => cell.PadRight(widths[column])))
                .Append(" |\n");
    }
}
