namespace ThinDeployer.Lines;

/// <summary>Lines that follow each other.</summary>
/// <param name="First">From 1.</param>
/// <param name="Last">Itself included; one less than the first for none.</param>
internal sealed record LineRange(long First, long Last)
{
    /// <summary>The lines of each step. What stands before, between and behind them belongs to one of them, so that no line is nobody's.</summary>
    /// <param name="output">Of the deployment.</param>
    /// <param name="starts">Where each begins in the whole output, in order; null where that is not known, and then it has none.</param>
    internal static IReadOnlyList<LineRange> OfSteps(IndexedOutput output, IReadOnlyList<long?> starts)
    {
        var ranges = new LineRange[starts.Count];
        var next = output.Total + 1;
        for (var i = starts.Count - 1; i >= 0; i--)
        {
            var isFirst = starts.Take(i).All(start => start is null);
            var first =
                starts[i] is not { } start ? next
                : isFirst ? 1
                : Math.Min(next, output.LineOf(start));
            ranges[i] = new LineRange(first, next - 1);
            next = first;
        }

        return ranges;
    }
}
