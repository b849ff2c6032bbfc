using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>Connections that read, each lent to one reader at a time and then kept for the next.</summary>
internal sealed class ReadConnections(RecordFile file)
{
    /// <summary>Each holds some pages of the file in memory, and so many at once are rarely in use.</summary>
    private const int MaximumKept = 8;

    private readonly Lock _lock = new();
    private readonly Stack<ReadConnection> _kept = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lent;
    private bool _isClosing;

    /// <summary>One that met a fault is not kept.</summary>
    /// <exception cref="RecordUnavailableException">They are closed.</exception>
    internal T Use<T>(Func<ReadConnection, T> read)
    {
        var connection = Borrow();
        try
        {
            connection ??= new ReadConnection(file.OpenToRead());
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
            GiveBack();
        }
    }

    /// <summary>Closes all, those in use when they are given back. None is opened after that.</summary>
    internal Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosing = true;
            while (_kept.TryPop(out var connection))
            {
                connection.Dispose();
            }

            TellIfClosed();
        }

        return _closed.Task;
    }

    /// <summary>Null where a new one must be opened.</summary>
    private ReadConnection? Borrow()
    {
        lock (_lock)
        {
            if (_isClosing)
            {
                throw RecordUnavailableException.Closed();
            }

            _lent++;
            return _kept.TryPop(out var connection) ? connection : null;
        }
    }

    private bool Keep(ReadConnection connection)
    {
        lock (_lock)
        {
            if (_isClosing || _kept.Count == MaximumKept)
            {
                return false;
            }

            _kept.Push(connection);
            return true;
        }
    }

    private void GiveBack()
    {
        lock (_lock)
        {
            _lent--;
            TellIfClosed();
        }
    }

    private void TellIfClosed()
    {
        if (_isClosing && _lent == 0)
        {
            _closed.TrySetResult();
        }
    }
}
