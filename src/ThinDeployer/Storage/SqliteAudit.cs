using ThinDeployer.Audit;

namespace ThinDeployer.Storage;

/// <summary>Who did what, in the same file as what it was done to.</summary>
internal sealed class SqliteAudit(RecordReader reader, RecordWriter writer) : IAuditRecord
{
    public Task AddAsync(
        IReadOnlyList<(DateTimeOffset At, AuditEntry Entry)> entries,
        DateTimeOffset keptSince,
        int most
    ) =>
        writer.SaveAsync(
            statements =>
            {
                foreach (var (at, entry) in entries)
                {
                    statements.Audit.Add(at, entry);
                }

                statements.Audit.Forget(keptSince, most);
            },
            isOfWhatRuns: false
        );

    public IReadOnlyList<KeptAuditEntry> List(AuditFilter filter) =>
        reader.Read(connection =>
            connection
                .Compiled(
                    """
                    SELECT number, at, content FROM audit
                    WHERE number < $before AND at >= $since
                        AND ($service IS NULL OR content ->> 'service' = $service)
                        AND ($what IS NULL OR content ->> 'what' = $what)
                    ORDER BY number DESC LIMIT $limit
                    """,
                    "$before",
                    "$since",
                    "$service",
                    "$what",
                    "$limit"
                )
                .Rows(
                    row => new KeptAuditEntry(row.Number(0), row.Time(1), RowJson.ReadAudit(row.Utf8(2))),
                    filter.Before ?? long.MaxValue,
                    filter.Since?.ToUnixTimeMilliseconds() ?? long.MinValue,
                    filter.Service,
                    filter.What,
                    filter.Limit
                )
        );
}
