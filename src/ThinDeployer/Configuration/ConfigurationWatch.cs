using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Audit;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>
/// Looks again and again at what the configuration was read from. What changes is read when two looks in a row found the
/// same, so that no file is read while it is being written.
/// </summary>
internal sealed partial class ConfigurationWatch(
    ConfigurationSettings settings,
    CurrentConfiguration current,
    AuditTrail audit,
    TimeProvider time,
    ILogger<ConfigurationWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _wish = new(0);
    private Action<bool>? _told;
    private long _goodAt = current.Snapshot.IsUsable ? time.GetUtcNow().UtcTicks : 0;
    private long _refused;

    /// <summary>When it was read last and had no mistakes; null where that never was.</summary>
    internal DateTimeOffset? GoodAt =>
        Interlocked.Read(ref _goodAt) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>How often it was read again and had mistakes.</summary>
    internal long Refused => Interlocked.Read(ref _refused);

    /// <summary>Reads the configuration now, whatever was seen of it.</summary>
    internal void ReloadNow() => _wish.Release();

    /// <summary>
    /// Calls back each time after it was read again, with mistakes or without; true where <see cref="ReloadNow"/> asked for it.
    /// </summary>
    internal void OnRead(Action<bool> told) => _told += told;

    public override void Dispose()
    {
        _wish.Dispose();
        base.Dispose();
    }

    /// <summary>Never throws: an exception would end the program.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Warn(settings.Warnings.Concat(current.Snapshot.Warnings));
        var known = current.Snapshot.Sources;
        var last = known;
        var isWanted = false;
        var isToldOfDescriptors = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                isWanted |= await _wish.WaitAsync(Pause, stoppingToken);
                var now = known.Now();
                if (isWanted || (!now.IsSameAs(known) && now.IsSameAs(last)))
                {
                    known = Reload(isWanted);
                    last = known;
                    _told?.Invoke(isWanted);
                    isWanted = false;
                }
                else
                {
                    last = now;
                }

                isToldOfDescriptors = false;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (IOException exception) when (OutOfDescriptors.IsCause(exception))
            {
                if (!isToldOfDescriptors)
                {
                    Log.NoDescriptor(logger, exception.Message);
                    isToldOfDescriptors = true;
                }
            }
#pragma warning disable CA1031 // Whatever it is, what counts stays, and the next look may be better.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.Faulted(logger, exception);
                await Task.Delay(Pause, time, CancellationToken.None);
            }
        }
    }

    private Sources Reload(bool isWanted)
    {
        var before = current.Snapshot;
        var next = LoadedConfiguration.Load(settings, time).Snapshot;
        if (!next.IsUsable)
        {
            current.Refuse(next);
            Interlocked.Increment(ref _refused);
            Log.Refused(logger, string.Join("; ", next.Mistakes));
            Note(isWanted, AuditResult.Refused, Counted.Of(next.Mistakes.Count, "mistake"));
            return next.Sources;
        }

        Interlocked.Exchange(ref _goodAt, time.GetUtcNow().UtcTicks);
        if (before.IsUsable && before.Sources.IsSameAs(next.Sources))
        {
            current.Confirm();
            if (isWanted)
            {
                Log.Same(logger);
                Note(isWanted, AuditResult.Accepted, "nothing has changed");
            }

            return next.Sources;
        }

        var difference = Difference(before, next);
        current.Replace(next);
        Log.Reloaded(logger, difference);
        Note(isWanted, AuditResult.Accepted, difference);
        Warn(next.Warnings.Except(before.Warnings, StringComparer.Ordinal));
        return next.Sources;
    }

    /// <summary>The files were changed, or a signal wants it; whose hand that was is not known.</summary>
    private void Note(bool isWanted, string result, string reason) =>
        audit.Note(new AuditEntry(AuditAction.Reload, result) { Who = isWanted ? "signal" : "files", Reason = reason });

    private void Warn(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            Log.Warning(logger, warning);
        }
    }

    private static string Difference(ConfigurationSnapshot before, ConfigurationSnapshot after)
    {
        var old = before.IsUsable ? before.Services.Keys : [];
        var added = after.Services.Keys.Except(old, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var removed = old.Except(after.Services.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        string[] parts =
        [
            Counted.Of(after.Services.Count, "service"),
            .. added.Select(name => $"added {name}"),
            .. removed.Select(name => $"removed {name}"),
        ];
        return string.Join(", ", parts);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The configuration was reloaded: {Difference}")]
        internal static partial void Reloaded(ILogger logger, string difference);

        [LoggerMessage(LogLevel.Information, "The configuration has not changed")]
        internal static partial void Same(ILogger logger);

        [LoggerMessage(LogLevel.Error, "The configuration has mistakes, so the last good one stays: {Mistakes}")]
        internal static partial void Refused(ILogger logger, string mistakes);

        [LoggerMessage(LogLevel.Warning, "{Warning}")]
        internal static partial void Warning(ILogger logger, string warning);

        [LoggerMessage(
            LogLevel.Warning,
            "The configuration can't be looked at now, so it stays as it is ({Reason}); tried again each second"
        )]
        internal static partial void NoDescriptor(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "The configuration can't be looked at")]
        internal static partial void Faulted(ILogger logger, Exception exception);
    }
}
