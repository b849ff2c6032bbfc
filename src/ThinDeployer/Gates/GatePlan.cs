namespace ThinDeployer.Gates;

/// <summary>What must be so before a deployment of a service may begin.</summary>
/// <param name="Approval">Null where none is needed.</param>
/// <param name="RefusesWhenClosed">A call outside of its windows is refused; else the deployment waits.</param>
internal sealed record GatePlan(ApprovalRule? Approval, OpeningTimes Windows, bool RefusesWhenClosed)
{
    internal static GatePlan Open { get; } = new(Approval: null, OpeningTimes.Always, RefusesWhenClosed: false);
}

/// <summary>Who must say yes.</summary>
/// <param name="By">Names of tokens; empty for any that may approve.</param>
/// <param name="Count">So many of them, each once.</param>
/// <param name="Timeout">From its acceptance; then it expires.</param>
/// <param name="AllowsSelf">Whether who started it counts.</param>
internal sealed record ApprovalRule(IReadOnlyList<string> By, int Count, TimeSpan Timeout, bool AllowsSelf);
