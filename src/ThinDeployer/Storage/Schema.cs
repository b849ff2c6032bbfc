using System.Globalization;

namespace ThinDeployer.Storage;

/// <summary>
/// The tables, as steps from one version of the file to the next. A step that was released never changes: a new one
/// follows it. The version stands in the file's header (https://sqlite.org/pragma.html#pragma_user_version).
/// </summary>
internal static class Schema
{
    /// <summary>"ThDp": marks the file as ours (https://sqlite.org/pragma.html#pragma_application_id).</summary>
    internal const int ApplicationId = 0x54684470;

    /// <summary>What a record is asked for after a start. The index is used only where a query has this very text.</summary>
    internal const string IsUnfinished = "(status IN ('waiting', 'queued', 'running') OR needs_rollback = 1)";

    /// <summary>Where a query must not choose another index than that of <see cref="IsUnfinished"/>.</summary>
    internal const string ByUnfinished = "INDEXED BY deployments_unfinished";

    /// <summary>Has an index, too, which a deployment that succeeds never touches.</summary>
    internal const string IsBadEnd = "status NOT IN ('waiting', 'queued', 'running', 'succeeded')";

    /// <summary>The first version that has deployments of machines.</summary>
    internal const int WithChildren = 13;

    /// <summary>
    /// AUTOINCREMENT keeps the highest sequence number when its row is gone. Times are UNIX milliseconds. The indexes
    /// hold what a query filters by, so that it reads the rows that it gives and no other.
    /// </summary>
    private const string First = """
        CREATE TABLE deployments (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            service TEXT NOT NULL,
            status TEXT NOT NULL,
            accepted_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            asked_by TEXT NOT NULL,
            given_values TEXT NOT NULL,
            steps TEXT NOT NULL,
            superseded_by TEXT,
            outcome TEXT,
            needs_rollback INTEGER NOT NULL,
            output_bytes INTEGER NOT NULL,
            output_cut_bytes INTEGER NOT NULL,
            inline_log TEXT
        ) STRICT;
        CREATE INDEX deployments_of_service ON deployments (service, sequence, status, needs_rollback);
        CREATE INDEX deployments_of_service_by_status ON deployments (service, status, sequence);
        CREATE INDEX deployments_by_status ON deployments (status, sequence);
        CREATE INDEX deployments_unfinished ON deployments (sequence) WHERE status IN ('queued', 'running') OR needs_rollback = 1;
        """;

    /// <summary>Where the middle of an output was cut out, so that a follower finds its place again.</summary>
    private const string Second = "ALTER TABLE deployments ADD COLUMN output_head_bytes INTEGER";

    /// <summary>
    /// Requests: which delivery started which deployment, the bodies that deployments may need again, and what came in.
    /// </summary>
    private const string Third = """
        CREATE TABLE delivery_ids (
            service TEXT NOT NULL,
            delivery_id TEXT NOT NULL,
            deployment_id TEXT NOT NULL,
            accepted_at INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (service, delivery_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX delivery_ids_in_order ON delivery_ids (service, sequence);
        CREATE INDEX delivery_ids_of_deployment ON delivery_ids (deployment_id);
        CREATE TABLE payloads (deployment_id TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL) STRICT;
        CREATE TRIGGER payloads_of_forgotten AFTER DELETE ON deployments BEGIN
            DELETE FROM payloads WHERE deployment_id = OLD.id;
        END;
        CREATE TABLE deliveries (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            service TEXT NOT NULL,
            content TEXT NOT NULL
        ) STRICT;
        CREATE INDEX deliveries_of_service ON deliveries (service, sequence);
        """;

    /// <summary>Lists of names, NULL for an empty one.</summary>
    private const string Fourth = """
        ALTER TABLE deployments ADD COLUMN unfilled TEXT;
        ALTER TABLE deployments ADD COLUMN unused TEXT
        """;

    /// <summary>
    /// How hooks ended; their steps stand in <c>steps</c>, behind the others. Which services have a rollback that failed is
    /// kept beside, however soon the deployment is forgotten.
    /// </summary>
    private const string Fifth = """
        ALTER TABLE deployments ADD COLUMN hook_status TEXT;
        CREATE TABLE failed_rollbacks (
            service TEXT NOT NULL PRIMARY KEY,
            deployment_id TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """;

    /// <summary>NULL for none; what was saved before may hold secrets, so none of it is shown.</summary>
    private const string Sixth = """
        ALTER TABLE deployments ADD COLUMN shown_values TEXT;
        ALTER TABLE deployments ADD COLUMN cancelled_by TEXT
        """;

