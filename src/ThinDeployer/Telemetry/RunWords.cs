using ThinDeployer.Deployments;

namespace ThinDeployer.Telemetry;

/// <summary>
/// How a deployment ended, in the words of OpenTelemetry's conventions for CI/CD
/// (https://opentelemetry.io/docs/specs/semconv/registry/attributes/cicd/).
/// </summary>
internal static class RunWords
{
    internal const string Success = "success";
    internal const string Failure = "failure";
    internal const string Error = "error";
    internal const string Timeout = "timeout";
    internal const string Cancellation = "cancellation";

    internal const string StepFailed = "step_failed";
    internal const string StartFailed = "start_failed";
    internal const string Interrupted = "interrupted";

    internal static IReadOnlyList<string> Results { get; } = [Success, Failure, Error, Timeout, Cancellation];

    internal static IReadOnlyList<string> ErrorTypes { get; } = [StepFailed, StartFailed, Timeout, Interrupted];

    /// <summary>Null for one that has not ended.</summary>
    internal static string? ResultOf(DeploymentStatus status) =>
        status switch
        {
            DeploymentStatus.Succeeded => Success,
            DeploymentStatus.Failed => Failure,
            DeploymentStatus.TimedOut => Timeout,
            DeploymentStatus.Cancelled
            or DeploymentStatus.Superseded
            or DeploymentStatus.Rejected
            or DeploymentStatus.Expired => Cancellation,
            // The server went away, which is no fault of what was deployed.
            DeploymentStatus.Interrupted => Error,
            _ => null,
        };

    /// <summary>Of a step that did not succeed; null for one that did, or that was stopped for another reason.</summary>
    internal static string? ErrorOf(StepResult step) =>
        step.Status switch
        {
            DeploymentStatus.Failed => step.ExitCode is null ? StartFailed : StepFailed,
            DeploymentStatus.TimedOut => Timeout,
            _ => null,
        };

    /// <summary>Of a deployment that ended badly, which its last step made so; null for one that did not, or that somebody stopped.</summary>
    internal static string? ErrorOf(DeploymentEntry entry) =>
        entry.Status switch
        {
            DeploymentStatus.Failed => entry.Steps is [.., var last] ? ErrorOf(last) : StartFailed,
            DeploymentStatus.TimedOut => Timeout,
            DeploymentStatus.Interrupted => Interrupted,
            _ => null,
        };
}
