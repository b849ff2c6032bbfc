namespace ThinDeployer.Machines;

/// <summary>Holds the orders of this machine, once the record is open.</summary>
internal sealed class OrderBook
{
    private volatile IOrderRecord? _record;

    /// <summary>Null before.</summary>
    internal IOrderRecord? Record => _record;

    internal void Open(IOrderRecord record) => _record = record;
}
