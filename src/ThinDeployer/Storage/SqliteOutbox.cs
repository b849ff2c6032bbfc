using ThinDeployer.Outbox;

namespace ThinDeployer.Storage;

/// <summary>What waits for somebody, in the same file as what it tells of.</summary>
internal sealed class SqliteOutbox(RecordReader reader, RecordWriter writer) : IOutboxRecord
{
    public IReadOnlyList<string> Targets() =>
        reader.Read(connection => connection.Compiled("SELECT DISTINCT target FROM outbox").Rows(row => row.Text(0)));

    public OutboxItem? First(string target, DateTimeOffset now) =>
        reader.Read(connection =>
            connection
                .Compiled(
                    $"""
                    SELECT {OutboxRow.Columns} FROM outbox WHERE target = $target
                    ORDER BY max(not_before, $now), number LIMIT 1
                    """,
                    "$target",
                    "$now"
                )
                .Rows(OutboxRow.Read, target, now.ToUnixTimeMilliseconds())
                .SingleOrDefault()
        );

    public IReadOnlyList<OutboxItem> Waiting(IReadOnlyCollection<string>? services, int limit) =>
        reader.Read(connection =>
            connection
                .Compiled(
                    $"""
                    SELECT {OutboxRow.Columns} FROM outbox
                    WHERE $services IS NULL OR service IN (SELECT value FROM json_each($services))
                    ORDER BY number LIMIT $limit
                    """,
                    "$services",
                    "$limit"
                )
                .Rows(OutboxRow.Read, services is null ? null : RowJson.Write(services), limit)
        );

    public Task RemoveAsync(OutboxItem item, DateTimeOffset? toldAt) =>
        SaveAsync(statements => statements.Remove(item, toldAt));

    public Task PutOffAsync(OutboxItem item) => SaveAsync(statements => statements.PutOff(item));

    private Task SaveAsync(Action<OutboxStatements> write) =>
        writer.SaveAsync(
            statements =>
            {
                write(statements.Outbox);
                return [];
            },
            mayBlock: true,
            isOfWhatRuns: false
        );
}
