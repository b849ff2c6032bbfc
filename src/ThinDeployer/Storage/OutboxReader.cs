using ThinDeployer.Outbox;

namespace ThinDeployer.Storage;

/// <summary>Reads what waits for somebody.</summary>
internal sealed class OutboxReader(RecordReader reader)
{
    internal IReadOnlyList<string> Targets() =>
        reader.Read(connection => connection.Compiled("SELECT DISTINCT target FROM outbox").Rows(row => row.Text(0)));

    /// <inheritdoc cref="IOutboxRecord.First"/>
    internal OutboxItem? First(string target, DateTimeOffset now) =>
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

    /// <inheritdoc cref="IOutboxRecord.Waiting"/>
    internal IReadOnlyList<OutboxItem> Waiting(IReadOnlyCollection<string>? services, int limit) =>
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

    /// <inheritdoc cref="IOutboxRecord.Troubles"/>
    internal IReadOnlyList<OutboxTrouble> Troubles() =>
        reader.Read(connection =>
            connection
                .Compiled("SELECT kind, name, service, why, at FROM outbox_troubles ORDER BY at")
                .Rows(row => new OutboxTrouble(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Time(4)))
        );
}
