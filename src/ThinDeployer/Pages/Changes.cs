using System.Collections.Concurrent;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;

namespace ThinDeployer.Pages;

/// <summary>
/// Hears of deployments and of reloads, and wakes the pages that show them. It remembers no more than the last change of each
/// service, so nothing waits in it for a page that is slow.
/// </summary>
internal sealed class Changes : IDeploymentListener
{
    /// <summary>Numbers begin with the time, so that one of another run of the server is not taken for one of this.</summary>
    private readonly long _first;
    private readonly ConcurrentDictionary<string, long> _last = new(StringComparer.Ordinal);
    private TaskCompletionSource _next = New();
    private long _count;
    private long _lastOfAll;

    public Changes(CurrentConfiguration current, TimeProvider time)
    {
        _first = _count = time.GetUtcNow().ToUnixTimeMilliseconds();
        current.TellChanges(TellAll);
    }

    /// <summary>The number of the last change.</summary>
    internal long Count => Interlocked.Read(ref _count);

    /// <summary>Comes with the next change of any service.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    /// <summary>The number of the last change of a service.</summary>
    internal long Of(string service) => _last.GetValueOrDefault(service);

    /// <summary>Whether one of some services has changed after a change; what came after one of another run is not known.</summary>
    /// <param name="count">The number of the change.</param>
    /// <param name="services">Null for all.</param>
    internal bool Since(long count, IReadOnlyCollection<string>? services) =>
        count < _first
        || count > Count
        || Interlocked.Read(ref _lastOfAll) > count
        || (services is null ? Count > count : services.Any(service => Of(service) > count));

    public void Accepted(Deployment deployment, int? queuedAhead) => Tell(deployment.Service);

    public void Restored(Deployment deployment) => Tell(deployment.Service);

    public void Decided(Deployment deployment) => Tell(deployment.Service);

    public void Paused(string service)
    {
        if (service == Pause.All)
        {
            TellAll();
        }
        else
        {
            Tell(service);
        }
    }

    public void CutOff(DeploymentEntry entry) => Tell(entry.Service);

    public void Began(Deployment deployment) => Tell(deployment.Service);

    public void Ended(Deployment deployment, DeploymentResult result) => Tell(deployment.Service);

    private void TellAll() => Wake(count => Interlocked.Exchange(ref _lastOfAll, count));

    private void Tell(string service) =>
        Wake(count => _last.AddOrUpdate(service, count, (_, before) => Math.Max(before, count)));

    private void Wake(Action<long> note)
    {
        note(Interlocked.Increment(ref _count));
        Interlocked.Exchange(ref _next, New()).TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
