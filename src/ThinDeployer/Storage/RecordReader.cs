using System.Text.Json;
using Microsoft.Data.Sqlite;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>
/// Reads beside the writer without waiting for it: in the write-ahead log's mode each reader sees the last commit
/// (https://sqlite.org/wal.html).
/// </summary>
internal sealed class RecordReader(RecordFile file)
{
    private const string Select = $"SELECT {EntryRow.Columns} FROM deployments";

    private const string SelectShort = $"SELECT {EntryRow.ShortColumns} FROM deployments";

    /// <summary>
    /// Has no index, which each commit would have to write: to look through 100,000 rows in vain takes 26 ms.
    /// </summary>
    private const string IsAskedFor = " AND asked_by ->> 'who' = $who";

    private const string SelectSequence = "SELECT sequence FROM deployments WHERE id = $id";

    private readonly ReadConnections _connections = new(file);

    /// <summary>Looks into the record of a data folder that this program need not hold. It makes no file.</summary>
    /// <returns>Null where there is none, or one of another version of the program.</returns>
    /// <exception cref="RecordUnavailableException">It can't be read.</exception>
    /// <exception cref="StorageException">There is no SQLite.</exception>
    internal static async Task<T?> LookAsync<T>(string folder, Func<RecordReader, T> look)
        where T : class
    {
        var path = Path.Combine(folder, RecordFile.Name);
        if (!File.Exists(path))
        {
            return null;
        }

        RecordFile.LoadEngine();
        var reader = new RecordReader(RecordFile.ToLookAt(path));
        try
        {
            var version = reader.Read(connection => connection.Compiled("PRAGMA user_version").Scalar());
            return version is long number && number == Schema.Steps.Count ? look(reader) : null;
        }
        finally
        {
            await reader.CloseAsync();
        }
    }

    internal DeploymentEntry? Find(string id) =>
        Read(connection =>
        {
            var statement = connection.Compiled($"{Select} WHERE id = $id", "$id");
            return statement.Rows(EntryRow.Read, id).SingleOrDefault() ?? FindChild(connection, id);
        });

    /// <summary>By the index of the ids: behind all that continue a hexadecimal text comes what continues it by "g".</summary>
    internal IReadOnlyList<DeploymentEntry> FindByBeginning(
        string beginning,
        IReadOnlyCollection<string>? services,
        int limit
    ) =>
        Read(connection =>
        {
            var statement = connection.Compiled(
                $"""
                {SelectShort} WHERE id >= $from AND id < $to
                    AND ($services IS NULL OR service IN (SELECT value FROM json_each($services)))
                ORDER BY id LIMIT $limit
                """,
                "$from",
                "$to",
                "$services",
                "$limit"
            );
            var names = services is null ? null : RowJson.Write(services);
            return statement.Rows(EntryRow.Read, beginning, beginning + "g", names, limit);
        });

    /// <summary>The deployment that a delivery started.</summary>
    internal string? FindDelivered(string service, string deliveryId, DateTimeOffset since) =>
        Read(connection =>
        {
            var statement = connection.Compiled(
                """
                SELECT deployment_id FROM delivery_ids
                WHERE service = $service AND delivery_id = $delivery AND accepted_at >= $since
                """,
                "$service",
                "$delivery",
                "$since"
            );
            return (string?)statement.Scalar(service, deliveryId, since.ToUnixTimeMilliseconds());
        });

    internal IReadOnlyList<ChainLink> DueLinks() =>
        Read(connection =>
        {
            var statement = connection.Compiled("SELECT number, after, service FROM due_links ORDER BY number");
            return statement.Rows(row => new ChainLink(row.Number(0), row.Text(1), row.Text(2)));
        });

    internal IReadOnlyList<ScheduleMark> Schedules() =>
        Read(connection =>
            connection
                .Compiled("SELECT service, schedule, due_at FROM schedule_runs")
                .Rows(row => new ScheduleMark(row.Text(0), row.Text(1), row.Time(2)))
        );

    internal bool CopyPayload(string id, Stream to) =>
        Read(connection =>
        {
            var statement = connection.Compiled(
                "SELECT body FROM payload_parts WHERE deployment_id = $id ORDER BY part",
                "$id"
            );
            return statement.Each(row => to.Write(row.Bytes(0)), id) > 0;
        });

    internal IReadOnlyList<Delivery> Deliveries(string service) =>
        Read(connection =>
        {
            var statement = connection.Compiled(
                "SELECT content FROM deliveries WHERE service = $service ORDER BY number DESC",
                "$service"
            );
            return statement.Rows(row => DeliveryColumn.Read(service, row.Utf8(0)), service);
        });

