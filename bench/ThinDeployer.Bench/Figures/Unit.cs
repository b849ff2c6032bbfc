using System.Globalization;

namespace ThinDeployer.Bench.Figures;

/// <summary>How figures of a kind are written.</summary>
/// <param name="Heading">Of their column.</param>
/// <param name="Format">A numeric format.</param>
internal sealed record Unit(string Heading, string Format)
{
    internal static Unit Megabytes { get; } = new("MiB", "0.0");

    internal static Unit Milliseconds { get; } = new("ms", "0.0");

    internal static Unit FineMilliseconds { get; } = new("ms", "0.00");

    internal static Unit Count { get; } = new("", "#,0");

    internal static Unit PerSecond(string what) => new($"{what}/s", "#,0");

    internal string Write(double value) => value.ToString(Format, CultureInfo.InvariantCulture);
}
