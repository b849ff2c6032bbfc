namespace ThinDeployer.Machines;

/// <summary>Holds the machines of this server, once the record is open.</summary>
/// <param name="line">Null on a server that orders no machines about.</param>
/// <param name="time">The clock.</param>
internal sealed class FrontRoom(IFrontLine? line, TimeProvider time) : IAsyncDisposable
{
    private volatile MachineRegistry? _registry;

    /// <summary>Null on a server that orders no machines about.</summary>
    internal IFrontLine? Line => line;

    /// <summary>Null there, and until the record is open.</summary>
    internal MachineRegistry? Registry => _registry;

    internal void Open(IMachineRecord record) => _registry ??= line is null ? null : MachineRegistry.Open(record, time);

    public async ValueTask DisposeAsync()
    {
        if (line is not null)
        {
            await line.DisposeAsync();
        }

        _registry?.Dispose();
    }
}