    /// <summary>Hands out the question whether there is a deployment of an id, one of a machine included, for one who asks it often.</summary>
    internal void WithKnown(Action<Func<string, bool>> use) =>
        Read(connection =>
        {
            var statement = connection.Compiled(
                $"{SelectSequence} UNION ALL SELECT number FROM children WHERE id = $id",
                "$id"
            );
            use(id => statement.Scalar(id) is not null);
            return true;
        });

    internal IReadOnlyList<DeploymentEntry> List(DeploymentFilter filter) =>
        Read<IReadOnlyList<DeploymentEntry>>(connection =>
        {
            var before = filter.Before is { } id ? SequenceOf(connection, id) : long.MaxValue;
            if (before is null || filter.Limit <= 0)
            {
                return [];
            }

            var statement = connection.Compiled(
                Sql(filter),
                "$before",
                "$limit",
                "$status",
                "$services",
                "$who",
                "$since"
            );
            var services = filter.Services is { } names ? RowJson.Write(names.Distinct()) : null;
            return statement.Rows(
                EntryRow.Read,
                before,
                filter.Limit,
                filter.Status?.Name(),
                services,
                filter.Who,
                filter.Since?.ToUnixTimeMilliseconds()
            );
        });

    internal IReadOnlyList<DeploymentEntry> Unfinished() =>
        Read(connection =>
        {
            var statement = connection.Compiled($"{Select} WHERE {Schema.IsUnfinished} ORDER BY sequence");
            return statement.Rows(EntryRow.Read);
        });

    internal IReadOnlyList<PastDeployment> Newest(IReadOnlyCollection<string> services, int each) =>
        Read(connection =>
        {
            var statement = connection.Compiled(
                """
                SELECT past.service, past.id, past.status, past.accepted_at, past.started_at, past.finished_at,
                    past.duration_ms
                FROM json_each($services) AS named
                JOIN deployments AS past ON past.sequence IN (
                    SELECT sequence FROM deployments WHERE service = named.value ORDER BY sequence DESC LIMIT $each
                )
                ORDER BY named.key, past.sequence DESC
                """,
                "$services",
                "$each"
            );
            return statement.Rows(PastOf, RowJson.Write(services), each);
        });

    internal IReadOnlyList<DeploymentEntry> Standing(IReadOnlyCollection<string> services) =>
        Read(connection =>
        {
            var statement = connection.Compiled(
                $"""
                {SelectShort} WHERE sequence IN (
                    SELECT (SELECT max(sequence) FROM deployments WHERE service = value) FROM json_each($services)
                    UNION ALL
                    SELECT (
                        SELECT sequence FROM deployments
                        WHERE service = value AND status = 'succeeded' AND asked_by ->> 'onMachine' IS NULL
                        ORDER BY sequence DESC LIMIT 1
                    ) FROM json_each($services)
                )
                """,
                "$services"
            );
            return statement.Rows(EntryRow.Read, RowJson.Write(services));
        });

    /// <summary>Goes back from the newest of each service, in the index of services, to the first that fits.</summary>
    internal IReadOnlyDictionary<string, LastEnd> LastEnds(IReadOnlyCollection<string> services) =>
        Read(connection =>
        {
            var statement = connection.Compiled(
                """
                SELECT named.value, ended.sequence, ended.id, ended.status, succeeded.finished_at
                FROM json_each($services) AS named
                JOIN deployments AS ended ON ended.sequence = (
                    SELECT sequence FROM deployments
                    WHERE service = named.value AND started_at IS NOT NULL AND status NOT IN ('queued', 'running')
                    ORDER BY sequence DESC LIMIT 1
                )
                LEFT JOIN deployments AS succeeded ON succeeded.sequence = (
                    SELECT sequence FROM deployments
                    WHERE service = named.value AND status = 'succeeded'
                    ORDER BY sequence DESC LIMIT 1
                )
                """,
                "$services"
            );
            return statement
                .Rows(row => KeyValuePair.Create(row.Text(0), EndOf(row)), RowJson.Write(services))
                .ToDictionary(StringComparer.Ordinal);
        });

    /// <summary>Ids of deployments, by service.</summary>
    internal IReadOnlyDictionary<string, string> FailedRollbacks() =>
        Read(connection =>
        {
            var statement = connection.Compiled("SELECT service, deployment_id FROM failed_rollbacks");
            return statement
                .Rows(row => KeyValuePair.Create(row.Text(0), row.Text(1)))
                .ToDictionary(StringComparer.Ordinal);
        });

