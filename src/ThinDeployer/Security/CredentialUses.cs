using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace ThinDeployer.Security;

/// <summary>
/// When each credential let somebody in last. It is noted in memory, and kept once a minute: no request waits for it, and none fails by
/// it. A crash loses the last minute.
/// </summary>
internal sealed class CredentialUses(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Services and credentials that are known; what is beyond is not noted.</summary>
    private const int Maximum = 20_000;

    private readonly ConcurrentDictionary<(string Service, string Name), DateTimeOffset> _last = new();
    private readonly ConcurrentDictionary<(string Service, string Name), bool> _unsaved = new();
    private readonly PeriodicTimer _timer = new(Pause, time);
    private ICredentialUseRecord? _record;

    /// <summary>Null where it never did, as far as is known.</summary>
    /// <param name="service">The service.</param>
    /// <param name="name">As <see cref="Admission.Credential"/> has it.</param>
    internal DateTimeOffset? LastOf(string service, string name) =>
        _last.TryGetValue((service, name), out var at) ? at : null;

    internal void Note(Admission admission)
    {
        var key = (admission.Service, admission.Credential);
        if (_last.ContainsKey(key) || _last.Count < Maximum)
        {
            _last[key] = time.GetUtcNow();
            _unsaved[key] = true;
        }
    }

    /// <summary>Reads what was kept before, and keeps all from now on.</summary>
    internal void Open(ICredentialUseRecord record)
    {
        _record = record;
        try
        {
            foreach (var use in record.Uses(Maximum))
            {
                _last.TryAdd((use.Service, use.Name), use.At);
            }
        }
#pragma warning disable CA1031 // It is not worth keeping a server from starting; a record with a fault tells of it itself.
        catch (Exception)
#pragma warning restore CA1031
        {
            // What can't be read is not known.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync();
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(stoppingToken))
            {
                await SaveAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // What came last is saved by who stops it.
        }
    }

    private async Task SaveAsync()
    {
        if (_record is not { } record || _unsaved.IsEmpty)
        {
            return;
        }

        var keys = _unsaved.Keys.ToList();
        keys.ForEach(key => _unsaved.TryRemove(key, out _));
        try
        {
            await record.SaveAsync([.. keys.Select(key => new CredentialUse(key.Service, key.Name, _last[key]))]);
        }
#pragma warning disable CA1031 // The record tells of its trouble itself; a minute later this is tried again.
        catch (Exception)
#pragma warning restore CA1031
        {
            keys.ForEach(key => _unsaved.TryAdd(key, true));
        }
    }
}

/// <summary>That a credential let somebody in.</summary>
/// <param name="Name">As <see cref="Admission.Credential"/> has it.</param>
internal sealed record CredentialUse(string Service, string Name, DateTimeOffset At);

/// <summary>The last uses, on disk.</summary>
internal interface ICredentialUseRecord
{
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<CredentialUse> Uses(int limit);

    /// <summary>Those that are kept already get their new time. Fails where the record can't be written.</summary>
    Task SaveAsync(IReadOnlyList<CredentialUse> uses);
}
