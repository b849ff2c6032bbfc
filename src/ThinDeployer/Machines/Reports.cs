using ThinDeployer.Deployments;
using ThinDeployer.Yaml;

namespace ThinDeployer.Machines;

/// <summary>Facts of a deployment as messages have them.</summary>
internal static class Reports
{
    /// <summary>Characters of a command or a message: all steps together must fit into a message of the transport.</summary>
    private const int LongestText = 1_000;

    internal static ReportedStep Of(StepResult step) =>
        new(
            Cut(step.Command),
            step.Status.Name(),
            step.ExitCode,
            step.Attempts,
            step.Message is { } message ? Cut(message) : null,
            step.StartedAt.ToUnixTimeMilliseconds(),
            MillisecondsOf(step.Duration),
            step.OutputStart,
            step.OutputEnd,
            step.Hook
        );

    /// <param name="entry">One that has ended.</param>
    internal static ReportedEnd Of(DeploymentEntry entry) =>
        new(
            entry.Status.Name(),
            entry.StartedAt?.ToUnixTimeMilliseconds(),
            entry.FinishedAt!.Value.ToUnixTimeMilliseconds(),
            entry.StartedAt is null ? null : entry.DurationMs,
            entry.CancelledBy,
            entry.HookStatus?.Name(),
            entry.WrittenSummary,
            [.. entry.Steps.Concat(entry.Hooks).Select(Of)]
        );

    private static string Cut(string text) => Beginning.Marked(text, LongestText);

    private static long? MillisecondsOf(TimeSpan? duration) =>
        duration is { } measured ? measured.Ticks / TimeSpan.TicksPerMillisecond : null;
}
