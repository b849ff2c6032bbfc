using System.Globalization;
using ThinDeployer.Deployments;
using ThinDeployer.Http;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Pages;

/// <summary>Values in the words of a person.</summary>
internal static class Shown
{
    /// <summary>Characters of a commit's hash.</summary>
    private const int ShortCommit = 7;

    /// <summary>Characters that tell one deployment from another: the end of the id is random, its beginning a time.</summary>
    private const int ShortId = 6;

    private const int SecondsPerMinute = 60;
    private const int HoursPerDay = 24;
    private const long KiB = 1024;

    /// <summary>How long ago, roughly: <c>5 min ago</c>.</summary>
    internal static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var ago = now - at;
        return ago < TimeSpan.FromSeconds(SecondsPerMinute) ? "just now"
            : ago < TimeSpan.FromHours(1) ? Whole(ago.TotalMinutes, "min ago")
            : ago < TimeSpan.FromDays(1) ? Whole(ago.TotalHours, "h ago")
            : ago < TimeSpan.FromDays(2) ? "yesterday"
            : Whole(ago.TotalDays, "days ago");
    }

    /// <summary>To the second, for people everywhere.</summary>
    internal static string Exact(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>For programs, and the script.</summary>
    internal static string Iso(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Two units at most: <c>0.4 s</c>, <c>12 s</c>, <c>3 min 5 s</c>, <c>2 h 10 min</c>.</summary>
    internal static string Span(TimeSpan span)
    {
        var (days, hours, minutes) = ((int)span.TotalDays, span.Hours, span.Minutes);
        return span < TimeSpan.FromSeconds(1)
                ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.00} s")
            : span < TimeSpan.FromSeconds(10)
                ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s")
            : span < TimeSpan.FromMinutes(1) ? $"{span.Seconds} s"
            : span < TimeSpan.FromHours(1) ? Two(minutes, "min", span.Seconds, "s")
            : span < TimeSpan.FromHours(HoursPerDay) ? Two(hours, "h", minutes, "min")
            : Two(days, "d", hours, "h");
    }

    internal static string? Span(long? milliseconds) =>
        milliseconds is { } known ? Span(TimeSpan.FromMilliseconds(known)) : null;

    internal static string Bytes(long bytes) =>
        bytes < KiB ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
        : bytes < KiB * KiB ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)KiB:0.#} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(KiB * KiB):0.#} MiB");

    internal static string Commit(string commit) => commit.Length > ShortCommit ? commit[..ShortCommit] : commit;

    internal static string Id(string id) => id.Length > ShortId ? id[^ShortId..] : id;

    /// <summary>What a deployment brought, in short: its commit, else its id.</summary>
    internal static string Version(DeploymentEntry entry) =>
        entry.Trigger.Commit is { } commit ? Commit(commit) : Id(entry.Id);

    /// <summary>Without what each branch and tag begins with.</summary>
    internal static string Ref(string name) =>
        name.StartsWith("refs/heads/", StringComparison.Ordinal) ? name["refs/heads/".Length..]
        : name.StartsWith("refs/tags/", StringComparison.Ordinal) ? name["refs/tags/".Length..]
        : name;

    /// <summary>Who made it begin: the person that a sender names, else the token's name, else the address.</summary>
    internal static string? Who(DeploymentTrigger trigger) => trigger.Actor ?? trigger.Who ?? trigger.Address;

    internal static string Word(DeploymentStatus status) => status.Name().Replace('_', ' ');

    /// <summary>A sign that says the same as the word, for who does not see colours.</summary>
    internal static string Icon(DeploymentStatus status) =>
        status switch
        {
            DeploymentStatus.Waiting => "◔",
            DeploymentStatus.Queued => "◷",
            DeploymentStatus.Running => "▶",
            DeploymentStatus.Succeeded => "✓",
            DeploymentStatus.Cancelled or DeploymentStatus.Rejected => "⊘",
            DeploymentStatus.Superseded => "↷",
            DeploymentStatus.Interrupted => "↯",
            DeploymentStatus.TimedOut or DeploymentStatus.Expired => "⧖",
            _ => "✗",
        };

    /// <summary>The name of its colours.</summary>
    internal static string Class(DeploymentStatus status) =>
        status switch
        {
            DeploymentStatus.Waiting or DeploymentStatus.Queued => "waits",
            DeploymentStatus.Running => "runs",
            DeploymentStatus.Succeeded => "good",
            DeploymentStatus.Cancelled
            or DeploymentStatus.Superseded
            or DeploymentStatus.Rejected
            or DeploymentStatus.Expired => "gone",
            _ => "bad",
        };

    /// <summary>Why one waits, as the end of a sentence.</summary>
    internal static string Reason(WaitingDeployment waiting, Func<string, bool> mayBeTold) =>
        waiting.Reason switch
        {
            WaitReason.Turn when waiting.Ahead > 0 => $"behind {Count(waiting.Ahead, "deployment")}",
            WaitReason.Turn => "until the one that runs has ended",
            WaitReason.Lock(var name, { } service) when mayBeTold(service) =>
                $"for the lock {name}, which {service} has",
            WaitReason.Lock(var name, _) => $"for the lock {name}",
            WaitReason.Approval or WaitReason.Closed or WaitReason.Paused or WaitReason.Batch => WaitJson
                .Of(waiting.Reason)!
                .Message,
            WaitReason.Rollback => "until an interrupted deployment is rolled back",
            WaitReason.Limit(var maximum) => $"because {maximum} run at once over all services",
            _ => "to begin",
        };

    /// <summary>
    /// What is shown of a deployment beside its state and its output, in short: another text after each change, since machines
    /// only go on.
    /// </summary>
    internal static string Standing(SeenDeployment seen) =>
        string.Join(
            ' ',
            seen.Machines.GroupBy(one => one.Entry.Status)
                .OrderBy(group => group.Key)
                .Select(group => $"{Number(group.Count())} {group.Key.Name()}")
                .Append(seen.QueuedAhead is { } ahead ? Number(ahead) : null)
                .Append(seen.WaitsFor is WaitReason.Batch(var batch, _) ? $"before {Number(batch)}" : null)
                .Append(
                    seen.Machines.Count(one => one.Note is not null) is > 0 and var notes
                        ? $"noted {Number(notes)}"
                        : null
                )
                .Where(part => part is not null)
        );

    /// <summary>On which a service is deployed.</summary>
    internal static string Machines(RolloutPlan plan) =>
        plan.Machines is { } names ? string.Join(", ", names) : "all machines";

    internal static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    internal static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Whole(double number, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)number} {unit}");

    private static string Two(int first, string unit, int second, string smaller) =>
        second == 0 ? $"{first} {unit}" : $"{first} {unit} {second} {smaller}";
}
