namespace ThinDeployer.Deployments;

/// <summary>Knows which deployment a delivery started, so that one that comes again starts none. The queue's lock guards it.</summary>
internal sealed class RepeatGuard(IDeploymentRecord record, TimeProvider time)
{
    /// <summary>Forges send a delivery again within hours.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(24);

    /// <summary>Those whose acceptance is on its way to the disk.</summary>
    private readonly Dictionary<(string Service, string Id), Task<QueueAnswer>> _accepting = [];

    /// <summary>What a delivery started that came before; false where it must start something.</summary>
    internal bool TryFind(Lanes lanes, string service, string id, out Task<QueueAnswer> answer)
    {
        if (_accepting.TryGetValue((service, id), out var accepting) && !accepting.IsCompleted)
        {
            answer = RepeatAsync(accepting);
            return true;
        }

        var found = lanes.Find(service)?.All.FirstOrDefault(IsOf) is { } live
            ? new QueueAnswer.Repeated(live.Id, live)
            : Recorded(service, id);
        answer = Task.FromResult(found!);
        return found is not null;

        bool IsOf(Deployment deployment) => deployment.Accepted.Trigger.DeliveryId == id;
    }

    private QueueAnswer? Recorded(string service, string id)
    {
        try
        {
            return record.FindDelivered(service, id, time.GetUtcNow() - Remembered) is { } ended
                ? new QueueAnswer.Repeated(ended, Live: null)
                : null;
        }
        catch (RecordUnavailableException exception)
        {
            return new QueueAnswer.NotSaved(exception.Message);
        }
    }

    /// <summary>Remembers one until it is on disk.</summary>
    internal void Accepting(string service, string id, Task<QueueAnswer> accepting)
    {
        foreach (var done in _accepting.Where(other => other.Value.IsCompleted).Select(other => other.Key).ToList())
        {
            _accepting.Remove(done);
        }

        _accepting[(service, id)] = accepting;
    }

    private static async Task<QueueAnswer> RepeatAsync(Task<QueueAnswer> accepting) =>
        await accepting is QueueAnswer.Accepted(var deployment)
            ? new QueueAnswer.Repeated(deployment.Id, deployment)
            : await accepting;
}