    /// <summary>
    /// Bodies in parts: SQLite holds a value as a whole, several times, while it writes or reads it, and has a limit for it.
    /// </summary>
    private const string Seventh = """
        CREATE TABLE payload_parts (
            deployment_id TEXT NOT NULL,
            part INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (deployment_id, part)
        ) STRICT;
        INSERT INTO payload_parts SELECT deployment_id, 0, body FROM payloads;
        DROP TRIGGER payloads_of_forgotten;
        DROP TABLE payloads;
        CREATE TRIGGER payloads_of_forgotten AFTER DELETE ON deployments BEGIN
            DELETE FROM payload_parts WHERE deployment_id = OLD.id;
        END;
        """;

    /// <summary>How long it took, in milliseconds, whatever happened to the clock meanwhile.</summary>
    private const string Eighth = "ALTER TABLE deployments ADD COLUMN duration_ms INTEGER";

    /// <summary>
    /// Each index is pages that every commit writes. One that holds a status is written at the end, too: those that did are
    /// gone but for bad ends, and deliveries have none beside their table. Most deployments succeed, so who looks for those
    /// finds them in the table.
    /// </summary>
    private const string Ninth = """
        DROP INDEX deployments_of_service;
        DROP INDEX deployments_of_service_by_status;
        DROP INDEX deployments_by_status;
        CREATE INDEX deployments_of_service ON deployments (service, sequence);
        CREATE INDEX deployments_that_ended_badly ON deployments (status, sequence, service) WHERE status NOT IN ('queued', 'running', 'succeeded');
        CREATE TABLE numbered_deliveries (
            service TEXT NOT NULL,
            number INTEGER NOT NULL,
            content TEXT NOT NULL,
            PRIMARY KEY (service, number)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO numbered_deliveries
            SELECT service, row_number() OVER (PARTITION BY service ORDER BY sequence), content FROM deliveries;
        DROP TABLE deliveries;
        ALTER TABLE numbered_deliveries RENAME TO deliveries;
        """;

    /// <summary>What the steps of a deployment wrote for people, and when its output came; NULL for nothing.</summary>
    private const string Tenth = """
        ALTER TABLE deployments ADD COLUMN summary TEXT;
        ALTER TABLE deployments ADD COLUMN output_times BLOB
        """;

    /// <summary>
    /// What must reach somebody, until it did; and which failures were told when, so that the same one is not told over and
    /// over. Numbers never come again: one that is on its way may be gone already.
    /// </summary>
    private const string Eleventh = """
        CREATE TABLE outbox (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            target TEXT NOT NULL,
            service TEXT NOT NULL,
            deployment_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            content TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            failure TEXT,
            repeats INTEGER NOT NULL,
            not_before INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            next_at INTEGER NOT NULL,
            trouble TEXT
        ) STRICT;
        CREATE INDEX outbox_of_target ON outbox (target, number);
        CREATE TABLE told_failures (
            target TEXT NOT NULL,
            service TEXT NOT NULL,
            failure TEXT NOT NULL,
            told_at INTEGER NOT NULL,
            PRIMARY KEY (target, service)
        ) STRICT, WITHOUT ROWID
        """;

    /// <summary>
    /// What a deployment waits for before its turn, and what follows it; what is paused; when tokens were used last; when a
    /// schedule ran last; who did what; and who could not be told of something.
    /// </summary>
    private const string Twelfth = $"""
        ALTER TABLE deployments ADD COLUMN gate TEXT;
        ALTER TABLE deployments ADD COLUMN chain TEXT;
        DROP INDEX deployments_unfinished;
        DROP INDEX deployments_that_ended_badly;
        CREATE INDEX deployments_unfinished ON deployments (sequence) WHERE {IsUnfinished};
        CREATE INDEX deployments_that_ended_badly ON deployments (status, sequence, service) WHERE {IsBadEnd};
        CREATE TABLE due_links (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            after TEXT NOT NULL,
            service TEXT NOT NULL
        ) STRICT;
        CREATE TABLE pauses (
            service TEXT NOT NULL PRIMARY KEY,
            content TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE token_uses (
            service TEXT NOT NULL,
            name TEXT NOT NULL,
            used_at INTEGER NOT NULL,
            PRIMARY KEY (service, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE schedule_runs (
            service TEXT NOT NULL,
            schedule TEXT NOT NULL,
            due_at INTEGER NOT NULL,
            PRIMARY KEY (service, schedule)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            content TEXT NOT NULL
        ) STRICT;
        CREATE TABLE outbox_troubles (
            target TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            service TEXT NOT NULL,
            why TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """;

