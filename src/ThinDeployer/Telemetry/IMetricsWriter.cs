namespace ThinDeployer.Telemetry;

/// <summary>
/// Takes metrics down, in the one form or the other. Their names are those of Prometheus. All samples of a family follow its
/// beginning.
/// </summary>
internal interface IMetricsWriter
{
    /// <summary>Begins a family of metrics.</summary>
    /// <param name="name">With its unit, and <c>_total</c> for a counter.</param>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    /// <param name="help">One line.</param>
    void Begin(string name, string type, string help);

    /// <summary>One sample of the family that was begun last.</summary>
    /// <param name="value">In the unit of the name.</param>
    /// <param name="labels">One without a value is left out.</param>
    void Sample(double value, params ReadOnlySpan<Label> labels);

    /// <summary>As <see cref="Sample"/>, of a histogram.</summary>
    void Histogram(DurationHistogram histogram, params ReadOnlySpan<Label> labels);

    void Counter(string name, string help) => Begin(name, "counter", help);

    void Gauge(string name, string help) => Begin(name, "gauge", help);

    /// <summary>As a family of its own with one sample.</summary>
    void Counter(string name, string help, double value)
    {
        Counter(name, help);
        Sample(value);
    }

    /// <summary>As a family of its own with one sample; nothing where there is no value.</summary>
    void Gauge(string name, string help, double? value)
    {
        if (value is { } known)
        {
            Gauge(name, help);
            Sample(known);
        }
    }
}

/// <summary>What tells one sample of a family from another.</summary>
/// <param name="Value">Null where it does not apply, which Prometheus takes as an empty text.</param>
internal readonly record struct Label(string Name, string? Value);
