using ThinDeployer.Outbox;

namespace ThinDeployer.Storage;

/// <summary>What the connection that writes does about what must reach somebody.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class OutboxStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    /// <summary>For one target; the oldest go.</summary>
    internal const int MaximumWaiting = 500;

    /// <summary>The same failure is told once in this time.</summary>
    internal static readonly TimeSpan Damping = TimeSpan.FromHours(1);

    /// <summary>What went wrong longer ago is no news.</summary>
    private static readonly TimeSpan TroublesKept = TimeSpan.FromDays(30);

    private readonly Statement _insert = new(
        connection,
        """
        INSERT INTO outbox
            (target, service, deployment_id, subject, content, created_at, failure, repeats, not_before, attempts, next_at)
        VALUES ($target, $service, $deployment, $subject, $content, $created, $failure, $repeats, $before, 0, 0)
        """,
        "$target",
        "$service",
        "$deployment",
        "$subject",
        "$content",
        "$created",
        "$failure",
        "$repeats",
        "$before"
    );

    private readonly Statement _replace = new(
        connection,
        "DELETE FROM outbox WHERE target = $target AND subject = $subject",
        "$target",
        "$subject"
    );

    private readonly Statement _bound = new(
        connection,
        """
        DELETE FROM outbox WHERE target = $target AND number <= (
            SELECT number FROM outbox WHERE target = $target ORDER BY number DESC LIMIT 1 OFFSET $keep
        )
        """,
        "$target",
        "$keep"
    );

    private readonly Statement _toldAt = new(
        connection,
        """
        SELECT told_at FROM told_failures
        WHERE target = $target AND service = $service AND failure = $failure AND told_at > $since
        """,
        "$target",
        "$service",
        "$failure",
        "$since"
    );

    private readonly Statement _tell = new(
        connection,
        "INSERT OR REPLACE INTO told_failures (target, service, failure, told_at) VALUES ($target, $service, $failure, $at)",
        "$target",
        "$service",
        "$failure",
        "$at"
    );

    /// <summary>Not where another failure was told meanwhile.</summary>
    private readonly Statement _toldAgain = new(
        connection,
        """
        UPDATE told_failures SET told_at = $at WHERE target = $target AND service = $service AND failure = $failure
        """,
        "$target",
        "$service",
        "$failure",
        "$at"
    );

    private readonly Statement _forgetTold = new(
        connection,
        "DELETE FROM told_failures WHERE told_at <= $since OR service = $service",
        "$since",
        "$service"
    );

    private readonly Statement _takeRepeats = new(
        connection,
        """
        DELETE FROM outbox WHERE target = $target AND service = $service AND failure = $failure AND repeats > 0
        RETURNING repeats
        """,
        "$target",
        "$service",
        "$failure"
    );

    private readonly Statement _release = new(
        connection,
        """
        UPDATE outbox SET not_before = 0
        WHERE service = $service AND repeats > 0 AND not_before > 0 AND ($target IS NULL OR target = $target)
        """,
        "$service",
        "$target"
    );

    private readonly Statement _remove = new(connection, "DELETE FROM outbox WHERE number = $number", "$number");

    /// <summary>Of a target, and those of all that are old: a target that nobody configures any more has no other end.</summary>
    private readonly Statement _forgetTrouble = new(
        connection,
        "DELETE FROM outbox_troubles WHERE target = $target OR at <= $since",
        "$target",
        "$since"
    );

    private readonly Statement _addTrouble = new(
        connection,
        """
        INSERT INTO outbox_troubles (target, kind, name, service, why, at)
        VALUES ($target, $kind, $name, $service, $why, $at)
        """,
        "$target",
        "$kind",
        "$name",
        "$service",
        "$why",
        "$at"
    );

    private readonly Statement _putOff = new(
        connection,
        "UPDATE outbox SET attempts = $attempts, next_at = $next, trouble = $trouble WHERE number = $number",
        "$number",
        "$attempts",
        "$next",
        "$trouble"
    );

    /// <summary>Those that may have a row in <c>told_failures</c>: most never do, and need no statement.</summary>
    private readonly HashSet<string> _failed =
    [
        .. new Statement(connection, "SELECT DISTINCT service FROM told_failures").Rows(row => row.Text(0)),
    ];

    /// <returns>How many that waited found no room any more.</returns>
    internal int Add(IReadOnlyList<OutboxItem> items)
    {
        var dropped = 0;
        foreach (var item in items)
        {
            _replace.Run(item.Target, item.Subject);
            Insert(item.Failure is null ? item : Damped(item));
            dropped += _bound.Run(item.Target, MaximumWaiting);
        }

        return dropped;
    }

    /// <summary>The service succeeded: a failure that comes now is a new one, and those that were held back are told before it.</summary>
    /// <returns>Whether there were any.</returns>
    internal bool EndFailures(string service)
    {
        if (!_failed.Remove(service))
        {
            return false;
        }

        _release.Run(service, null);
        _forgetTold.Run(0, service);
        return true;
    }

    internal void Take(OutboxItem item, DateTimeOffset at)
    {
        _remove.Run(item.Number);
        _forgetTrouble.Run(item.Target, 0);
        if (item is { Repeats: > 0, Failure: { } failure })
        {
            _toldAgain.Run(item.Target, item.Service, failure, at.ToUnixTimeMilliseconds());
        }
    }

    internal void GiveUp(OutboxItem item, OutboxTrouble trouble)
    {
        _remove.Run(item.Number);
        _forgetTrouble.Run(item.Target, (trouble.At - TroublesKept).ToUnixTimeMilliseconds());
        _addTrouble.Run(
            item.Target,
            trouble.Kind,
            trouble.Name,
            trouble.Service,
            trouble.Why,
            trouble.At.ToUnixTimeMilliseconds()
        );
    }

    internal void PutOff(OutboxItem item) =>
        _putOff.Run(item.Number, item.Attempts, item.NextAt.ToUnixTimeMilliseconds(), item.Trouble);

    /// <summary>One that was told within the hour waits for its end, and stands for all that came meanwhile.</summary>
    private OutboxItem Damped(OutboxItem item)
    {
        var failure = item.Failure!;
        var since = (item.CreatedAt - Damping).ToUnixTimeMilliseconds();
        if (_toldAt.Scalar(item.Target, item.Service, failure, since) is long toldAt)
        {
            var before = (long?)_takeRepeats.Scalar(item.Target, item.Service, failure) ?? 0;
            return item with
            {
                Repeats = (int)before + 1,
                NotBefore = DateTimeOffset.FromUnixTimeMilliseconds(toldAt) + Damping,
            };
        }

        _release.Run(item.Service, item.Target);
        Tell(item, failure, item.CreatedAt);
        return item;
    }

    private void Tell(OutboxItem item, string failure, DateTimeOffset at)
    {
        _forgetTold.Run((at - Damping).ToUnixTimeMilliseconds(), null);
        _tell.Run(item.Target, item.Service, failure, at.ToUnixTimeMilliseconds());
        _failed.Add(item.Service);
    }

    private void Insert(OutboxItem item) =>
        _insert.Run(
            item.Target,
            item.Service,
            item.DeploymentId,
            item.Subject,
            item.Content,
            item.CreatedAt.ToUnixTimeMilliseconds(),
            item.Failure,
            item.Repeats,
            item.NotBefore.ToUnixTimeMilliseconds()
        );
}
