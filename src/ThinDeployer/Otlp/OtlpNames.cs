namespace ThinDeployer.Otlp;

/// <summary>
/// What Prometheus' metrics are called in OpenTelemetry. Where a collector hands them on to Prometheus, those of deployments and
/// of this program have the names of <c>/metrics</c> again (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/).
/// </summary>
internal static class OtlpNames
{
    private const string Ours = "thindeployer_";

    private static readonly Dictionary<string, OtlpName> Conventions = new(StringComparer.Ordinal)
    {
        ["cicd_pipeline_run_duration_seconds"] = new("cicd.pipeline.run.duration", "s"),
        ["cicd_pipeline_run_active"] = new("cicd.pipeline.run.active", "{run}") { IsUpDown = true },
        ["cicd_pipeline_run_errors_total"] = new("cicd.pipeline.run.errors", "{error}"),
        ["cicd_system_errors_total"] = new("cicd.system.errors", "{error}"),
        ["process_cpu_seconds_total"] = new("process.cpu.time", "s"),
        ["process_virtual_memory_bytes"] = new("process.memory.virtual", "By") { IsUpDown = true },
        ["process_resident_memory_bytes"] = new("process.memory.usage", "By") { IsUpDown = true },
        ["process_open_fds"] = new("process.unix.file_descriptor.count", "{file_descriptor}") { IsUpDown = true },
    };

    /// <param name="family">Its name in Prometheus.</param>
    internal static OtlpName Of(string family)
    {
        if (Conventions.TryGetValue(family, out var known))
        {
            return known;
        }

        var name = Without(family, "_total");
        var unit =
            name.EndsWith("_seconds", StringComparison.Ordinal) ? "s"
            : name.EndsWith("_bytes", StringComparison.Ordinal) ? "By"
            : "";
        name = Without(Without(name, "_seconds"), "_bytes");
        return new OtlpName(
            name.StartsWith(Ours, StringComparison.Ordinal) ? $"thindeployer.{name[Ours.Length..]}"
                : name.StartsWith("process_", StringComparison.Ordinal) ? $"process.{name["process_".Length..]}"
                : name,
            unit
        );
    }

    /// <param name="label">Its name in Prometheus.</param>
    internal static string OfLabel(string label) =>
        label.StartsWith("cicd_", StringComparison.Ordinal) || label == "error_type" ? label.Replace('_', '.') : label;

    private static string Without(string name, string end) =>
        name.EndsWith(end, StringComparison.Ordinal) ? name[..^end.Length] : name;
}

/// <summary>A metric as OpenTelemetry calls it.</summary>
/// <param name="Unit">By UCUM (https://ucum.org); empty for none.</param>
internal sealed record OtlpName(string Name, string Unit)
{
    /// <summary>Whether it is a sum that also falls, where Prometheus has a gauge.</summary>
    internal bool IsUpDown { get; init; }
}
