using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ThinDeployer.Deployments;
using ThinDeployer.Output;

namespace ThinDeployer.Machines;

/// <summary>
/// Tells the front how its orders stand, and all that their deployments print, until it has the end of each. The record and the
/// files of the output are what it sends from: nothing waits in memory but one piece of each, and after a crash it goes on where
/// the front has it.
/// </summary>
/// <param name="machine">The name of this one.</param>
internal sealed partial class OrderReporter(
    string machine,
    EngineRoom room,
    OrderBook book,
    AgentLink link,
    TimeProvider time,
    ILogger<OrderReporter> logger
) : IDeploymentListener
{
    /// <summary>Orders whose output is on its way at once; what others print waits on disk.</summary>
    internal const int MostAtOnce = 16;

    /// <summary>Orders that wait to be told of; the front asks again for what is beyond.</summary>
    private const int MostToTell = 10_000;

    /// <summary>Between what is not a whole piece and the next, so that many lines are one.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it is saved what the front has: a crash sends so much again.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    /// <summary>While the record can't be used.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    /// <summary>How long it is known that an order was there, after it can't come again.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    /// <summary>Those whose deployment has begun, and whose end the front does not have; each comes when it has ended here.</summary>
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _begun = new(StringComparer.Ordinal);

    /// <summary>Of <see cref="_begun"/>, those that wait. No more than deployments that run, or that the record keeps.</summary>
    private readonly Channel<string> _ready = Channel.CreateUnbounded<string>();

    private readonly OwnedTasks _reports = new();

    private readonly Channel<string> _toTell = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostToTell) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Accepted(Deployment deployment, int? queuedAhead)
    {
        if (IsOfOrder(deployment.Accepted))
        {
            Tell(deployment.Id);
        }
    }

    public void Began(Deployment deployment)
    {
        if (IsOfOrder(deployment.Accepted))
        {
            Begin(deployment.Id);
        }
    }

    public void Ended(Deployment deployment, DeploymentResult result)
    {
        if (IsOfOrder(result.Entry))
        {
            Begin(deployment.Id).TrySetResult();
        }
    }

    /// <summary>Tells, soon, how an order stands.</summary>
    internal void Tell(string id) => _toTell.Writer.TryWrite(id);

    /// <summary>Comes when nothing is on its way any more that began to be told.</summary>
    internal Task SettledAsync() => _reports.AllDoneAsync();

    /// <summary>Works until <paramref name="stop"/>. Throws nothing else.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        await TryUntilDoneAsync(
            () =>
            {
                TakeUp();
                return Task.FromResult(true);
            },
            stop
        );
        await Task.WhenAll(TellAllAsync(stop), ReportAllAsync(stop));
    }

    /// <summary>What an earlier run of the program has left.</summary>
    private void TakeUp()
    {
        foreach (var order in book.Record!.Unreported())
        {
            if (order.Refusal is null && room.Open!.Desk.Find(order.Id) is not { StartedAt: null, Status: var status })
            {
                Begin(order.Id);
            }
            else
            {
                Tell(order.Id);
            }
        }
    }

    private TaskCompletionSource Begin(string id)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var known = _begun.GetOrAdd(id, ended);
        if (known == ended)
        {
            _ready.Writer.TryWrite(id);
        }

        return known;
    }

    private async Task TellAllAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var id = await _toTell.Reader.ReadAsync(stop);
                await TryUntilDoneAsync(() => TellAsync(id, stop), stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The next start tells it.
        }
    }

    private async Task<bool> TellAsync(string id, CancellationToken stop)
    {
        await link.SendAsync(new Message { State = StateOf(id) }, stop);
        if (book.Record!.Find(id) is { Refusal: not null, IsReported: false } refused)
        {
            await SaveAsync(refused with { IsReported = true });
        }

        return true;
    }

    /// <summary>
    /// How an order stands. What has ended here, and is still on its way, goes on for the front: its end comes behind its output.
    /// </summary>
    private OrderState StateOf(string id)
    {
        var seen = book.Record!.Find(id);
        if (seen?.Refusal is { } refusal)
        {
            return new OrderState(machine, id, refusal, StartedAt: null, seen.Reason);
        }

        if (room.Open!.Desk.Find(id) is not { } entry)
        {
            // One that was taken, and is forgotten, did happen.
            var lost = seen is null ? "unknown" : DeploymentStatus.Interrupted.Name();
            return new OrderState(machine, id, lost, StartedAt: null, Reason: null);
        }

        var status =
            !entry.Status.IsEnd() || seen is not { IsReported: false } ? entry.Status
            : entry.StartedAt is null ? DeploymentStatus.Queued
            : DeploymentStatus.Running;
        return new OrderState(machine, id, status.Name(), entry.StartedAt?.ToUnixTimeMilliseconds(), Reason: null);
    }

    private async Task ReportAllAsync(CancellationToken stop)
    {
        using var slots = new SemaphoreSlim(MostAtOnce);
        try
        {
            while (true)
            {
                await slots.WaitAsync(stop);
                var id = await _ready.Reader.ReadAsync(stop);
                _reports.Add(ReportAsync(id, slots, stop));
            }
        }
        catch (OperationCanceledException)
        {
            // What is not reported stays so on disk.
        }

        await _reports.AllDoneAsync();
    }

    private async Task ReportAsync(string id, SemaphoreSlim slots, CancellationToken stop)
    {
        try
        {
            await TryUntilDoneAsync(() => ReportAsync(id, stop), stop);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _begun.TryRemove(id, out _);
        slots.Release();
    }

    /// <returns>Whether nothing is left to be told.</returns>
    private async Task<bool> ReportAsync(string id, CancellationToken stop)
    {
        if (book.Record!.Find(id) is not { Refusal: null, IsReported: false } order)
        {
            return true;
        }

        var desk = room.Open!.Desk;
        if (desk.Find(id) is not { } entry)
        {
            Log.Forgotten(logger, id);
            await link.SendAsync(new Message { State = StateOf(id) }, stop);
            await SaveAsync(order with { IsReported = true });
            return true;
        }

        using var hold = desk.HoldOutput(id);
        if (desk.Follow(entry) is not { } output)
        {
            return false;
        }

        await link.SendAsync(new Message { State = StateOf(id) }, stop);
        return await FollowAsync(order, output, stop);
    }

    private async Task<bool> FollowAsync(SeenOrder order, FollowedOutput output, CancellationToken stop)
    {
        using var follower = new OutputFollower(
            output,
            new OutputPlace(order.Position, order.Marks),
            wholeCharacters: false,
            time,
            OrderProgress.LargestPiece
        );
        var saved = time.GetTimestamp();
        try
        {
            // Where the program ends before the deployment, the next start goes on.
            while (await follower.NextAsync(Timeout.InfiniteTimeSpan, stop) is not FollowedEvent.Broken and var next)
            {
                var progress = ProgressOf(order, next);
                await link.SendAsync(new Message { Progress = progress }, stop);
                order = order with { Position = progress.To, Marks = progress.ToMarks };
                if (progress.End is not null)
                {
                    await SaveAsync(order with { IsReported = true });
                    return true;
                }

                if (time.GetElapsedTime(saved) >= SaveEvery)
                {
                    await SaveAsync(order);
                    saved = time.GetTimestamp();
                }

                if (progress.Output is { Length: < OrderProgress.LargestPiece } && output.End is null)
                {
                    await Task.WhenAny(EndOf(order.Id), Task.Delay(Gather, time, stop));
                }
            }
        }
        catch (OperationCanceledException)
        {
            await SaveAsync(order);
            throw;
        }

        return false;
    }

    private Task EndOf(string id) => _begun.TryGetValue(id, out var ended) ? ended.Task : Task.CompletedTask;

    private OrderProgress ProgressOf(SeenOrder order, FollowedEvent next)
    {
        var here = new OrderProgress(machine, order.Id, order.Position, order.Marks, order.Position, order.Marks);
        return next switch
        {
            FollowedEvent.Piece(var bytes, var place) => here with { To = place.Position, Output = bytes.ToArray() },
            FollowedEvent.Step(var step, var place) => here with
            {
                ToMarks = place.Marks ?? order.Marks,
                Step = Reports.Of(step),
            },
            FollowedEvent.End(var entry) => here with { End = Reports.Of(entry) },
            _ => throw new InvalidOperationException($"A follower of an output met {next.GetType().Name}."),
        };
    }

    private Task SaveAsync(SeenOrder order) => book.Record!.SaveReportedAsync(order, time.GetUtcNow() - Remembered);

    /// <summary>Tries until it is done, or until <paramref name="stop"/>.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    private async Task TryUntilDoneAsync(Func<Task<bool>> work, CancellationToken stop)
    {
        while (!await TryAsync(work, stop))
        {
            await Task.Delay(TryAgain, time, stop);
        }
    }

    private async Task<bool> TryAsync(Func<Task<bool>> work, CancellationToken stop)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (RecordUnavailableException)
        {
            // The record says so itself.
            return false;
        }
#pragma warning disable CA1031 // Whatever it is, the next attempt may be better.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(logger, exception);
            return false;
        }
    }

    private static bool IsOfOrder(DeploymentEntry entry) => entry.Trigger.Method is OrderTaker.Method;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "What an order did can't be told to the front")]
        internal static partial void Faulted(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "The deployment of order {Id} is forgotten before the front had its end")]
        internal static partial void Forgotten(ILogger logger, string id);
    }
}
