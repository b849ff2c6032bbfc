namespace ThinDeployer.Storage;

/// <summary>Connections that read, each lent to one reader at a time and then kept for the next.</summary>
internal sealed class ReadConnections(RecordFile file)
{
    /// <summary>Each holds some pages of the file in memory, and so many at once are rarely in use.</summary>
    private const int MaximumKept = 8;

    private readonly Lock _lock = new();
    private readonly Stack<ReadConnection> _kept = new();
    private bool _isClosed;

    /// <summary>One that met a fault is not kept.</summary>
    internal T Use<T>(Func<ReadConnection, T> read)
    {
        var connection = Take() ?? new ReadConnection(file.OpenToRead());
        try
        {
            var result = read(connection);
            if (Keep(connection))
            {
                connection = null;
            }

            return result;
        }
        finally
        {
            connection?.Dispose();
        }
    }

    /// <summary>Closes those that are not in use, and each other one when it is given back.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            while (_kept.TryPop(out var connection))
            {
                connection.Dispose();
            }
        }
    }

    private ReadConnection? Take()
    {
        lock (_lock)
        {
            return _kept.TryPop(out var connection) ? connection : null;
        }
    }

    private bool Keep(ReadConnection connection)
    {
        lock (_lock)
        {
            if (_isClosed || _kept.Count == MaximumKept)
            {
                return false;
            }

            _kept.Push(connection);
            return true;
        }
    }
}
