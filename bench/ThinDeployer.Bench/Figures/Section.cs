using System.Text;

namespace ThinDeployer.Bench.Figures;

/// <summary>What came of a measure, as Markdown.</summary>
internal sealed class Section(string title)
{
    private readonly StringBuilder _text = new($"## {title}\n");
    private readonly List<Goal> _goals = [];

    internal IReadOnlyList<Goal> Goals => _goals;

    internal string Markdown => _text.ToString();

    internal Section Say(string paragraph) => Append(paragraph + "\n");

    internal Section Show(ComparisonTable table) => Show(table.Table, table.Goals);

    internal Section Show(Table table, params IReadOnlyList<Goal> goals)
    {
        _goals.AddRange(goals);
        return Append(table.ToMarkdown());
    }

    private Section Append(string text)
    {
        _text.Append('\n').Append(text);
        return this;
    }
}
