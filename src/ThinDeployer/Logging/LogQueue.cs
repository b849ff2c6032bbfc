namespace ThinDeployer.Logging;

/// <summary>
/// The entries that wait to be written to one place. Who adds one never waits: where there is no room left, it is lost,
/// and counted. Requests find no room before what an operator must not lose does.
/// </summary>
internal sealed class LogQueue(TimeProvider time) : IDisposable
{
    /// <summary>Entries: some megabytes at most, because what strangers choose is cut.</summary>
    internal const int Room = 4 * 1024;
    internal const int RoomForFirsts = 3 * 1024;
    internal const int RoomForRequests = 2 * 1024;

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _news = new(initialState: false);
    private List<LogEntry> _waiting = new(16);
    private int _unwritten;
    private bool _isClosed;
    private long _untold;
    private long _lost;
    private long _lostAt;

    /// <summary>Entries that were lost so far, and how long ago the last one was.</summary>
    internal (long Count, TimeSpan Ago) Lost
    {
        get
        {
            lock (_lock)
            {
                return (_lost, time.GetElapsedTime(_lostAt));
            }
        }
    }

    internal void Add(LogEntry entry)
    {
        bool isFirst;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            isFirst = _waiting.Count == 0 && _untold == 0;
            if (_unwritten >= entry.Room)
            {
                Lose(1);
            }
            else
            {
                _waiting.Add(entry);
                _unwritten++;
            }
        }

        if (isFirst)
        {
            _news.Set();
        }
    }

    /// <summary>Takes no more. What waits can still be taken.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        _news.Set();
    }

    /// <summary>Comes back when there is something to take, or nothing will come any more.</summary>
    internal void WaitForNews() => _news.WaitOne();

    /// <summary>Takes all. They count as waiting until they are <see cref="Written"/>.</summary>
    /// <returns>Null when nothing will come any more; and how many were lost since the last time.</returns>
    internal (List<LogEntry>? Entries, long Lost) Take()
    {
        lock (_lock)
        {
            var (entries, lost) = (_waiting, _untold);
            _untold = 0;
            if (_isClosed && entries.Count == 0 && lost == 0)
            {
                return (null, 0);
            }

            _waiting = new(16);
            return (entries, lost);
        }
    }

    internal void Written(int count)
    {
        lock (_lock)
        {
            _unwritten -= count;
        }
    }

    /// <summary>Counts what was taken and could not be written.</summary>
    internal void Lose(int count)
    {
        lock (_lock)
        {
            _untold += count;
            _lost += count;
            _lostAt = time.GetTimestamp();
        }
    }

    public void Dispose() => _news.Dispose();
}
