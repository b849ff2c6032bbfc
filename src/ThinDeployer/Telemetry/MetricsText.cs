using System.Globalization;
using System.Text;

namespace ThinDeployer.Telemetry;

/// <summary>
/// Metrics as text for Prometheus, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). All samples of a
/// family follow its head.
/// </summary>
internal sealed class MetricsText : IMetricsWriter
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();
    private string _name = "";

    public void Begin(string name, string type, string help)
    {
        _name = name;
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
    }

    public void Sample(double value, params ReadOnlySpan<Label> labels) => Line("", labels, le: null, value);

    public void Histogram(DurationHistogram histogram, params ReadOnlySpan<Label> labels)
    {
        foreach (var (bound, count) in histogram.Buckets)
        {
            Line("_bucket", labels, Written(bound), count);
        }

        Line("_sum", labels, le: null, histogram.Seconds);
        Line("_count", labels, le: null, histogram.Count);
    }

    public override string ToString() => _text.ToString();

    private void Line(string suffix, ReadOnlySpan<Label> labels, string? le, double value)
    {
        _text.Append(_name).Append(suffix);
        var opening = '{';
        foreach (var label in labels)
        {
            Append(ref opening, label);
        }

        Append(ref opening, new Label("le", le));
        _text.Append(opening == '{' ? " " : "} ").Append(Written(value)).Append('\n');
    }

    private void Append(ref char opening, Label label)
    {
        if (label.Value is not { } value)
        {
            return;
        }

        _text.Append(opening).Append(label.Name).Append("=\"");
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => _text.Append(@"\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append("\\n"),
                _ => _text.Append(character),
            };
        }

        _text.Append('"');
        opening = ',';
    }

    private static string Written(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
