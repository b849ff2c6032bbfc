using ThinDeployer.Outbox;

namespace ThinDeployer.Storage;

/// <summary>A row of <c>outbox</c>.</summary>
internal static class OutboxRow
{
    internal const string Columns =
        "number, target, service, deployment_id, subject, content, created_at, failure, repeats, not_before, attempts, "
        + "next_at, trouble";

    internal static OutboxItem Read(Row row) =>
        new(row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Time(6))
        {
            Number = row.Number(0),
            Failure = row.TextOrNull(7),
            Repeats = (int)row.Number(8),
            NotBefore = row.Time(9),
            Attempts = (int)row.Number(10),
            NextAt = row.Time(11),
            Trouble = row.TextOrNull(12),
        };
}
