using Microsoft.Data.Sqlite;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>The one connection that writes, with all that it runs. Not for use by two threads at once.</summary>
internal sealed class WriteStatements(SqliteConnection connection) : IDisposable
{
    /// <summary>Of 4 KiB; they are soon used again.</summary>
    private const long FewPages = 1024;

    private readonly Statement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly Statement _commit = new(connection, "COMMIT");
    private readonly Statement _free = new(connection, "PRAGMA freelist_count");
    private readonly Statement _shrink = new(connection, "PRAGMA incremental_vacuum(1024)");

    private readonly Statement _insert = new(
        connection,
        $"INSERT INTO deployments ({EntryRow.Columns}) VALUES ({EntryRow.Placeholders})",
        EntryRow.Parameters
    );

    private readonly Statement _supersede = new(
        connection,
        """
        UPDATE deployments SET status = 'superseded', finished_at = $at, superseded_by = $by
        WHERE id = $id AND status = 'queued'
        """,
        "$id",
        "$by",
        "$at"
    );

    private readonly Statement _start = new(
        connection,
        "UPDATE deployments SET status = 'running', started_at = $at, steps = $steps WHERE id = $id",
        "$id",
        "$at",
        "$steps"
    );

    private readonly Statement _saveSteps = new(
        connection,
        "UPDATE deployments SET steps = $steps WHERE id = $id",
        "$id",
        "$steps"
    );

    private readonly Statement _decide = new(
        connection,
        "UPDATE deployments SET outcome = $outcome, steps = $steps WHERE id = $id",
        "$id",
        "$outcome",
        "$steps"
    );

    private readonly Statement _beginRollback = new(
        connection,
        "UPDATE deployments SET needs_rollback = 0, steps = $steps WHERE id = $id AND needs_rollback = 1",
        "$id",
        "$steps"
    );

    /// <summary>What was fixed when it was accepted stays. One that was forgotten meanwhile comes back.</summary>
    private readonly Statement _end = new(
        connection,
        $"""
        INSERT INTO deployments ({EntryRow.Columns}) VALUES ({EntryRow.Placeholders})
        ON CONFLICT (id) DO UPDATE SET status = excluded.status, started_at = excluded.started_at,
            finished_at = excluded.finished_at, steps = excluded.steps, superseded_by = excluded.superseded_by,
            outcome = excluded.outcome, needs_rollback = excluded.needs_rollback, output_bytes = excluded.output_bytes,
            output_cut_bytes = excluded.output_cut_bytes, inline_log = excluded.inline_log,
            output_head_bytes = excluded.output_head_bytes, hook_status = excluded.hook_status,
            cancelled_by = excluded.cancelled_by, duration_ms = excluded.duration_ms
        """,
        EntryRow.Parameters
    );

    private readonly Statement _wasEnded = new(
        connection,
        $"SELECT NOT {Schema.IsUnfinished} FROM deployments WHERE id = $id",
        "$id"
    );

    private readonly Statement _forget = new(
        connection,
        $"""
        DELETE FROM deployments WHERE sequence IN (
            SELECT sequence FROM deployments WHERE service = $service AND NOT {Schema.IsUnfinished} AND id <> $spared
            ORDER BY sequence LIMIT $excess
        ) RETURNING id, inline_log IS NULL
        """,
        "$service",
        "$spared",
        "$excess"
    );

    private readonly EndedCounts _ended = new(connection);
    private readonly RollbackStatements _rollbacks = new(connection);

    /// <summary>For what concerns requests.</summary>
    internal DeliveryStatements Deliveries { get; } = new(connection);

    internal SqliteConnection Connection => connection;

    internal void Begin() => _begin.Run();

    internal void Commit() => _commit.Run();

    /// <summary>Gives pages that hold nothing back to the disk, a few, so that nobody waits for long.</summary>
    /// <returns>Whether there are many more.</returns>
    internal bool Shrink()
    {
        if (_free.Scalar() is not > FewPages)
        {
            return false;
        }

        _shrink.Run();
        return _free.Scalar() is > FewPages;
    }

    internal void Accept(DeploymentEntry entry, DeploymentOrigin origin)
    {
        _insert.Run(EntryRow.Values(entry));
        _ended.Change(entry.Service, EndedCounts.IsEnded(entry) ? 1 : 0);
        Deliveries.Accept(entry, origin);
    }

    internal void Supersede(string id, DeploymentEntry by)
    {
        _ended.Change(by.Service, _supersede.Run(id, by.Id, by.AcceptedAt.ToUnixTimeMilliseconds()));
        Deliveries.Supersede(id);
    }

    internal void Start(string id, DateTimeOffset startedAt, StepResult first) =>
        Expect(id, _start.Run(id, startedAt.ToUnixTimeMilliseconds(), RowJson.Write([first])));

    internal void SaveSteps(string id, IReadOnlyList<StepResult> steps) =>
        Expect(id, _saveSteps.Run(id, RowJson.Write(steps)));

    internal void Decide(string id, DeploymentStatus outcome, IReadOnlyList<StepResult> steps) =>
        Expect(id, _decide.Run(id, outcome.Name(), RowJson.Write(steps)));

    internal void BeginRollback(string id, IReadOnlyList<StepResult> steps)
    {
        Expect(id, _beginRollback.Run(id, RowJson.Write(steps)));
        _rollbacks.Begin(id, steps);
        _ended.Clear();
    }

    internal void End(DeploymentEntry entry)
    {
        var before = _wasEnded.Scalar(entry.Id) is 1L ? 1 : 0;
        _end.Run(EntryRow.Values(entry));
        _ended.Change(entry.Service, (EndedCounts.IsEnded(entry) ? 1 : 0) - before);
        _rollbacks.End(entry);
        Deliveries.End(entry);
    }

    /// <summary>Deletes the oldest.</summary>
    /// <returns>The ids of those of them that may have a file of output.</returns>
    /// <param name="service">Whose.</param>
    /// <param name="id">The one that has just ended: somebody may wait for its output.</param>
    /// <param name="keep">So many stay.</param>
    internal IReadOnlyList<string> Forget(string service, string id, int keep)
    {
        var excess = _ended.Of(service) - keep;
        if (excess <= 0)
        {
            return [];
        }

        var deleted = _forget.Rows(row => (Id: row.Text(0), HasFile: row.Flag(1)), service, keep > 0 ? id : "", excess);
        _ended.Change(service, -deleted.Count);
        return [.. deleted.Where(one => one.HasFile).Select(one => one.Id)];
    }

    /// <summary>The connection takes its statements with it, and undoes what is not committed.</summary>
    public void Dispose() => connection.Dispose();

    private static void Expect(string id, int changed)
    {
        if (changed == 0)
        {
            throw new InvalidOperationException($"The record has no deployment {id}.");
        }
    }
}
