using System.Globalization;

namespace ThinDeployer.Rollouts;

/// <summary>On which machines a service is deployed, and in which steps.</summary>
/// <param name="Machines">Their names, in the order of the rollout; null for all that are enrolled, in the order of their names.</param>
/// <param name="Batches">How many machines each batch has; the last one counts for all that follow. Never empty.</param>
/// <param name="Pause">Between two batches; ignored where <paramref name="IsManual"/> is set.</param>
/// <param name="IsManual">Whether somebody must say yes before each further batch.</param>
/// <param name="MaximumFailures">So many machines may fail, over all batches, before the rest is not begun.</param>
/// <param name="Unavailable">What becomes of a machine that is away when its batch begins.</param>
/// <param name="Expire">How long an order waits for its machine.</param>
internal sealed record RolloutPlan(
    IReadOnlyList<string>? Machines,
    IReadOnlyList<BatchSize> Batches,
    TimeSpan Pause,
    bool IsManual,
    int MaximumFailures,
    WhenUnavailable Unavailable,
    TimeSpan Expire
)
{
    internal static readonly TimeSpan DefaultExpire = TimeSpan.FromHours(1);
}

/// <summary>Of one batch.</summary>
/// <param name="Value">Machines, or a share of all of them. From 1.</param>
/// <param name="IsPercent">Whether <paramref name="Value"/> is a share, of at most 100; it gives one machine at least.</param>
internal readonly record struct BatchSize(int Value, bool IsPercent)
{
    /// <summary>As it is written.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Value}{(IsPercent ? "%" : "")}");
}

/// <summary>What becomes of a machine that is away when its batch begins.</summary>
internal enum WhenUnavailable
{
    /// <summary>It is waited for until its order expires; then that is a failure.</summary>
    Wait,

    /// <summary>It is left out, which is no failure.</summary>
    Skip,

    /// <summary>That is a failure at once.</summary>
    Fail,
}

/// <summary>A rollout that has begun: which machines, in which batches, and how far it may go. Kept in the record.</summary>
/// <param name="Batches">The names of machines, each once.</param>
/// <param name="MaximumFailures">As <see cref="RolloutPlan.MaximumFailures"/>.</param>
/// <param name="Pause">As <see cref="RolloutPlan.Pause"/>.</param>
/// <param name="IsManual">As <see cref="RolloutPlan.IsManual"/>.</param>
/// <param name="Unavailable">As <see cref="RolloutPlan.Unavailable"/>.</param>
/// <param name="Expire">As <see cref="RolloutPlan.Expire"/>.</param>
/// <param name="Allowed">With <paramref name="IsManual"/>: so many batches may begin; from 1.</param>
internal sealed record RolloutState(
    IReadOnlyList<IReadOnlyList<string>> Batches,
    int MaximumFailures,
    TimeSpan Pause,
    bool IsManual,
    WhenUnavailable Unavailable,
    TimeSpan Expire,
    int Allowed
);
