using System.Runtime.CompilerServices;
using ThinDeployer.Deployments;

namespace ThinDeployer.Configuration;

/// <summary>
/// The snapshot that counts now. Who decides something reads it once, and decides all of it by that one snapshot.
/// </summary>
internal sealed class CurrentConfiguration(ConfigurationSnapshot first)
{
    /// <summary>Keeps a service exactly as long as somebody holds its plan, as each of its deployments does.</summary>
    private readonly ConditionalWeakTable<DeploymentPlan, ServiceConfiguration> _departed = [];
    private volatile ConfigurationSnapshot _snapshot = first;
    private volatile ConfigurationSnapshot? _refused;

    internal ConfigurationSnapshot Snapshot => _snapshot;

    /// <summary>What is wrong with the configuration as it stands now, while an older one counts; else empty.</summary>
    internal IReadOnlyList<string> RefusedMistakes => _refused?.Mistakes ?? [];

    /// <summary>
    /// The service of a deployment as it is, or as it was when its plan counted: one that is gone finishes what it has.
    /// </summary>
    internal ServiceConfiguration? FindEver(string service, DeploymentPlan plan) =>
        _snapshot.Services.GetValueOrDefault(service) ?? (_departed.TryGetValue(plan, out var was) ? was : null);

    internal void Replace(ConfigurationSnapshot next)
    {
        if (_snapshot.IsUsable)
        {
            foreach (var service in _snapshot.Services.Values)
            {
                _departed.AddOrUpdate(service.Plan, service);
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
