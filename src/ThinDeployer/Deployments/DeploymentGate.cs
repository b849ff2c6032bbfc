using System.Globalization;
using ThinDeployer.Gates;
using ThinDeployer.Yaml;

namespace ThinDeployer.Deployments;

/// <summary>What was decided about a deployment before its turn.</summary>
internal sealed record DeploymentGate
{
    /// <summary>When it was asked for approval: at its acceptance, or when what it does was changed since.</summary>
    internal required DateTimeOffset AskedAt { get; init; }

    /// <summary>What the approvals are for: <see cref="DeploymentPlan.Version"/>.</summary>
    internal required string Version { get; init; }

    internal IReadOnlyList<GateDecision> Approvals { get; init; } = [];

    /// <summary>Who let it begin outside of its windows; null where nobody did.</summary>
    internal GateDecision? Passed { get; init; }

    /// <summary>Null where nobody said no.</summary>
    internal GateDecision? Rejected { get; init; }

    /// <summary>Of a new one; null where nothing has to be decided about it.</summary>
    /// <param name="passed">Who lets it begin outside of its windows; null for nobody.</param>
    internal static DeploymentGate? Of(DeploymentPlan plan, GateDecision? passed, DateTimeOffset now) =>
        plan.Gate.Approval is null && passed is null
            ? null
            : new()
            {
                AskedAt = now,
                Version = plan.Version,
                Passed = passed,
            };

    /// <summary>What one must wait for before its turn, if it waits for anything: first for people, then for the clock.</summary>
    internal static WaitReason? Ahead(GatePlan plan, DeploymentGate? gate, DateTimeOffset now)
    {
        if (plan.Approval is { } approval && (gate is null || gate.Approvals.Count < approval.Count))
        {
            return new WaitReason.Approval(approval, gate?.Approvals ?? [], (gate?.AskedAt ?? now) + approval.Timeout);
        }

        return gate?.Passed is null && !plan.Windows.IsOpen(now)
            ? new WaitReason.Closed(plan.Windows.NextOpening(now))
            : null;
    }
}

/// <summary>What somebody decided.</summary>
/// <param name="Who">The name of the credential.</param>
/// <param name="Address">An IP address; null where it is not known.</param>
/// <param name="Reason">Null where none was given.</param>
internal sealed record GateDecision(string Who, string? Address, DateTimeOffset At, string? Reason)
{
    /// <summary>Characters of a reason.</summary>
    internal const int LongestReason = 500;

    /// <summary>With no more of the reason than is kept.</summary>
    internal static GateDecision Of(string who, string? address, DateTimeOffset at, string? reason) =>
        new(who, address, at, reason is null ? null : Beginning.Of(reason, LongestReason));
}

/// <summary>Nothing of a service begins meanwhile.</summary>
/// <param name="By">Who wants that.</param>
/// <param name="Until">Null until somebody resumes it.</param>
/// <param name="Refuses">New deployments are refused; else they wait.</param>
internal sealed record Pause(GateDecision By, DateTimeOffset? Until, bool Refuses)
{
    /// <summary>What stands for all services; no service can be called so.</summary>
    internal const string All = "*";

    /// <summary>The longest span that may be asked for.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>Reads how long it shall last. False for what is neither a duration nor a time to come.</summary>
    /// <param name="text">Null for no end.</param>
    internal static bool TryUntil(string? text, DateTimeOffset now, out DateTimeOffset? until)
    {
        until = null;
        if (text is null)
        {
            return true;
        }

        if (Scalars.TryDuration(text, out var span))
        {
            until = span > TimeSpan.Zero && span <= Longest ? now + span : null;
        }
        else if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var at))
        {
            until = at > now && at - now <= Longest ? at : null;
        }

        return until is not null;
    }

    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
}
