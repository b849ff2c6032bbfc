using System.Globalization;
using System.Text.RegularExpressions;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>
/// A page of metrics, read as strictly as the text format 0.0.4 is written
/// (https://prometheus.io/docs/instrumenting/exposition_formats/): what breaks a rule fails the test.
/// </summary>
internal sealed partial class MetricsReading
{
    private static readonly string[] Types = ["counter", "gauge", "histogram"];

    private readonly List<MetricSample> _samples = [];
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    private MetricsReading() { }

    /// <summary>The type of each family, in the order of the page.</summary>
    internal IReadOnlyDictionary<string, string> Families => _types;

    internal IReadOnlyList<MetricSample> Samples => _samples;

    internal static MetricsReading Of(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var reading = new MetricsReading();
        var family = "";
        var lines = text.Split('\n')[..^1];
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = lines[i].Split(' ')[2];
                Assert.NotEmpty(lines[i].Split(' ', 4)[3]);
                i++;
                var type = lines[i].Split(' ');
                Assert.Equal(["#", "TYPE", family], type[..3]);
                Assert.Contains(type[3], Types);
                Assert.True(reading._types.TryAdd(family, type[3]), $"{family} comes twice");
                Assert.Equal(type[3] == "counter", family.EndsWith("_total", StringComparison.Ordinal));
                continue;
            }

            reading.Add(lines[i], family);
        }

        reading.CheckHistograms();
        return reading;
    }

    /// <summary>The only sample with these labels.</summary>
    internal double ValueOf(string name, params (string Name, string Value)[] labels) =>
        Assert.Single(SamplesOf(name, labels)).Value;

    internal IEnumerable<MetricSample> SamplesOf(string name, params (string Name, string Value)[] labels) =>
        _samples.Where(sample =>
            sample.Name == name && labels.All(label => sample.Labels.GetValueOrDefault(label.Name, "") == label.Value)
        );

    private void Add(string line, string family)
    {
        var match = Line.Match(line);
        Assert.True(match.Success, line);
        var name = match.Groups["name"].Value;
        string[] mayBe = _types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""];
        Assert.Contains(name, mayBe.Select(suffix => family + suffix));
        var labels = Label
            .Matches(match.Groups["labels"].Value)
            .ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value);
        var value = match.Groups["value"].Value is "+Inf"
            ? double.PositiveInfinity
            : double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture);
        var sample = new MetricSample(name, labels, value);
        Assert.DoesNotContain(sample.Key, _samples.Select(other => other.Key));
        _samples.Add(sample);
    }

    /// <summary>Buckets grow, and the last one holds all.</summary>
    private void CheckHistograms()
    {
        foreach (var (family, _) in _types.Where(family => family.Value == "histogram"))
        {
            foreach (var series in SamplesOf($"{family}_bucket").GroupBy(sample => sample.KeyWithout("le")))
            {
                Assert.Equal(series.Select(bucket => bucket.Value).Order(), series.Select(bucket => bucket.Value));
                Assert.Equal("+Inf", series.Last().Labels["le"]);
                var count = Assert.Single(
                    SamplesOf($"{family}_count"),
                    sample => sample.KeyWithout("le") == series.Key
                );
                Assert.Equal(count.Value, series.Last().Value);
            }
        }
    }

    [GeneratedRegex(
        """^(?<name>[a-z_]+)(\{(?<labels>([a-z_]+="([^"\\\n]|\\[\\"n])*",?)+)\})? (?<value>-?[0-9.E+-]+|\+Inf)$""",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Line { get; }

    [GeneratedRegex("""(?<name>[a-z_]+)="(?<value>([^"\\]|\\.)*)"(,|$)""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Label { get; }
}

internal sealed record MetricSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    internal string Key => Name + KeyWithout("");

    internal string KeyWithout(string label) =>
        string.Join(
            ",",
            Labels
                .Where(one => one.Key != label)
                .OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => $"{one.Key}={one.Value}")
        );
}
