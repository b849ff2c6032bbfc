using ThinDeployer.Security;

namespace ThinDeployer.Configuration;

/// <summary>
/// Where traces and metrics are sent, by the variables that OpenTelemetry gives every program
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). A wrong value is a warning: nothing is deployed worse
/// without them.
/// </summary>
internal sealed class OtlpSettings
{
    /// <summary>Null where none are sent.</summary>
    internal Uri? Traces { get; init; }

    /// <summary>As <see cref="Traces"/>.</summary>
    internal Uri? Metrics { get; init; }

    /// <summary>Of each request; their values are secrets.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>For one request.</summary>
    internal TimeSpan Timeout { get; init; } = OtlpReader.DefaultTimeout;

    /// <summary>How long spans wait for others to come along.</summary>
    internal TimeSpan BatchTime { get; init; } = OtlpReader.DefaultBatchTime;

    internal TimeSpan MetricInterval { get; init; } = OtlpReader.DefaultInterval;

    /// <summary>What all that is sent says of the server.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Resource { get; init; } = [];

    /// <summary>A sentence each.</summary>
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    internal bool IsOn => Traces is not null || Metrics is not null;

    /// <summary>What no output may show: the values of headers, decoded and as they stand in the variable.</summary>
    internal IReadOnlyList<Secret> Secrets { get; init; } = [];
}
