using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Deployments;

namespace ThinDeployer.Outbox;

/// <summary>
/// Brings what waits in the record to those who should know, each target by a lane of its own, so that a slow one delays nobody
/// else. What is not taken is tried again for a day, over restarts, too.
/// </summary>
/// <param name="feeds">Who has something to tell.</param>
/// <param name="targetOf">The target of a service with this key; null where it is not configured any more.</param>
/// <param name="shutdownGrace">What can be sent at a shutdown is still sent within this time.</param>
internal sealed partial class OutboxSender(
    IEnumerable<IOutboxFeed> feeds,
    Func<OutboxItem, IOutboxTarget?> targetOf,
    TimeSpan shutdownGrace,
    OutboxCounts counts,
    TimeProvider time,
    ILogger<OutboxSender> logger
) : IHostedService, IAsyncDisposable
{
    /// <summary>When the record can't be read or written.</summary>
    private static readonly TimeSpan TryRecordAgain = TimeSpan.FromSeconds(5);

    /// <summary>The kind of a target that is not configured any more.</summary>
    private const string Unknown = "unknown";

    private readonly Lock _lock = new();

    /// <summary>By key; one that has nothing to send is forgotten, so there are no more than targets that are configured.</summary>
    private readonly Dictionary<string, OutboxLane> _lanes = new(StringComparer.Ordinal);

    private readonly IOutboxFeed[] _feeds = [.. feeds];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stop = new();
    private IOutboxRecord? _record;

    /// <inheritdoc cref="IOutboxRecord.Troubles"/>
    internal IReadOnlyList<OutboxTrouble> Troubles => _record?.Troubles() ?? [];

    /// <summary>What waits, in order, each with the kind and the name of its target.</summary>
    /// <param name="services">Null for that of all services.</param>
    /// <param name="limit">At most so many.</param>
    internal IReadOnlyList<(OutboxItem Item, string Kind, string Name)> Waiting(
        IReadOnlyCollection<string>? services,
        int limit
    ) =>
        [
            .. (_record?.Waiting(services, limit) ?? []).Select(item =>
                targetOf(item) is { } target ? (item, target.Kind, target.Name) : (item, Unknown, Unknown)
            ),
        ];

    /// <summary>Never throws: no end stays unsaved because nobody can be told of it.</summary>
    internal IReadOnlyList<OutboxItem> ItemsOf(ChangedDeployment changed)
    {
        try
        {
            return [.. _feeds.SelectMany(feed => feed.ItemsOf(changed))];
        }
#pragma warning disable CA1031 // Whatever it is, the change itself is worth more.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.NotTold(logger, changed.Entry.Id, changed.Entry.Service, exception);
            return [];
        }
    }

    /// <summary>Some that are on disk now, or may go out earlier than was said.</summary>
    /// <param name="items">New ones.</param>
    /// <param name="dropped">Older ones that found no room any more.</param>
    internal void Saved(IReadOnlyList<OutboxItem> items, int dropped)
    {
        if (dropped > 0)
        {
            counts.Drop(items[0].To?.Kind ?? Unknown, dropped);
            Log.Dropped(logger, dropped);
        }

        lock (_lock)
        {
            foreach (var item in items)
            {
                Run(item.Target)?.Target = item.To;
            }

            foreach (var lane in _lanes.Values)
            {
                lane.Wake();
            }
        }
    }

    /// <summary>The record is open: what an earlier program left is sent.</summary>
    internal void Open(IOutboxRecord record)
    {
        var left = record.Targets();
        lock (_lock)
        {
            _record = record;
            foreach (var key in left)
            {
                Run(key);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (_lock)
        {
            if (!_stopping.IsCancellationRequested)
            {
                _stopping.Cancel();
                _stop.CancelAfter(shutdownGrace);
            }

            running = [.. _lanes.Values.Select(lane => lane.Running)];
        }

        await Task.WhenAll(running);
    }

    public async ValueTask DisposeAsync()
    {
        // A host whose start failed never told it to stop.
        await StopAsync(CancellationToken.None);
        _stop.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Within the lock. Null where nothing is sent any more.</summary>
    private OutboxLane? Run(string key)
    {
        if (_record is not { } record || _stop.IsCancellationRequested)
        {
            return null;
        }

        if (!_lanes.TryGetValue(key, out var lane))
        {
            lane = new OutboxLane(key);
            _lanes.Add(key, lane);
            lane.Running = Task.Run(() => RunAsync(lane, record), CancellationToken.None);
        }

        return lane;
    }

    private async Task RunAsync(OutboxLane lane, IOutboxRecord record)
    {
        using var ending = lane;
        while (!_stop.IsCancellationRequested)
        {
            var woken = lane.Rearm(_stopping.Token);
            TimeSpan pause;
            try
            {
                var item = record.First(lane.Key, time.GetUtcNow());
                if (item is null)
                {
                    if (TryEnd(lane))
                    {
                        return;
                    }

                    continue;
                }

                var due = item.NotBefore > item.NextAt ? item.NotBefore : item.NextAt;
                pause = due - time.GetUtcNow();
                if (pause <= TimeSpan.Zero)
                {
                    await SendAsync(lane, record, item);
                    continue;
                }
            }
            catch (RecordUnavailableException)
            {
                // The record says so itself.
                pause = TryRecordAgain;
            }

            if (_stopping.IsCancellationRequested)
            {
                // It stays on disk for the next start.
                break;
            }

            await Task.Delay(pause, time, woken).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        lock (_lock)
        {
            _lanes.Remove(lane.Key);
        }
    }

    private bool TryEnd(OutboxLane lane)
    {
        lock (_lock)
        {
            return !lane.IsWoken && _lanes.Remove(lane.Key);
        }
    }

    private async Task SendAsync(OutboxLane lane, IOutboxRecord record, OutboxItem item)
    {
        var target = targetOf(item) ?? lane.Target;
        var receipt = await TryAsync(target, item);
        if (receipt is Receipt.Later later && Next(item, later) is { } next)
        {
            if (lane.IsNews(later.Why))
            {
                Log.Later(logger, item.Service, target!.Name, later.Why);
            }

            await record.PutOffAsync(next);
        }
        else if (receipt is not null)
        {
            var (kind, name) = (target?.Kind ?? Unknown, target?.Name ?? Unknown);
            var why = WhyNever(receipt);
            Tell(lane, kind, name, item.Service, why);
            var now = time.GetUtcNow();
            await RemoveAsync(
                why is null
                    ? () => record.TakeAsync(item, now)
                    : () => record.GiveUpAsync(item, new OutboxTrouble(kind, name, item.Service, why, now))
            );
        }
    }

    /// <summary>Null where the server ends: whether it was taken is not known, and the next start tries again.</summary>
    private async Task<Receipt?> TryAsync(IOutboxTarget? target, OutboxItem item)
    {
        try
        {
            return target is null
                ? new Receipt.Refused("it is not configured any more")
                : await target.SendAsync(item, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // One message that can't be sent must not end the sending of all others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new Receipt.Refused(exception.GetType().Name);
        }
    }

    /// <summary>Null where it has been tried long enough.</summary>
    private OutboxItem? Next(OutboxItem item, Receipt.Later later)
    {
        var attempts = item.Attempts + 1;
        var at = time.GetUtcNow() + Backoff.After(attempts, later.After);
        return at < item.CreatedAt + Backoff.Patience
            ? item with
            {
                Attempts = attempts,
                NextAt = at,
                Trouble = later.Why,
            }
            : null;
    }

    /// <summary>Null for one that was taken.</summary>
    private static string? WhyNever(Receipt receipt) =>
        receipt switch
        {
            Receipt.Refused refused => refused.Why,
            Receipt.Later later => $"{later.Why}, for a day",
            _ => null,
        };

    private void Tell(OutboxLane lane, string kind, string name, string service, string? why)
    {
        if (why is null)
        {
            counts.Send(kind);
        }
        else
        {
            counts.Fail(kind);
        }

        if (!lane.IsNews(why))
        {
            return;
        }

        if (why is null)
        {
            Log.Again(logger, name);
        }
        else
        {
            Log.Failed(logger, service, name, why);
        }
    }

    /// <summary>As long as it can't be removed, nothing else is sent: it would be sent again.</summary>
    private async Task RemoveAsync(Func<Task> remove)
    {
        while (true)
        {
            try
            {
                await remove();
                return;
            }
            catch (RecordUnavailableException) when (!_stopping.IsCancellationRequested)
            {
                await Task.Delay(TryRecordAgain, time, _stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The notification of {Service} to {Target} failed: {Reason}")]
        internal static partial void Failed(ILogger logger, string service, string target, string reason);

        [LoggerMessage(
            LogLevel.Warning,
            "The notification of {Service} to {Target} failed: {Reason}; it is tried again for a day"
        )]
        internal static partial void Later(ILogger logger, string service, string target, string reason);

        [LoggerMessage(LogLevel.Information, "Notifications reach {Target} again")]
        internal static partial void Again(ILogger logger, string target);

        [LoggerMessage(
            LogLevel.Warning,
            "{Count} notifications were dropped, because too many waited for their target already"
        )]
        internal static partial void Dropped(ILogger logger, int count);

        [LoggerMessage(LogLevel.Error, "Nobody is told of deployment {Id} of {Service}")]
        internal static partial void NotTold(ILogger logger, string id, string service, Exception exception);
    }
}

/// <summary>Why something never reached its target.</summary>
internal sealed record OutboxTrouble(string Kind, string Name, string Service, string Why, DateTimeOffset At);
