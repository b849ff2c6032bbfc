using ThinDeployer.Machines;

namespace ThinDeployer.Storage;

/// <summary>The orders of a machine, in the same file as the deployments that they became.</summary>
internal sealed class SqliteOrders(RecordReader reader, RecordWriter writer) : IOrderRecord
{
    private const string Select = "SELECT id, expires_at, refusal, reason, position, marks, is_reported FROM orders";

    public SeenOrder? Find(string id) =>
        reader.Read(connection =>
            connection.Compiled($"{Select} WHERE id = $id", "$id").Rows(Read, id).SingleOrDefault()
        );

    public Task RefuseAsync(SeenOrder order) => writer.SaveAsync(statements => statements.Orders.Add(order));

    public IReadOnlyList<SeenOrder> Unreported() =>
        reader.Read(connection => connection.Compiled($"{Select} WHERE is_reported = 0 ORDER BY number").Rows(Read));

    public Task SaveReportedAsync(SeenOrder order, DateTimeOffset forgetBefore) =>
        writer.SaveAsync(statements =>
        {
            statements.Orders.SaveReported(order);
            statements.Orders.Forget(forgetBefore);
        });

    private static SeenOrder Read(Row row) =>
        new(row.Text(0), row.Time(1))
        {
            Refusal = row.TextOrNull(2),
            Reason = row.TextOrNull(3),
            Position = row.Number(4),
            Marks = (int)row.Number(5),
            IsReported = row.Flag(6),
        };
}
