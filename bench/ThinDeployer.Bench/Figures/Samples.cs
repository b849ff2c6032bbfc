namespace ThinDeployer.Bench.Figures;

/// <summary>One figure, a value a round.</summary>
internal sealed record Samples(IReadOnlyList<double> Values)
{
    internal double Median => Percentile(Values, 50);

    internal double Lowest => Values.Min();

    internal double Highest => Values.Max();

    internal static Samples Of<T>(IEnumerable<T> rounds, Func<T, double> figure) => new([.. rounds.Select(figure)]);

    /// <summary>
    /// The median of the rounds' ratios: what slows the machine down slows both of a round, so this is steadier than the
    /// ratio of medians.
    /// </summary>
    internal double RatioTo(Samples other) =>
        new Samples([.. Values.Zip(other.Values, (own, its) => own / its)]).Median;

    /// <summary>The middle between two neighbours, where it falls between them.</summary>
    internal static double Percentile(IReadOnlyList<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        var place = (sorted.Length - 1) * percent / 100;
        var below = sorted[(int)Math.Floor(place)];
        var above = sorted[(int)Math.Ceiling(place)];
        return below + ((above - below) * (place - Math.Floor(place)));
    }
}
