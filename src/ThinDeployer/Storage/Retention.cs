using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>
/// Forgets the oldest deployments of a service that have ended, so that as many stay as its <c>keep</c> says. They are counted
/// once, then followed, so that forgetting costs the same however many are kept.
/// </summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class Retention(RecordConnection connection)
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
        SELECT sequence, id, inline_log IS NULL FROM deployments
        WHERE service = $service AND NOT {Schema.IsUnfinished} AND id <> $spared ORDER BY sequence LIMIT $excess
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
            row => (Sequence: row.Number(0), Id: row.Text(1), HasFile: row.Flag(2)),
            service,
            keep > 0 ? id : "",
            excess
        );
        oldest.ForEach(one => _forget.Run(one.Sequence));
        Change(service, -oldest.Count);
        return [.. oldest.Where(one => one.HasFile).Select(one => one.Id)];
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
