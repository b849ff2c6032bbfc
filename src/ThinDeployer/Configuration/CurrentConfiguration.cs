using System.Runtime.CompilerServices;
using ThinDeployer.Deployments;
using ThinDeployer.Rules;

namespace ThinDeployer.Configuration;

/// <summary>
/// The snapshot that counts now. Who decides something reads it once, and decides all of it by that one snapshot.
/// </summary>
internal sealed class CurrentConfiguration(ConfigurationSnapshot first)
{
    /// <summary>Keeps a service exactly as long as somebody holds its plan, as each of its deployments does.</summary>
    private readonly ConditionalWeakTable<DeploymentPlan, ServiceConfiguration> _departed = [];

    /// <summary>The newest of each name that is not configured any more, as long as it is kept.</summary>
    private volatile Dictionary<string, WeakReference<ServiceConfiguration>> _gone = [];
    private volatile ConfigurationSnapshot _snapshot = first;
    private volatile ConfigurationSnapshot? _refused;
    private Action? _tell;

    internal ConfigurationSnapshot Snapshot => _snapshot;

    /// <summary>What is wrong with the configuration as it stands now, while an older one counts; else empty.</summary>
    internal IReadOnlyList<string> RefusedMistakes => _refused?.Mistakes ?? [];

    /// <summary>What a service does now, and with which values; null for one that is not configured.</summary>
    internal (DeploymentPlan Plan, VariableSet? Variables)? FindPlan(string service) =>
        _snapshot.Services.GetValueOrDefault(service) is { } found ? (found.Plan, found.Rules.Variables) : null;

    /// <summary>
    /// A service as it is, or as it was when it was last configured, as long as a deployment of it goes on: one that is gone
    /// finishes what it has.
    /// </summary>
    internal ServiceConfiguration? FindEver(string service) =>
        _snapshot.Services.GetValueOrDefault(service)
        ?? (_gone.TryGetValue(service, out var gone) && gone.TryGetTarget(out var was) ? was : null);

    /// <summary>From now on, tells when another one counts, or something else is wrong with it.</summary>
    internal void TellChanges(Action listener) => _tell += listener;

    internal void Replace(ConfigurationSnapshot next)
    {
        if (_snapshot.IsUsable)
        {
            foreach (var service in _snapshot.Services.Values)
            {
                _departed.AddOrUpdate(service.Plan, service);
            }

            _gone = Gone(next);
        }

        _snapshot = next;
        _refused = null;
        _tell?.Invoke();
    }

    private Dictionary<string, WeakReference<ServiceConfiguration>> Gone(ConfigurationSnapshot next)
    {
        var gone = _gone.Where(one => one.Value.TryGetTarget(out _)).ToDictionary(StringComparer.Ordinal);
        foreach (var service in _snapshot.Services.Values)
        {
            gone[service.Name] = new WeakReference<ServiceConfiguration>(service);
        }

        return gone.Where(one => !next.Services.ContainsKey(one.Key)).ToDictionary(StringComparer.Ordinal);
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

        _tell?.Invoke();
    }

    /// <summary>What counts is what stands in the files again.</summary>
    internal void Confirm()
    {
        if (_refused is not null)
        {
            _refused = null;
            _tell?.Invoke();
        }
    }
}
