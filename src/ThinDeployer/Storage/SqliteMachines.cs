using ThinDeployer.Machines;

namespace ThinDeployer.Storage;

/// <summary>The machines of a front, in the file of the record, which is for its owner only: it holds their keys.</summary>
internal sealed class SqliteMachines(RecordReader reader, RecordWriter writer) : IMachineRecord
{
    public IReadOnlyList<MachineEntry> All() => AllOf(reader);

    internal static IReadOnlyList<MachineEntry> AllOf(RecordReader reader) =>
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

    public Task SaveAsync(MachineEntry machine) =>
        writer.SaveAsync(statements => statements.Machines.Save(machine), isOfWhatRuns: false);

    public Task RemoveAsync(string name) =>
        writer.SaveAsync(statements => statements.Machines.Remove(name), isOfWhatRuns: false);

    private static MachineEntry Read(Row row) =>
        new(row.Text(0), row.Time(1))
        {
            SharedSecret = BytesOf(row, 2),
            JoinedAt = row.TimeOrNull(3),
            LastSeenAt = row.TimeOrNull(4),
            Version = row.TextOrNull(5),
            Pending =
                BytesOf(row, 6) is { } secret && BytesOf(row, 7) is { } key && row.TimeOrNull(8) is { } until
                    ? new PendingJoin(secret, key, until)
                    : null,
        };

    private static byte[]? BytesOf(Row row, int column) =>
        row.Bytes(column) is { IsEmpty: false } bytes ? bytes.ToArray() : null;
}
