namespace ThinDeployer.Outbox;

/// <summary>Something that must reach somebody, as the record keeps it until it did.</summary>
/// <param name="Target">Names the address without giving it away: <see cref="IOutboxTarget.Key"/>.</param>
/// <param name="Service">Whose target that is.</param>
/// <param name="DeploymentId">Of which it tells.</param>
/// <param name="Subject">A newer one of the same subject takes the place of an older one that still waits.</param>
/// <param name="Content">As the target's kind reads it.</param>
/// <param name="CreatedAt">When what it tells of happened.</param>
internal sealed record OutboxItem(
    string Target,
    string Service,
    string DeploymentId,
    string Subject,
    string Content,
    DateTimeOffset CreatedAt
)
{
    /// <summary>The order within a target; 0 before it is saved.</summary>
    internal long Number { get; init; }

    /// <summary>Tells what failed: the same again within an hour is told once, with a count. Null for what is always told.</summary>
    internal string? Failure { get; init; }

    /// <summary>How many of the same failure it stands for, beyond the one that was told; 0 for one that stands for itself.</summary>
    internal int Repeats { get; init; }

    /// <summary>Not before. Others of its target may overtake it.</summary>
    internal DateTimeOffset NotBefore { get; init; }

    /// <summary>How often it was tried in vain.</summary>
    internal int Attempts { get; init; }

    /// <summary>When it is tried next. Others of its target wait behind it.</summary>
    internal DateTimeOffset NextAt { get; init; }

    /// <summary>As the configuration had it when this was made; null for one that was read.</summary>
    internal IOutboxTarget? To { get; init; }

    /// <summary>Why the last try was in vain; null before one was.</summary>
    internal string? Trouble { get; init; }
}
