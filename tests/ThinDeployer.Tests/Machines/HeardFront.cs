using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Machines;

/// <summary>What a front has heard of a machine, taken as a front must: what it has is dropped, and nothing may be missing.</summary>
internal sealed class HeardFront(MachineKeys keys)
{
    private readonly Lock _lock = new();
    private readonly List<OrderState> _states = [];
    private readonly List<OrderProgress> _progress = [];
    private readonly Dictionary<string, HeardOrder> _orders = new(StringComparer.Ordinal);
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal IReadOnlyList<OrderState> States
    {
        get
        {
            lock (_lock)
            {
                return [.. _states];
            }
        }
    }

    /// <summary>As they came, also those that were dropped.</summary>
    internal IReadOnlyList<OrderProgress> Progress
    {
        get
        {
            lock (_lock)
            {
                return [.. _progress];
            }
        }
    }

    internal HeardOrder Of(string id)
    {
        lock (_lock)
        {
            return _orders.GetValueOrDefault(id) ?? new HeardOrder();
        }
    }

    internal void Hear(Envelope envelope)
    {
        var message = keys.Reports.Open(envelope);
        Assert.NotNull(message);
        lock (_lock)
        {
            if (message.State is { } state)
            {
                _states.Add(state);
            }

            if (message.Progress is { } progress)
            {
                _progress.Add(progress);
                _orders[progress.Order] = (_orders.GetValueOrDefault(progress.Order) ?? new HeardOrder()).With(
                    progress
                );
            }

            var before = _news;
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            before.SetResult();
        }
    }

    internal async Task<ReportedEnd> EndOfAsync(string id)
    {
        await UntilAsync(() => Of(id).End is not null);
        return Of(id).End!;
    }

    internal async Task<OrderState> StateOfAsync(string id, string status)
    {
        await UntilAsync(() => States.Any(Is));
        return States.First(Is);

        bool Is(OrderState state) => state.Order == id && state.Status == status;
    }

    /// <summary>Asks again until the answer is this: what is on its way is not told yet.</summary>
    internal async Task ToldAsync(string id, Func<Task> ask, string status)
    {
        bool isSo;
        do
        {
            var before = CountOf();
            await ask();
            await UntilAsync(() => CountOf() > before);
            isSo = States.Last(state => state.Order == id).Status == status;
        } while (!isSo);

        int CountOf() => States.Count(state => state.Order == id);
    }

    internal async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        while (true)
        {
            Task news;
            lock (_lock)
            {
                news = _news.Task;
            }

            if (isSo())
            {
                return;
            }

            await news.WaitAsync(limit.Token);
        }
    }
}

/// <summary>What was heard of one order.</summary>
internal sealed record HeardOrder
{
    internal long Position { get; private init; }

    internal int Marks { get; private init; }

    internal IReadOnlyList<ReadOnlyMemory<byte>> Pieces { get; private init; } = [];

    internal IReadOnlyList<ReportedStep> Steps { get; private init; } = [];

    internal ReportedEnd? End { get; private init; }

    internal byte[] Output => [.. Pieces.SelectMany(piece => piece.ToArray())];

    internal HeardOrder With(OrderProgress next)
    {
        if ((next.To, next.ToMarks).CompareTo((Position, Marks)) < 0 || End is not null)
        {
            return this;
        }

        if (next.End is null && (next.To, next.ToMarks) == (Position, Marks))
        {
            return this;
        }

        Assert.Equal((Position, Marks), (next.From, next.FromMarks));
        return this with
        {
            Position = next.To,
            Marks = next.ToMarks,
            Pieces = next.Output is { } output ? [.. Pieces, output] : Pieces,
            Steps = next.Step is { } step ? [.. Steps, step] : Steps,
            End = next.End,
        };
    }
}
