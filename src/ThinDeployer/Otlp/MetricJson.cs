using System.Text.Json;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Otlp;

/// <summary>Metrics as the items of an OTLP message. All count from the start of the program.</summary>
/// <param name="startedAt">When that was.</param>
/// <param name="now">When they are taken down.</param>
internal sealed class MetricJson(Utf8JsonWriter json, DateTimeOffset startedAt, DateTimeOffset now) : IMetricsWriter
{
    private const int Cumulative = 2;

    private Family? _family;
    private bool _isOpen;

    public void Begin(string name, string type, string help)
    {
        End();
        _family = new Family(OtlpNames.Of(name), type, help);
    }

    public void Sample(double value, params ReadOnlySpan<Label> labels)
    {
        BeginPoint(labels);
        if (_family!.Name.Unit is "s" || value != Math.Truncate(value))
        {
            json.WriteNumber("asDouble", value);
        }
        else
        {
            json.WriteLong("asInt", (long)value);
        }

        json.WriteEndObject();
    }

    public void Histogram(DurationHistogram histogram, params ReadOnlySpan<Label> labels)
    {
        BeginPoint(labels);
        json.WriteLong("count", histogram.Count);
        json.WriteNumber("sum", histogram.Seconds);
        json.WriteStartArray("bucketCounts");
        var before = 0L;
        foreach (var (_, count) in histogram.Buckets)
        {
            json.WriteStringValue((count - before).ToString(System.Globalization.CultureInfo.InvariantCulture));
            before = count;
        }

        json.WriteEndArray();
        json.WriteStartArray("explicitBounds");
        foreach (var (bound, _) in histogram.Buckets.Where(bucket => double.IsFinite(bucket.Bound)))
        {
            json.WriteNumberValue(bound);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>After the last sample.</summary>
    internal void End()
    {
        if (_isOpen)
        {
            _isOpen = false;
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    /// <summary>A family without samples is not there.</summary>
    private void BeginPoint(ReadOnlySpan<Label> labels)
    {
        if (!_isOpen)
        {
            _isOpen = true;
            BeginMetric(_family!);
        }

        json.WriteStartObject();
        json.WriteStartArray("attributes");
        foreach (var label in labels)
        {
            json.WriteAttribute(OtlpNames.OfLabel(label.Name), label.Value);
        }

        json.WriteEndArray();
        if (!_family!.IsGauge)
        {
            json.WriteTime("startTimeUnixNano", startedAt);
        }

        json.WriteTime("timeUnixNano", now);
    }

    private void BeginMetric(Family family)
    {
        json.WriteStartObject();
        json.WriteString("name", family.Name.Name);
        json.WriteString("description", family.Help);
        json.WriteString("unit", family.Name.Unit);
        json.WriteStartObject(
            family.IsGauge ? "gauge"
            : family.Type is "histogram" ? "histogram"
            : "sum"
        );
        if (!family.IsGauge)
        {
            json.WriteNumber("aggregationTemporality", Cumulative);
        }

        if (!family.IsGauge && family.Type is not "histogram")
        {
            json.WriteBoolean("isMonotonic", !family.Name.IsUpDown);
        }

        json.WriteStartArray("dataPoints");
    }

    private sealed record Family(OtlpName Name, string Type, string Help)
    {
        internal bool IsGauge => Type is "gauge" && !Name.IsUpDown;
    }
}
