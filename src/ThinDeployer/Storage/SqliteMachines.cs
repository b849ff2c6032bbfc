using ThinDeployer.Machines;

namespace ThinDeployer.Storage;

/// <summary>The machines of a front, in the file of the record, which is for its owner only: it holds their keys.</summary>
internal sealed class SqliteMachines(RecordReader reader, RecordWriter writer) : IMachineRecord
{
    public IReadOnlyList<MachineEntry> All() =>
        reader.Read(connection =>
            connection
                .Compiled(
                    """
                    SELECT name, added_at, shared_secret, joined_at, last_seen_at, version,
                        join_secret, front_key, join_until
                    FROM machines ORDER BY name
                    """
                )
                .Rows(Read)
        );

    public Task SaveAsync(MachineEntry machine) => SaveAsync(statements => statements.Machines.Save(machine));

    public Task RemoveAsync(string name) => SaveAsync(statements => statements.Machines.Remove(name));

    private Task SaveAsync(Action<WriteStatements> write) =>
        writer.SaveAsync(
            statements =>
            {
                write(statements);
                return [];
            },
            mayBlock: true,
            isOfWhatRuns: false
        );

    private static MachineEntry Read(Row row) =>
        new(row.Text(0), Time(row, 1)!.Value)
        {
            SharedSecret = BytesOf(row, 2),
            JoinedAt = Time(row, 3),
            LastSeenAt = Time(row, 4),
            Version = row.TextOrNull(5),
            Pending =
                BytesOf(row, 6) is { } secret && BytesOf(row, 7) is { } key && Time(row, 8) is { } until
                    ? new PendingJoin(secret, key, until)
                    : null,
        };

    private static byte[]? BytesOf(Row row, int column) =>
        row.Bytes(column) is { IsEmpty: false } bytes ? bytes.ToArray() : null;

    private static DateTimeOffset? Time(Row row, int column) =>
        row.NumberOrNull(column) is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}
