using ThinDeployer.Deployments;
using ThinDeployer.Machines;

namespace ThinDeployer.Storage;

/// <summary>Writes the orders that a machine has seen, and how far their front has heard of them.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class OrderStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    private readonly Statement _add = new(
        connection,
        """
        INSERT INTO orders (id, expires_at, refusal, reason, position, marks, is_reported)
        VALUES ($id, $expires, $refusal, $reason, $position, $marks, $reported)
        """,
        "$id",
        "$expires",
        "$refusal",
        "$reason",
        "$position",
        "$marks",
        "$reported"
    );

    private readonly Statement _report = new(
        connection,
        "UPDATE orders SET position = $position, marks = $marks, is_reported = $reported WHERE id = $id",
        "$id",
        "$position",
        "$marks",
        "$reported"
    );

    private readonly Statement _forget = new(
        connection,
        "DELETE FROM orders WHERE is_reported = 1 AND expires_at < $before",
        "$before"
    );

    /// <summary>One that becomes a deployment, with whose acceptance this is saved.</summary>
    internal void Add(OrderMark order) => Add(new SeenOrder(order.Id, order.Expires));

    internal void Add(SeenOrder order) =>
        _add.Run(
            order.Id,
            order.Expires.ToUnixTimeMilliseconds(),
            order.Refusal,
            order.Reason,
            order.Position,
            order.Marks,
            order.IsReported
        );

    internal void SaveReported(SeenOrder order)
    {
        if (_report.Run(order.Id, order.Position, order.Marks, order.IsReported) == 0)
        {
            throw new InvalidOperationException($"The record has no order {order.Id}.");
        }
    }

    internal void Forget(DateTimeOffset before) => _forget.Run(before.ToUnixTimeMilliseconds());
}
