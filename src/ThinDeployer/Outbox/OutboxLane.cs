namespace ThinDeployer.Outbox;

/// <summary>What goes to one target, one after the other. Its owner's lock guards waking; the rest is its task's own.</summary>
internal sealed class OutboxLane(string key) : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _wake;
    private bool _isWoken;
    private string? _told;

    internal string Key => key;

    internal Task Running { get; set; } = Task.CompletedTask;

    /// <summary>As it was when something was saved for it last; null where that was in an earlier program.</summary>
    internal IOutboxTarget? Target { get; set; }

    /// <summary>Whether it was since the last time that it looked.</summary>
    internal bool IsWoken
    {
        get
        {
            lock (_lock)
            {
                return _isWoken;
            }
        }
    }

    /// <summary>Before it looks for what there is: what comes later wakes it.</summary>
    internal CancellationToken Rearm(CancellationToken stopping)
    {
        lock (_lock)
        {
            _wake?.Dispose();
            _wake = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _isWoken = false;
            return _wake.Token;
        }
    }

    internal void Wake()
    {
        lock (_lock)
        {
            _isWoken = true;
            _wake?.Cancel();
        }
    }

    /// <summary>Whether people don't know this trouble yet: each is told once, until another one comes or it is over.</summary>
    internal bool IsNews(string? trouble)
    {
        var isNews = trouble != _told;
        _told = trouble;
        return isNews;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _wake?.Dispose();
            _wake = null;
        }
    }
}
