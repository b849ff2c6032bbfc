namespace ThinDeployer.Bench.Figures;

/// <summary>What a figure shall be, and whether it is.</summary>
internal sealed record Goal(string Text, bool IsMet)
{
    internal static Goal AtLeast(double factor, string ofWhat, double ratio) =>
        new(FormattableString.Invariant($"at least {factor} of {ofWhat}"), ratio >= factor);

    internal static Goal AtMost(double factor, string ofWhat, double ratio) =>
        new(FormattableString.Invariant($"at most {factor} of {ofWhat}"), ratio <= factor);

    internal static Goal Under(double limit, string unit, double value) =>
        new(FormattableString.Invariant($"under {limit} {unit}"), value < limit);

    public override string ToString() => $"{Text}: {(IsMet ? "met" : "**not met**")}";
}
