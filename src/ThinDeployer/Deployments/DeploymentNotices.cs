using Microsoft.Extensions.Logging;
using ThinDeployer.Logging;

namespace ThinDeployer.Deployments;

/// <summary>Tells the log how deployments fare. All that it says is masked, as the record is.</summary>
internal sealed class DeploymentNotices(ILogger logger)
{
    /// <summary>Characters of what senders or the configuration choose.</summary>
    private const int LongestText = 500;

    private const string Whence = "[, by {Who}][, actor {Actor}][, ref {Ref}][, commit {Commit}]";

    /// <param name="deployment">Which.</param>
    /// <param name="ahead">Null where it begins at once.</param>
    internal void Accepted(Deployment deployment, int? ahead) =>
        Say(
            LogLevel.Information,
            "Deployment {Id} of {Service} was accepted and "
                + (ahead is null ? "starts" : "waits, {QueuedAhead} before it")
                + Whence,
            deployment.Accepted,
            Fact("QueuedAhead", ahead)
        );

    /// <summary>Of one that waited.</summary>
    internal void Began(Deployment deployment) =>
        Say(
            LogLevel.Information,
            "Deployment {Id} of {Service} starts after it waited for {Milliseconds} ms",
            deployment.Accepted,
            Fact(
                "Milliseconds",
                (long)(deployment.StartedAt - deployment.Accepted.AcceptedAt).GetValueOrDefault().TotalMilliseconds
            )
        );

    internal void LostOutput(DeploymentEntry entry, string why) =>
        Say(
            LogLevel.Warning,
            "Deployment {Id} of {Service}: output of {Bytes} bytes could not be stored as a whole: {Reason}",
            entry,
            Fact("Bytes", entry.OutputBytes),
            Fact("Reason", why)
        );

    /// <summary>Of one that began, or was cancelled before.</summary>
    internal void Ended(DeploymentEntry entry)
    {
        var isGood = entry.Status is DeploymentStatus.Succeeded;
        var isWanted = isGood || entry.Status is DeploymentStatus.Cancelled or DeploymentStatus.Superseded;
        var check = isGood ? null : entry.FailedCheck;
        var number = isGood ? -1 : entry.Steps.ToList().FindLastIndex(step => step.Status == entry.Status);
        var step = check ?? (number < 0 ? null : entry.Steps[number]);
        Say(
            isWanted ? LogLevel.Information : LogLevel.Warning,
            (
                entry.StartedAt is null
                    ? "Deployment {Id} of {Service} {Status} before it began"
                    : "Deployment {Id} of {Service} {Status} after {Milliseconds} ms"
            )
                + (check is null ? "[ at step {Step}: {Failure}]" : " at its verification: {Failure}")
                + Whence,
            entry,
            Fact("Status", entry.Status.Name()),
            Fact("Milliseconds", entry.DurationMs),
            Fact("Step", step is null || check is not null ? null : number + 1),
            Fact("Failure", Cut(step?.Message)),
            Fact("Command", Cut(step?.Command)),
            Fact("ExitCode", step?.ExitCode)
        );
    }

    internal void HookFailed(Deployment deployment, string hook, string reason) =>
        logger.Say(
            LogLevel.Warning,
            new FactLine(
                "{Hook} of deployment {Id} of {Service} did not succeed: {Reason}",
                [
                    Fact("Hook", hook),
                    Fact("Id", deployment.Id),
                    Fact("Service", deployment.Service),
                    Fact("Reason", reason),
                ]
            )
        );

    internal void Superseded(DeploymentEntry entry) =>
        Say(
            LogLevel.Information,
            "Deployment {Id} of {Service} was superseded by {SupersededBy}",
            entry,
            Fact("SupersededBy", entry.SupersededBy)
        );

    private void Say(
        LogLevel level,
        string pattern,
        DeploymentEntry entry,
        params ReadOnlySpan<KeyValuePair<string, object?>> facts
    ) =>
        logger.Say(
            level,
            new FactLine(
                pattern,
                [
                    new("Id", entry.Id),
                    new("Service", entry.Service),
                    .. facts,
                    new("Who", entry.Trigger.Who),
                    new("Actor", Cut(entry.Trigger.Actor)),
                    new("Ref", Cut(entry.Trigger.Ref)),
                    new("Commit", Cut(entry.Trigger.Commit)),
                ]
            )
        );

    private static KeyValuePair<string, object?> Fact(string name, object? value) => new(name, value);

    private static string? Cut(string? text) => text is { Length: > LongestText } ? text[..LongestText] + "…" : text;
}
