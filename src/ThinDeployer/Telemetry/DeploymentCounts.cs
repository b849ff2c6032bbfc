using System.Collections.Immutable;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;

namespace ThinDeployer.Telemetry;

/// <summary>
/// Hears of deployments and counts them, so that who looks asks neither the queue nor the record. It knows configured services
/// only: one that is removed takes its counts along, and begins anew where it comes back.
/// </summary>
internal sealed class DeploymentCounts(CurrentConfiguration current, LastEnds ends, TimeProvider time)
    : IDeploymentListener
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServiceCounts> _services = new(StringComparer.Ordinal);

    /// <summary>Those that wait or run. The queue's bounds are its bounds.</summary>
    private readonly Dictionary<string, Deployment> _active = new(StringComparer.Ordinal);

    public void Accepted(Deployment deployment, int? queuedAhead)
    {
        lock (_lock)
        {
            _active[deployment.Id] = deployment;
        }
    }

    public void Restored(Deployment deployment) => Accepted(deployment, queuedAhead: 0);

    public void Began(Deployment deployment)
    {
        var waited = (deployment.StartedAt ?? time.GetUtcNow()) - deployment.Accepted.AcceptedAt;
        Count(deployment.Service, counts => counts.Waited(waited));
    }

    public void StepEnded(Deployment deployment, StepResult step) =>
        Count(deployment.Service, counts => counts.Failed(step));

    public void CutOff(DeploymentEntry entry) => CountEnd(entry);

    public void Ended(Deployment deployment, DeploymentResult result)
    {
        bool wasActive;
        lock (_lock)
        {
            wasActive = _active.Remove(deployment.Id);
        }

        // That of one that was cut off by an earlier end of the program is told again when its rollback fails.
        if (wasActive || result.Status is not DeploymentStatus.Interrupted)
        {
            CountEnd(result.Entry);
        }
    }

    /// <summary>What is counted, service by service, in the order of their names. It is copied: the queue waits for who counts.</summary>
    internal IReadOnlyList<ServiceView> Now()
    {
        var configured = Configured();
        lock (_lock)
        {
            Forget(configured);
            var now = time.GetUtcNow();
            var active = _active.Values.ToLookup(deployment => deployment.Service, StringComparer.Ordinal);
            return
            [
                .. configured
                    .Order(StringComparer.Ordinal)
                    .Select(service => ServiceView.Of(service, CountsOf(service).Copy(), active[service], now)),
            ];
        }
    }

    private void CountEnd(DeploymentEntry entry)
    {
        ends.Add(entry);
        Count(
            entry.Service,
            counts =>
            {
                counts.Ended(entry);
                if (entry.Status is DeploymentStatus.Interrupted)
                {
                    counts.Errors[RunWords.Interrupted]++;
                }
            }
        );
    }

    private void Count(string service, Action<ServiceCounts> count)
    {
        if (!current.Snapshot.Services.ContainsKey(service))
        {
            return;
        }

        lock (_lock)
        {
            count(CountsOf(service));
        }
    }

    private ServiceCounts CountsOf(string service)
    {
        if (!_services.TryGetValue(service, out var counts))
        {
            Forget(Configured());
            counts = new ServiceCounts();
            _services.Add(service, counts);
        }

        return counts;
    }

    private ImmutableArray<string> Configured() =>
        current.Snapshot is { IsUsable: true } usable ? usable.Services.Keys : [];

    private void Forget(ImmutableArray<string> configured)
    {
        foreach (var service in _services.Keys.Except(configured, StringComparer.Ordinal).ToList())
        {
            _services.Remove(service);
        }

        // Whose end nobody told, because it could not be saved.
        foreach (var id in _active.Where(one => one.Value.End.IsCompleted).Select(one => one.Key).ToList())
        {
            _active.Remove(id);
        }
    }
}

/// <summary>What is to be seen of one service now.</summary>
/// <param name="Pending">So many wait.</param>
/// <param name="Executing">So many run.</param>
/// <param name="OldestQueued">How long the oldest that waits has waited; zero where none does.</param>
internal sealed record ServiceView(
    string Service,
    ServiceCounts Counts,
    int Pending,
    int Executing,
    TimeSpan OldestQueued
)
{
    internal static ServiceView Of(
        string service,
        ServiceCounts counts,
        IEnumerable<Deployment> active,
        DateTimeOffset now
    )
    {
        var (pending, executing, oldest) = (0, 0, now);
        foreach (var deployment in active)
        {
            if (deployment.StartedAt is not null)
            {
                executing++;
                continue;
            }

            pending++;
            oldest = deployment.Accepted.AcceptedAt < oldest ? deployment.Accepted.AcceptedAt : oldest;
        }

        return new ServiceView(service, counts, pending, executing, now - oldest);
    }
}
