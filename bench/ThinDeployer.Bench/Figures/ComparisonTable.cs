using System.Globalization;

namespace ThinDeployer.Bench.Figures;

/// <summary>Contestants side by side: median, spread, ratio to one of them, goals.</summary>
/// <param name="first">Heading of the column that says what was measured.</param>
/// <param name="unit">Of the figures.</param>
/// <param name="reference">To whom the ratios are.</param>
/// <param name="more">Headings of further columns.</param>
internal sealed class ComparisonTable(string first, Unit unit, string reference, params string[] more)
{
    internal Table Table { get; } =
        new([
            first,
            "contestant",
            $"{unit.Heading}, median",
            "lowest to highest",
            $"ratio to {reference}",
            .. more,
            "goal",
        ]);

    private readonly List<Goal> _goals = [];

    internal IReadOnlyList<Goal> Goals => _goals;

    /// <param name="measured">What was measured.</param>
    /// <param name="contestant">Whose figures.</param>
    /// <param name="samples">A value a round.</param>
    /// <param name="ratio">To the reference; null for none.</param>
    /// <param name="further">Cells of the further columns.</param>
    /// <param name="goals">None for those that stand for comparison only.</param>
    internal void Add(
        string measured,
        string contestant,
        Samples samples,
        double? ratio,
        IReadOnlyList<string>? further = null,
        params Goal[] goals
    )
    {
        _goals.AddRange(goals);
        Table.Add([
            measured,
            contestant,
            unit.Write(samples.Median),
            $"{unit.Write(samples.Lowest)} to {unit.Write(samples.Highest)}",
            ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
            .. further ?? [.. more.Select(_ => "")],
            string.Join("; ", goals.Select(goal => goal.ToString())),
        ]);
    }
}
