namespace ThinDeployer.Otlp;

/// <summary>Spans that wait. It never blocks: what finds no room is dropped.</summary>
/// <param name="batchTime">How long spans wait for others to come along.</param>
internal sealed class SpanQueue(TimeSpan batchTime, TimeProvider time)
{
    /// <summary>Spans in one request, unless a single deployment has more.</summary>
    internal const int BatchSize = 512;

    internal const int MaximumSpans = 2048;

    internal const long MaximumBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<EndedSpans> _waiting = new();
    private int _spans;
    private long _bytes;

    /// <summary>Comes when there is something.</summary>
    private TaskCompletionSource _any = New();

    /// <summary>Comes when there is enough for a request.</summary>
    private TaskCompletionSource _enough = New();

    /// <summary>False where they are dropped. A single deployment of any size has room in an empty queue.</summary>
    internal bool TryAdd(EndedSpans spans)
    {
        lock (_lock)
        {
            if (_waiting.Count > 0 && (_spans + spans.Count > MaximumSpans || _bytes + spans.Bytes > MaximumBytes))
            {
                return false;
            }

            _waiting.Enqueue(spans);
            _spans += spans.Count;
            _bytes += spans.Bytes;
            _any.TrySetResult();
            if (_spans >= BatchSize)
            {
                _enough.TrySetResult();
            }

            return true;
        }
    }

    /// <summary>Waits for a batch; empty when there is none and the wait is over.</summary>
    /// <param name="hurry">Cancelled when nothing is waited for any more.</param>
    internal async Task<IReadOnlyList<EndedSpans>> TakeAsync(CancellationToken hurry)
    {
        var (any, enough) = Signals();
        await WaitAsync(any, Timeout.InfiniteTimeSpan, hurry);
        await WaitAsync(enough, batchTime, hurry);
        return Take();
    }

    private (Task Any, Task Enough) Signals()
    {
        lock (_lock)
        {
            return (_any.Task, _enough.Task);
        }
    }

    private async Task WaitAsync(Task signal, TimeSpan limit, CancellationToken hurry)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        await Task.WhenAny(signal, Task.Delay(limit, time, end.Token));
        await end.CancelAsync();
    }

    private List<EndedSpans> Take()
    {
        lock (_lock)
        {
            var batch = new List<EndedSpans>();
            var count = 0;
            while (_waiting.TryPeek(out var next) && (count == 0 || count + next.Count <= BatchSize))
            {
                batch.Add(_waiting.Dequeue());
                count += next.Count;
                _spans -= next.Count;
                _bytes -= next.Bytes;
            }

            _any = _waiting.Count > 0 ? _any : Renewed(_any);
            _enough = _spans >= BatchSize ? _enough : Renewed(_enough);
            return batch;
        }
    }

    private static TaskCompletionSource Renewed(TaskCompletionSource signal) =>
        signal.Task.IsCompleted ? New() : signal;

    /// <summary>Who adds must not go on as who sends.</summary>
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
