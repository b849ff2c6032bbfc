using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>What a deployment waits for, beyond its turn.</summary>
/// <param name="What"><c>approval</c>, <c>window</c>, <c>pause</c> or <c>batch</c>.</param>
/// <param name="Message">A sentence.</param>
/// <param name="By">Who may approve; null for any that has the right.</param>
/// <param name="Given">Approvals so far; of batches, those that have begun.</param>
/// <param name="Count">Approvals, or batches, in all.</param>
internal sealed record WaitJson(
    string What,
    string Message,
    IReadOnlyList<string>? By = null,
    int? Given = null,
    int? Count = null,
    string? Until = null,
    string? OpensAt = null,
    string? Reason = null,
    string? Who = null
)
{
    /// <summary>Null for what waits for its turn only.</summary>
    internal static WaitJson? Of(WaitReason? reason) =>
        reason switch
        {
            WaitReason.Approval(var rule, var given, var until) => new(
                "approval",
                $"waits for {rule.Count - given.Count} approval{(rule.Count - given.Count == 1 ? "" : "s")}"
                    + (rule.By.Count > 0 ? $" by {string.Join(" or ", rule.By)}" : "")
                    + $", until {DeploymentJson.TimeOf(until)}",
                DeploymentJson.UnlessEmpty(rule.By),
                given.Count,
                rule.Count,
                DeploymentJson.TimeOf(until)
            ),
            WaitReason.Closed(var opensAt) => new(
                "window",
                OutsideOf(opensAt),
                OpensAt: DeploymentJson.TimeOf(opensAt)
            ),
            WaitReason.Paused(var pause) => new(
                "pause",
                PauseJson.Sentence(pause),
                Until: DeploymentJson.TimeOf(pause.Until),
                Reason: pause.By.Reason,
                Who: pause.By.Who
            ),
            WaitReason.Batch(var number, var count) => new(
                "batch",
                $"waits for an approval of batch {number} of {count}",
                Given: number - 1,
                Count: count
            ),
            _ => null,
        };

    internal static string OutsideOf(DateTimeOffset? opensAt) =>
        opensAt is null
            ? "its windows do not open as far as can be seen"
            : $"waits for its window, which opens at {DeploymentJson.TimeOf(opensAt)}";
}

/// <summary>What holds a service, or all of them.</summary>
/// <param name="Mode"><c>queue</c> or <c>refuse</c>: what becomes of new deployments.</param>
internal sealed record PauseJson(string Who, string Since, string? Until, string? Reason, string Mode)
{
    internal static PauseJson? Of(Pause? pause) =>
        pause is null
            ? null
            : new(
                pause.By.Who,
                DeploymentJson.TimeOf(pause.By.At)!,
                DeploymentJson.TimeOf(pause.Until),
                pause.By.Reason,
                pause.Refuses ? "refuse" : "queue"
            );

    internal static string Sentence(Pause pause) =>
        $"paused by {pause.By.Who}"
        + (pause.Until is { } until ? $" until {DeploymentJson.TimeOf(until)}" : "")
        + (pause.By.Reason is { } reason ? $": {reason}" : "");
}

internal sealed record DecisionJson(string Who, string At, string? Reason)
{
    internal static DecisionJson? Of(GateDecision? decision) =>
        decision is null ? null : new(decision.Who, DeploymentJson.TimeOf(decision.At)!, decision.Reason);
}

/// <summary>The answer when a service takes nothing now.</summary>
/// <param name="OpensAt">When it does again; null where that is not known.</param>
internal sealed record ClosedJson(string Message, string ServiceName, string? OpensAt);
