using ThinDeployer.Deployments;
using ThinDeployer.Outbox;
using ThinDeployer.Yaml;

namespace ThinDeployer.Forges;

/// <summary>What the forge of a service is told: that a deployment waits, runs, and how it ended.</summary>
/// <param name="reporterOf">Null for a service that reports nowhere.</param>
internal sealed class ForgeFeed(Func<string, ForgeReporter?> reporterOf) : IOutboxFeed
{
    /// <summary>Of a commit that a caller gives.</summary>
    private const string CommitVariable = "commit";

    /// <summary>Digits of SHA-1 and of SHA-256 (git-scm.com/docs/hash-function-transition).</summary>
    private static readonly int[] HashLengths = [40, 64];

    public IReadOnlyList<OutboxItem> ItemsOf(ChangedDeployment changed)
    {
        var entry = changed.Entry;
        if (reporterOf(entry.Service) is not { } reporter || CommitOf(entry) is not { } commit)
        {
            return [];
        }

        var report = reporter.Report;
        var news = new ForgeNews
        {
            Service = entry.Service,
            Deployment = entry.Id,
            State = ForgeStates.Of(entry.Status),
            Commit = commit,
            Ref = entry.Trigger.Ref,
            Description = Description(entry),
            Asked = entry.Trigger.ForgeDeployment,
        };
        return
        [
            new OutboxItem(
                reporter.Key,
                entry.Service,
                entry.Id,
                Subject: $"{commit} {report.Environment} {report.Context} {news.Asked}",
                news.Write(),
                entry.FinishedAt ?? entry.StartedAt ?? entry.AcceptedAt
            )
            {
                To = reporter,
            },
        ];
    }

    /// <summary>Null without a whole hash: nothing shorter names a commit for sure. A deleted branch has one of zeros.</summary>
    private static string? CommitOf(DeploymentEntry entry) =>
        new[] { entry.Trigger.Commit, entry.Values.GetValueOrDefault(CommitVariable) }.FirstOrDefault(text =>
            text is not null
            && HashLengths.Contains(text.Length)
            && text.All(char.IsAsciiHexDigitLower)
            && text.AsSpan().ContainsAnyExcept('0')
        );

    private static string Description(DeploymentEntry entry)
    {
        var text = Sentence(entry);
        return text.Length <= ForgeNews.LongestDescription ? text : text[..(ForgeNews.LongestDescription - 1)] + "…";
    }

    private static string Sentence(DeploymentEntry entry) =>
        entry.Status switch
        {
            DeploymentStatus.Waiting => "Waits until it may begin",
            DeploymentStatus.Queued => "Waits for its turn",
            DeploymentStatus.Running => "Is being deployed",
            DeploymentStatus.Succeeded => $"Deployed{Took(entry, "in")}",
            DeploymentStatus.Superseded => "A newer deployment took its place",
            DeploymentStatus.Cancelled => "Was cancelled",
            DeploymentStatus.Rejected => "Was rejected",
            DeploymentStatus.Expired => "Nobody approved it in time",
            DeploymentStatus.Interrupted => "The server ended meanwhile",
            DeploymentStatus.TimedOut => $"Timed out{Took(entry, "after")}{RolledBack(entry)}",
            _ when entry.FailedCheck is not null => $"Failed its verification{Took(entry, "after")}{RolledBack(entry)}",
            _ => $"Failed{Took(entry, "after")}{RolledBack(entry)}",
        };

    private static string Took(DeploymentEntry entry, string word) =>
        entry.DurationMs is { } milliseconds
            ? $" {word} {Scalars.Written(TimeSpan.FromSeconds(Math.Max(1, (milliseconds + 500) / 1000)))}"
            : "";

    private static string RolledBack(DeploymentEntry entry) =>
        entry.EndHook is null ? ""
        : entry.FailedHook is null ? ", rolled back"
        : ", and the rollback failed";
}
