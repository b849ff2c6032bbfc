using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>
/// Forgets the oldest deployments of a service that have ended, so that as many stay as its <c>keep</c> says. They are counted
/// once, then followed, so that forgetting costs the same however many are kept.
/// </summary>
/// <remarks>
/// Somebody still needs one that others have yet to follow, and one whose front has not heard all of it: those stay until a
/// later end finds them free.
/// </remarks>
/// <param name="childrenOf">The ids of those of a whole that may have an output file; they go with it.</param>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class Retention(RecordConnection connection, Func<string, IReadOnlyList<string>> childrenOf)
#pragma warning restore CA1001
{
    private readonly Statement _count = new(
        connection,
        $"""
        SELECT count(*) - (
            SELECT count(*) FROM deployments {Schema.ByUnfinished} WHERE service = $service AND {Schema.IsUnfinished}
        ) FROM deployments WHERE service = $service
        """,
        "$service"
    );

    private readonly Statement _oldest = new(
        connection,
        $"""
        SELECT sequence, id, inline_log IS NULL, EXISTS (SELECT 1 FROM rollouts WHERE deployment_id = deployments.id)
        FROM deployments
        WHERE service = $service AND NOT {Schema.IsUnfinished} AND id <> $spared
            AND id NOT IN (SELECT after FROM due_links)
            AND NOT EXISTS (SELECT 1 FROM orders WHERE orders.id = deployments.id AND is_reported = 0)
        ORDER BY sequence LIMIT $excess
        """,
        "$service",
        "$spared",
        "$excess"
    );

    private readonly Statement _forget = new(
        connection,
        "DELETE FROM deployments WHERE sequence = $sequence",
        "$sequence"
    );

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    internal static bool IsEnded(DeploymentEntry entry) => entry.Status.IsEnd() && !entry.NeedsRollback;

    /// <summary>Deletes the oldest.</summary>
    /// <returns>The ids of those of them that may have an output file.</returns>
    /// <param name="service">Whose.</param>
    /// <param name="id">The one that has just ended: somebody may wait for its output.</param>
    /// <param name="keep">So many stay.</param>
    internal IReadOnlyList<string> Forget(string service, string id, int keep)
    {
        var excess = Of(service) - keep;
        if (excess <= 0)
        {
            return [];
        }

        var oldest = _oldest.Rows(
            row => (Sequence: row.Number(0), Id: row.Text(1), HasFile: row.Flag(2), IsRollout: row.Flag(3)),
            service,
            keep > 0 ? id : "",
            excess
        );
        List<string> files = [.. oldest.Where(one => one.HasFile).Select(one => one.Id)];
        files.AddRange(oldest.Where(one => one.IsRollout).SelectMany(one => childrenOf(one.Id)));
        oldest.ForEach(one => _forget.Run(one.Sequence));
        Change(service, -oldest.Count);
        return files;
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

    private long Of(string service)
    {
        if (!_counts.TryGetValue(service, out var count))
        {
            count = (long)_count.Scalar(service)!;
            _counts.Add(service, count);
        }

        return count;
    }
}
