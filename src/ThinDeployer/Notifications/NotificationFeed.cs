using System.Globalization;
using System.Text;
using ThinDeployer.Deployments;
using ThinDeployer.Lines;
using ThinDeployer.Outbox;
using ThinDeployer.Output;

namespace ThinDeployer.Notifications;

/// <summary>What the targets of a service are told of a deployment: as little as they want.</summary>
/// <param name="notifiersOf">The targets of a service, as it is or was last.</param>
/// <param name="jsonOf">It as clients see it.</param>
internal sealed class NotificationFeed(
    Func<string, IReadOnlyList<Notifier>> notifiersOf,
    Func<DeploymentEntry, string> jsonOf
) : IOutboxFeed
{
    public IReadOnlyList<OutboxItem> ItemsOf(ChangedDeployment changed)
    {
        var entry = changed.Entry;
        var notifiers = notifiersOf(entry.Service);
        if (notifiers.Count == 0 || Happened(entry, changed.Change) is not { } happened)
        {
            return [];
        }

        if (
            happened is NewsEvent.Succeeded
            && notifiers.Any(one => one.Target.On.Contains(NewsEvent.Recovered))
            && IsBadBefore(changed)
        )
        {
            happened = NewsEvent.Recovered;
        }

        var (output, isCut) = notifiers.Any(one => Wants(one.Target, happened, entry) && one.Target.OutputLines > 0)
            ? TailOf(changed)
            : ("", false);
        return
        [
            .. notifiers
                .Index()
                .Where(one => Wants(one.Item.Target, happened, entry))
                .Select(one => ItemOf(entry, one.Item, one.Index, happened, output, isCut)),
        ];
    }

    /// <summary>Null for what nobody is told of.</summary>
    private static NewsEvent? Happened(DeploymentEntry entry, DeploymentChange change) =>
        change switch
        {
            // It begins at once: that it did so is saved with it.
            DeploymentChange.Accepted when entry.Status is DeploymentStatus.Running => NewsEvent.Started,
            DeploymentChange.Accepted when entry.Status is DeploymentStatus.Waiting => NewsEvent.Waiting,
            DeploymentChange.Accepted => NewsEvent.Accepted,
            DeploymentChange.Started => NewsEvent.Started,
            _ => entry.Status switch
            {
                DeploymentStatus.Succeeded => NewsEvent.Succeeded,

                // A newer one took its place, and tells.
                DeploymentStatus.Superseded => null,

                // That it was interrupted was told at the start after it.
                DeploymentStatus.Interrupted when entry.EndHook is not null && entry.FailedHook is null => null,
                _ => NewsEvent.Failed,
            },
        };

    /// <summary>The original told of no deployment that never began.</summary>
    private static bool Wants(NotificationTarget target, NewsEvent happened, DeploymentEntry entry) =>
        (target.On.Contains(happened) || (happened is NewsEvent.Recovered && target.On.Contains(NewsEvent.Succeeded)))
        && (entry.StartedAt is not null || target.Kind != NotificationKinds.Seed);

    private static bool IsBadBefore(ChangedDeployment changed)
    {
        try
        {
            return changed.Before() is { } last
                && last.Id != changed.Entry.Id
                && last.Status is not DeploymentStatus.Succeeded;
        }
        catch (RecordUnavailableException)
        {
            return false;
        }
    }

    private static (string Output, bool IsCut) TailOf(ChangedDeployment changed)
    {
        if (changed.Change is not DeploymentChange.Ended)
        {
            return ("", false);
        }

        try
        {
            var (text, isCut) = OutputReader.Tail(changed.Output(), NotificationMessage.MaximumCharacters);
            return (SeenText.Of(text), isCut);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ("(the output can't be read)", false);
        }
    }

    private OutboxItem ItemOf(
        DeploymentEntry entry,
        Notifier notifier,
        int index,
        NewsEvent happened,
        string output,
        bool isCut
    )
    {
        var target = notifier.Target;
        var lines = LastLines(output, target.OutputLines);
        var failed = entry
            .Steps.Concat(entry.Hooks)
            .LastOrDefault(step => step.Status is not DeploymentStatus.Succeeded);
        var hook = entry.EndHook;
        var news = new News
        {
            Service = entry.Service,
            Deployment = entry.Id,
            Event = happened is NewsEvent.Recovered && !target.On.Contains(happened) ? NewsEvent.Succeeded : happened,
            Status = entry.Status,
            WaitsForWindow = happened is NewsEvent.Waiting && entry.Gate is null,
            At = entry.FinishedAt ?? entry.StartedAt ?? entry.AcceptedAt,
            Hook = hook,
            IsHookGood = hook is not null && entry.FailedHook is null,
            DurationMs = entry.Status.IsEnd() ? entry.DurationMs : null,
            Who = entry.Trigger.Who,
            Actor = entry.Trigger.Actor,
            Trigger = entry.Trigger.Event,
            CancelledBy = entry.CancelledBy,
            Ref = entry.Trigger.Ref,
            Commit = entry.Trigger.Commit,
            CommitSubject = entry.Trigger.CommitSubject,
            CommitUrl = entry.Trigger.CommitUrl,
            FailedStep = failed?.Command,
            ExitCode = failed?.ExitCode,
            Reason = failed?.Message,
            Output = lines,
            IsCut = isCut || lines.Length < output.Length,
            Summary = entry.WrittenSummary,
            Template = target.Text,
            Json = target.Kind.SendsJson ? jsonOf(entry) : null,
        };
        return new OutboxItem(
            notifier.Key,
            entry.Service,
            entry.Id,
            Subject: string.Create(CultureInfo.InvariantCulture, $"{entry.Id} {index}"),
            news.Write(),
            news.At
        )
        {
            To = notifier,
            Failure = happened is NewsEvent.Failed && target.IsDamped ? FailureOf(entry, failed) : null,
        };
    }

    /// <summary>What makes two failures the same.</summary>
    private static string FailureOf(DeploymentEntry entry, StepResult? failed)
    {
        var text = new StringBuilder(entry.Status.Name()).Append('\n').Append(failed?.Hook).Append('\n');
        return text.Append(failed?.Command)
            .Append('\n')
            .Append(failed?.ExitCode?.ToString(CultureInfo.InvariantCulture))
            .ToString();
    }

    private static string LastLines(string text, int lines)
    {
        if (lines == 0)
        {
            return "";
        }

        var start = text.EndsWith('\n') ? text.Length - 1 : text.Length;
        for (var count = 0; count < lines && start > 0; count++)
        {
            start = text.LastIndexOf('\n', start - 1);
        }

        return start > 0 ? text[(start + 1)..] : text;
    }
}