    internal IReadOnlyDictionary<string, Pause> Pauses() =>
        Read(connection =>
        {
            var statement = connection.Compiled("SELECT service, content FROM pauses");
            return statement
                .Rows(row => KeyValuePair.Create(row.Text(0), GateJson.ReadPause(row.Utf8(1))))
                .ToDictionary(StringComparer.Ordinal);
        });

    /// <summary>Zero where none was ever given.</summary>
    internal long LastSequence() =>
        Read(connection =>
        {
            var statement = connection.Compiled("SELECT seq FROM sqlite_sequence WHERE name = 'deployments'");
            return (long?)statement.Scalar() ?? 0;
        });

    /// <summary>Lets go of the file, once those have ended who read it now; nobody reads after that.</summary>
    internal Task CloseAsync() => _connections.CloseAsync();

    private static DeploymentEntry? FindChild(ReadConnection connection, string id)
    {
        var statement = connection.Compiled($"{ChildRow.Select} WHERE id = $id", "$id");
        return statement.Rows(ChildRow.Read, id).SingleOrDefault();
    }

    private static string Sql(DeploymentFilter filter)
    {
        var (index, wanted) = Wanted(filter.Status);
        wanted += filter.Who is null ? "" : IsAskedFor;
        wanted += filter.Since is null ? "" : " AND accepted_at >= $since";
        return filter.Services is null
            ? $"{SelectShort} {index} WHERE sequence < $before{wanted} ORDER BY sequence DESC LIMIT $limit"
            : Merged(index, wanted);
    }

    /// <summary>The index of a status, and what its query must say for that.</summary>
    private static (string Index, string Wanted) Wanted(DeploymentStatus? status) =>
        status switch
        {
            null => ("", ""),
            DeploymentStatus.Succeeded => ("", " AND status = $status"),
            DeploymentStatus.Waiting or DeploymentStatus.Queued or DeploymentStatus.Running => (
                Schema.ByUnfinished,
                $" AND {Schema.IsUnfinished} AND status = $status"
            ),
            _ => ("", $" AND {Schema.IsBadEnd} AND status = $status"),
        };

    /// <summary>
    /// Merges the newest of each service: a recursive query that is ordered gives the newest of all that wait in its
    /// queue, and takes in the one before it of the same service (https://sqlite.org/lang_with.html, "Controlling
    /// Depth-First Versus Breadth-First Search"). So only as many rows are looked up as there are services and results,
    /// however many there are.
    /// </summary>
    private static string Merged(string index, string wanted) =>
        $"""
            WITH RECURSIVE newest (service, sequence) AS (
                SELECT value, (
                    SELECT max(sequence) FROM deployments {index} WHERE service = value AND sequence < $before{wanted}
                ) FROM json_each($services)
                UNION ALL
                SELECT service, (
                    SELECT max(sequence) FROM deployments AS older {index}
                    WHERE older.service = newest.service AND older.sequence < newest.sequence{wanted}
                ) FROM newest WHERE sequence IS NOT NULL
                ORDER BY 2 DESC LIMIT $limit
            )
            {SelectShort} WHERE sequence IN (SELECT sequence FROM newest) ORDER BY sequence DESC
            """;

    private static LastEnd EndOf(Row row) => new(row.Number(1), row.Text(2), StatusOf(row.Text(3)), row.TimeOrNull(4));

    private static PastDeployment PastOf(Row row) =>
        new(
            row.Text(0),
            row.Text(1),
            StatusOf(row.Text(2)),
            row.Time(3),
            row.TimeOrNull(4),
            row.TimeOrNull(5),
            row.NumberOrNull(6) is { } measured ? TimeSpan.FromMilliseconds(measured) : null
        );

    private static DeploymentStatus StatusOf(string name) =>
        DeploymentStatuses.Parse(name) ?? throw new JsonException("A status that there is not.");

    private static long? SequenceOf(ReadConnection connection, string id)
    {
        var statement = connection.Compiled(SelectSequence, "$id");
        return (long?)statement.Scalar(id);
    }

    internal T Read<T>(Func<ReadConnection, T> read)
    {
        try
        {
            return _connections.Use(read);
        }
        catch (SqliteException fault)
        {
            throw new RecordUnavailableException($"The record can't be read: {SqliteFault.Reason(fault)}.", fault);
        }
        catch (JsonException fault)
        {
            throw new RecordUnavailableException("The record can't be read: a row of it is damaged.", fault);
        }
    }
}
