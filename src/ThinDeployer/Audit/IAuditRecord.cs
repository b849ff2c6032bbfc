namespace ThinDeployer.Audit;

/// <summary>The entries on disk. What can't be done now fails with <see cref="Deployments.RecordUnavailableException"/>.</summary>
internal interface IAuditRecord
{
    /// <summary>Adds some behind the others, and forgets the oldest.</summary>
    /// <param name="entries">In their order.</param>
    /// <param name="keptSince">Those from before are forgotten.</param>
    /// <param name="most">So many stay.</param>
    Task AddAsync(IReadOnlyList<(DateTimeOffset At, AuditEntry Entry)> entries, DateTimeOffset keptSince, int most);

    /// <summary>Newest first.</summary>
    IReadOnlyList<KeptAuditEntry> List(AuditFilter filter);
}

/// <summary>Which entries are wanted; null for no such bound.</summary>
/// <param name="Before">Only those with a lower number.</param>
/// <param name="Limit">At most so many.</param>
internal sealed record AuditFilter(string? Service, string? What, DateTimeOffset? Since, long? Before, int Limit);
