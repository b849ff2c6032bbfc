using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>The one connection that writes, with all that it runs. Not for use by two threads at once.</summary>
internal sealed class WriteStatements(RecordConnection connection) : IDisposable
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
        WHERE id = $id AND status IN ('waiting', 'queued')
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

    /// <summary>What was fixed when it was accepted stays.</summary>
    private static readonly string EndSql =
        $"UPDATE deployments SET {EntryRow.EndAssignments} WHERE sequence = $sequence AND id = $id";

    private readonly Statement _end = new(connection, $"{EndSql} AND {Schema.IsUnfinished}", EntryRow.EndParameters);

    private readonly Statement _endAgain = new(connection, EndSql, EntryRow.EndParameters);

    private Retention? _retention;
    private RolloutStatements? _rollouts;
    private MachineStatements? _machines;
    private OrderStatements? _orders;

    private readonly RollbackStatements _rollbacks = new(connection);

    /// <summary>For what is kept, and for how long.</summary>
    internal Retention Retention => _retention ??= new Retention(connection, id => Rollouts.WithFiles(id));

    /// <summary>For what concerns requests.</summary>
    internal DeliveryStatements Deliveries { get; } = new(connection);

    /// <summary>For what is decided before something begins.</summary>
    internal GateStatements Gates { get; } = new(connection);

    /// <summary>For what follows a success.</summary>
    internal ChainStatements Chains { get; } = new(connection);

    /// <summary>For how far schedules have come.</summary>
    internal ScheduleStatements Schedules { get; } = new(connection);

    /// <summary>For who did what.</summary>
    internal AuditStatements Audit { get; } = new(connection);

    /// <summary>For what must reach somebody.</summary>
    internal OutboxStatements Outbox { get; } = new(connection);

    /// <summary>For the last uses of credentials.</summary>
    internal CredentialUseStatements Uses { get; } = new(connection);

    /// <summary>For deployments on several machines; most records have none.</summary>
    internal RolloutStatements Rollouts => _rollouts ??= new RolloutStatements(connection);

    /// <summary>For the machines of a front.</summary>
    internal MachineStatements Machines => _machines ??= new MachineStatements(connection);

    /// <summary>For the orders of a machine.</summary>
    internal OrderStatements Orders => _orders ??= new OrderStatements(connection);

    internal RecordConnection Connection => connection;

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
        Retention.Change(entry.Service, Retention.IsEnded(entry) ? 1 : 0);
        Deliveries.Accept(entry, origin);
        if (origin.Due is { } due)
        {
            Schedules.Save(due);
        }

        if (origin.Follows is { } link)
        {
            Chains.Follow(link, entry.Id);
        }

        if (origin.Order is { } order)
        {
            Orders.Add(order);
        }
    }

    internal void Supersede(string id, DeploymentEntry by)
    {
        Retention.Change(by.Service, _supersede.Run(id, by.Id, by.AcceptedAt.ToUnixTimeMilliseconds()));
        Deliveries.Supersede(id);
    }

    internal void Start(string id, DateTimeOffset startedAt, StepResult? first) =>
        Expect(id, _start.Run(id, startedAt.ToUnixTimeMilliseconds(), RowJson.Write(first is null ? [] : [first])));

    internal void SaveSteps(string id, IReadOnlyList<StepResult> steps) =>
        Expect(id, _saveSteps.Run(id, RowJson.Write(steps)));

    internal void Decide(string id, DeploymentStatus outcome, IReadOnlyList<StepResult> steps) =>
        Expect(id, _decide.Run(id, outcome.Name(), RowJson.Write(steps)));

    internal void BeginRollback(string id, IReadOnlyList<StepResult> steps)
    {
        Expect(id, _beginRollback.Run(id, RowJson.Write(steps)));
        _rollbacks.Begin(id, steps);
        Retention.Clear();
    }

    internal void End(DeploymentEntry entry)
    {
        var values = EntryRow.EndValues(entry);
        var isEnded = Retention.IsEnded(entry) ? 1 : 0;
        if (_end.Run(values) > 0)
        {
            Retention.Change(entry.Service, isEnded);
        }
        else if (_endAgain.Run(values) > 0)
        {
            Retention.Change(entry.Service, isEnded - 1);
        }
        else
        {
            // It was forgotten meanwhile, and comes back.
            _insert.Run(EntryRow.Values(entry));
            Retention.Change(entry.Service, isEnded);
        }

        _rollbacks.End(entry);
        Chains.Add(entry);
        Deliveries.End(entry);
    }

    /// <summary>The connection takes its statements with it, and undoes what is not committed.</summary>
    public void Dispose() => connection.Dispose();

    internal static void Expect(string id, int changed)
    {
        if (changed == 0)
        {
            throw new InvalidOperationException($"The record has no deployment {id}.");
        }
    }
}