    /// <summary>
    /// Rollouts over several machines, with a deployment for each of them in a table of its own: nobody who looks for
    /// deployments meets those. The machines of a front; and at a machine, the orders that it has seen.
    /// </summary>
    private const string Thirteenth = """
        CREATE TABLE rollouts (
            deployment_id TEXT NOT NULL PRIMARY KEY,
            content TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE children (
            number INTEGER PRIMARY KEY,
            parent TEXT NOT NULL,
            machine TEXT NOT NULL,
            batch INTEGER NOT NULL,
            place TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            id TEXT NOT NULL UNIQUE,
            service TEXT NOT NULL,
            status TEXT NOT NULL,
            accepted_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            duration_ms INTEGER,
            asked_by TEXT NOT NULL,
            given_values TEXT NOT NULL,
            shown_values TEXT,
            unfilled TEXT,
            unused TEXT,
            steps TEXT NOT NULL,
            superseded_by TEXT,
            cancelled_by TEXT,
            outcome TEXT,
            needs_rollback INTEGER NOT NULL,
            hook_status TEXT,
            chain TEXT,
            gate TEXT,
            output_bytes INTEGER NOT NULL,
            output_cut_bytes INTEGER NOT NULL,
            output_head_bytes INTEGER,
            inline_log TEXT,
            summary TEXT,
            output_times BLOB
        ) STRICT;
        CREATE INDEX children_of_parent ON children (parent, number);
        CREATE INDEX children_of_machine ON children (machine, service, number);
        CREATE INDEX children_that_succeeded ON children (machine, service, number) WHERE status = 'succeeded';
        CREATE TRIGGER rollouts_of_forgotten AFTER DELETE ON deployments BEGIN
            DELETE FROM children WHERE parent = OLD.id;
            DELETE FROM rollouts WHERE deployment_id = OLD.id;
        END;
        CREATE TABLE machines (
            name TEXT NOT NULL PRIMARY KEY,
            added_at INTEGER NOT NULL,
            shared_secret BLOB,
            joined_at INTEGER,
            last_seen_at INTEGER,
            version TEXT,
            join_secret BLOB,
            front_key BLOB,
            join_until INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE orders (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            expires_at INTEGER NOT NULL,
            refusal TEXT,
            reason TEXT,
            position INTEGER NOT NULL,
            marks INTEGER NOT NULL,
            is_reported INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX orders_unreported ON orders (number) WHERE is_reported = 0;
        CREATE INDEX orders_reported ON orders (expires_at) WHERE is_reported = 1
        """;

    /// <summary>Step N leads from version N to N + 1.</summary>
    internal static IReadOnlyList<string> Steps { get; } =
    [First, Second, Third, Fourth, Fifth, Sixth, Seventh, Eighth, Ninth, Tenth, Eleventh, Twelfth, Thirteenth];

    /// <exception cref="StorageException">The file is of another program, or of a newer version of this one.</exception>
    internal static void Check(RecordConnection connection, IReadOnlyList<string> steps)
    {
        var owner = Number(connection, "PRAGMA application_id");
        var isNew = owner == 0 && Number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (owner != ApplicationId && !isNew)
        {
            throw new StorageException(
                $"{connection.DataSource} is a database of another program: move it away, or choose another folder with --data."
            );
        }

        var version = Version(connection);
        if (version > steps.Count)
        {
            throw new StorageException(
                $"{connection.DataSource} was written by a newer Thin Deployer (version {version}, this one knows {steps.Count}): "
                    + "run that one, or choose another folder with --data."
            );
        }
    }

    /// <summary>Brings the file to the newest version; each step wholly or not at all.</summary>
    internal static void Migrate(RecordConnection connection, IReadOnlyList<string> steps)
    {
        for (var version = (int)Version(connection); version < steps.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;

            // A pragma takes no parameters.
            var next = (version + 1).ToString(CultureInfo.InvariantCulture);
            var owner = ApplicationId.ToString(CultureInfo.InvariantCulture);
#pragma warning disable CA2100 // Nothing in this text comes from outside.
            command.CommandText = $"{steps[version]};\nPRAGMA user_version = {next};\nPRAGMA application_id = {owner};";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    internal static long Version(RecordConnection connection) => Number(connection, "PRAGMA user_version");

    private static long Number(RecordConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        return (long)statement.Scalar()!;
    }
}
