using System.Collections.Concurrent;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;

namespace ThinDeployer.Telemetry;

/// <summary>
/// How each service was deployed last. The record is asked once for each service, after a start or when it comes into the
/// configuration; from then on it is heard.
/// </summary>
internal sealed class LastEnds(CurrentConfiguration current, EngineRoom engine)
{
    private readonly ConcurrentDictionary<string, LastEnd> _heard = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LastEnd> _recorded = new(StringComparer.Ordinal);

    /// <summary>Takes in one that has just ended.</summary>
    internal void Add(DeploymentEntry entry)
    {
        if (current.Snapshot.Services.ContainsKey(entry.Service) && LastEnd.Of(entry) is { } end)
        {
            _heard.AddOrUpdate(entry.Service, end, (_, before) => before.Then(end));
        }
    }

    /// <summary>By service, those that are configured and have been deployed.</summary>
    /// <exception cref="RecordUnavailableException">The record can't be read.</exception>
    internal IReadOnlyDictionary<string, LastEnd> Now()
    {
        if (current.Snapshot is not { IsUsable: true } configuration)
        {
            return new Dictionary<string, LastEnd>();
        }

        Forget(_heard, configuration);
        Forget(_recorded, configuration);
        Load([.. configuration.Services.Keys.Where(service => !_recorded.ContainsKey(service))]);
        return configuration
            .Services.Keys.Select(service => (Service: service, End: Of(service)))
            .Where(one => one.End != LastEnd.None)
            .ToDictionary(one => one.Service, one => one.End, StringComparer.Ordinal);
    }

    private LastEnd Of(string service) =>
        _recorded.GetValueOrDefault(service, LastEnd.None).Then(_heard.GetValueOrDefault(service, LastEnd.None));

    private void Load(IReadOnlyCollection<string> services)
    {
        if (services.Count == 0 || engine.Open is not { Record: var record })
        {
            return;
        }

        var ends = record.LastEnds(services);
        foreach (var service in services)
        {
            _recorded[service] = ends.GetValueOrDefault(service, LastEnd.None);
        }
    }

    private static void Forget(ConcurrentDictionary<string, LastEnd> ends, ConfigurationSnapshot configuration)
    {
        foreach (var service in ends.Keys.Where(service => !configuration.Services.ContainsKey(service)))
        {
            ends.TryRemove(service, out _);
        }
    }
}
