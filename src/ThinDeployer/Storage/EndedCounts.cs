using Microsoft.Data.Sqlite;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>
/// How many deployments of a service have ended, as the connection that writes sees it: counted once, then followed, so
/// that forgetting the oldest costs the same however many are kept.
/// </summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class EndedCounts(SqliteConnection connection)
#pragma warning restore CA1001
{
    private readonly Statement _count = new(
        connection,
        $"SELECT count(*) FROM deployments WHERE service = $service AND NOT {Schema.IsUnfinished}",
        "$service"
    );

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    internal static bool IsEnded(DeploymentEntry entry) =>
        entry is { Status: not (DeploymentStatus.Queued or DeploymentStatus.Running), NeedsRollback: false };

    internal long Of(string service)
    {
        if (!_counts.TryGetValue(service, out var count))
        {
            count = (long)_count.Scalar(service)!;
            _counts.Add(service, count);
        }

        return count;
    }

    /// <summary>So many more, or fewer.</summary>
    internal void Change(string service, int by)
    {
        if (_counts.TryGetValue(service, out var count))
        {
            _counts[service] = count + by;
        }
    }

    /// <summary>What has changed is not known: it is counted again.</summary>
    internal void Clear() => _counts.Clear();
}
