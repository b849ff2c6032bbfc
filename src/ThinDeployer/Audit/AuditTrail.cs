using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Deployments;

namespace ThinDeployer.Audit;

/// <summary>
/// Who did what, for who must know it later. Nobody waits for it: entries are gathered, and saved together by a task of their own.
/// </summary>
internal sealed partial class AuditTrail(TimeProvider time, ILogger<AuditTrail> logger) : BackgroundService
{
    /// <summary>What is older is forgotten.</summary>
    internal static readonly TimeSpan KeptFor = TimeSpan.FromDays(400);

    /// <summary>Entries that are kept; the oldest make room.</summary>
    internal const int MostKept = 100_000;

    /// <summary>Entries that wait for the disk; what comes beyond is counted.</summary>
    internal const int MostWaiting = 10_000;

    /// <summary>Entries in one transaction.</summary>
    private const int MostAtOnce = 500;

    /// <summary>So much of it a crash may lose.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);

    /// <summary>While the record is closed, or can't be written.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset At, AuditEntry Entry)> _waiting = new();

    /// <summary>Has no handle, so it needs no end: who closes the record saves what is left, after all else was disposed of.</summary>
    private readonly SemaphoreSlim _saving = new(1);

    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private volatile IAuditRecord? _record;
    private long _lost;

    /// <summary>Notes it. Never waits and never fails.</summary>
    internal void Note(AuditEntry entry)
    {
        lock (_lock)
        {
            if (_waiting.Count >= MostWaiting)
            {
                _lost++;
                return;
            }

            _waiting.Enqueue((time.GetUtcNow(), entry.Bounded()));
        }

        _wishes.Writer.TryWrite(true);
    }

    /// <summary>From now on, there is where to save it.</summary>
    internal void Open(IAuditRecord record)
    {
        _record = record;
        _wishes.Writer.TryWrite(true);
    }

    /// <summary>Newest first; what has just happened may be missing.</summary>
    /// <exception cref="RecordUnavailableException">It can't be read.</exception>
    internal IReadOnlyList<KeptAuditEntry> List(AuditFilter filter) => _record?.List(filter) ?? [];

    /// <summary>Saves what waits. Never throws.</summary>
    /// <returns>Whether that was possible.</returns>
    internal async Task<bool> FlushAsync()
    {
        await _saving.WaitAsync();
        try
        {
            while (Next() is { Count: > 0 } entries)
            {
                if (_record is not { } record || !await SaveAsync(record, entries))
                {
                    return false;
                }

                Saved(entries.Count);
            }

            return true;
        }
        finally
        {
            _saving.Release();
        }
    }

    private async Task<bool> SaveAsync(IAuditRecord record, List<(DateTimeOffset At, AuditEntry Entry)> entries)
    {
        try
        {
            await record.AddAsync(entries, time.GetUtcNow() - KeptFor, MostKept);
            return true;
        }
        catch (RecordUnavailableException)
        {
            // The record says so itself.
            return false;
        }
#pragma warning disable CA1031 // Whatever it is, it must not come again and again for the same entries.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(logger, exception);
            return true;
        }
    }

    /// <summary>Never throws: an exception would end the program.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _wishes.Reader.ReadAsync(stoppingToken))
            {
                await Task.Delay(Gather, time, stoppingToken);
                while (!await FlushAsync())
                {
                    await Task.Delay(TryAgain, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Who closes the record saves what is left.
        }
    }

    /// <summary>They stay until they are saved.</summary>
    private List<(DateTimeOffset At, AuditEntry Entry)> Next()
    {
        lock (_lock)
        {
            if (_lost > 0 && _waiting.Count < MostWaiting)
            {
                var reason = string.Create(CultureInfo.InvariantCulture, $"{_lost} entries could not be kept");
                _waiting.Enqueue(
                    (time.GetUtcNow(), new AuditEntry(AuditAction.Lost, AuditResult.Failed) { Reason = reason })
                );
                _lost = 0;
            }

            return [.. _waiting.Take(MostAtOnce)];
        }
    }

    private void Saved(int count)
    {
        lock (_lock)
        {
            for (; count > 0; count--)
            {
                _waiting.Dequeue();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Entries of the audit were lost")]
        internal static partial void Faulted(ILogger logger, Exception exception);
    }
}
