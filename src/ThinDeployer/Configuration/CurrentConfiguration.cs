using System.Collections.Concurrent;

namespace ThinDeployer.Configuration;

/// <summary>
/// The snapshot that counts now. Who decides something reads it once, and decides all of it by that one snapshot.
/// </summary>
internal sealed class CurrentConfiguration(ConfigurationSnapshot first)
{
    private readonly ConcurrentDictionary<string, ServiceConfiguration> _departed = new(StringComparer.Ordinal);
    private volatile ConfigurationSnapshot _snapshot = first;
    private volatile ConfigurationSnapshot? _refused;

    internal ConfigurationSnapshot Snapshot => _snapshot;

    /// <summary>What is wrong with the configuration as it stands now, while an older one counts; else empty.</summary>
    internal IReadOnlyList<string> RefusedMistakes => _refused?.Mistakes ?? [];

    /// <summary>A service by its name, as it is or as it last was: one that is gone finishes what it has.</summary>
    internal ServiceConfiguration? FindEver(string service) =>
        _snapshot.Services.GetValueOrDefault(service) ?? _departed.GetValueOrDefault(service);

    internal void Replace(ConfigurationSnapshot next)
    {
        if (_snapshot.IsUsable)
        {
            foreach (var service in _snapshot.Services.Values)
            {
                _departed[service.Name] = service;
            }
        }

        _snapshot = next;
        _refused = null;
    }

    /// <summary>Remembers one that has mistakes. Where nothing better counts, it takes the place of the last one.</summary>
    internal void Refuse(ConfigurationSnapshot next)
    {
        if (_snapshot.IsUsable)
        {
            _refused = next;
        }
        else
        {
            _snapshot = next;
        }
    }

    /// <summary>What counts is what stands in the files again.</summary>
    internal void Confirm() => _refused = null;
}
