using Microsoft.Data.Sqlite;

namespace ThinDeployer.Storage;

/// <summary>
/// A copy of the record as it was at one moment, in one file, beside the server that goes on writing: a read transaction sees
/// one commit (https://sqlite.org/lang_vacuum.html, "VACUUM with an INTO clause").
/// </summary>
internal sealed class RecordCopy : IDisposable
{
    private readonly RecordConnection _live;
    private readonly RecordConnection _copy;
    private readonly Statement _find;

    private RecordCopy(RecordConnection live, RecordConnection copy)
    {
        _live = live;
        _copy = copy;
        Version = Schema.Version(copy);
        _find = new Statement(
            live,
            string.Join(
                " UNION ALL ",
                Tables.Select(table => $"SELECT status, inline_log FROM {table} WHERE id = $id")
            ),
            "$id"
        );
        Deployments = [.. Tables.SelectMany(Copied)];
    }

    /// <summary>Of deployments. The record of an earlier server has none for those of machines, and stays as it is.</summary>
    private IEnumerable<string> Tables =>
        Version < Schema.WithChildren ? ["deployments"] : new[] { "deployments", "children" };

    /// <summary>Of the tables.</summary>
    internal long Version { get; }

    /// <summary>With those of machines.</summary>
    internal IReadOnlyList<CopiedDeployment> Deployments { get; private set; }

    /// <summary>How many deployments there are; one on several machines is one.</summary>
    internal int Count => Deployments.Count(one => !one.IsChild);

    /// <param name="data">A data folder, which need not be held.</param>
    /// <param name="path">There is no file yet.</param>
    /// <exception cref="StorageException">The record can't be read, or the copy can't be written.</exception>
    internal static RecordCopy Take(string data, string path)
    {
        var record = Path.Combine(data, RecordFile.Name);
        if (!File.Exists(record))
        {
            throw new StorageException($"{data} has no record: name the data folder of a server with --data.");
        }

        RecordFile.LoadEngine();
        return Tried(
            record,
            () =>
            {
                var live = new RecordFile(record).OpenToRead();
                try
                {
                    Schema.Check(live, Schema.Steps);

                    // SQLite fills an empty file, and leaves it its mode.
                    DataFolder.Touch(path);
                    using (var copy = new Statement(live, "VACUUM INTO $path", "$path"))
                    {
                        copy.Run(path);
                    }

                    return new RecordCopy(live, new RecordFile(path).OpenCopy());
                }
                catch
                {
                    live.Dispose();
                    throw;
                }
            }
        );
    }

    /// <summary>How a deployment stands in the record now.</summary>
    internal LiveDeployment Now(string id) =>
        Tried(
            _live.DataSource,
            () =>
                _find
                    .Rows(
                        row => new LiveDeployment(
                            IsKnown: true,
                            IsUnfinished: row.Text(0) is "waiting" or "queued" or "running",
                            row.TextOrNull(1)
                        ),
                        id
                    )
                    .SingleOrDefault(new LiveDeployment(IsKnown: false, IsUnfinished: false, InlineOutput: null))
        );

    /// <summary>Takes deployments out of the copy.</summary>
    internal void Forget(IReadOnlySet<string> ids) =>
        Tried(
            _copy.DataSource,
            () =>
            {
                foreach (var table in Tables)
                {
                    using var forget = new Statement(_copy, $"DELETE FROM {table} WHERE id = $id", "$id");
                    foreach (var id in ids)
                    {
                        forget.Run(id);
                    }
                }

                Deployments = [.. Deployments.Where(one => !ids.Contains(one.Id))];
                return true;
            }
        );

    /// <exception cref="StorageException">The copy is damaged.</exception>
    internal void Check() => Check(_copy);

    /// <summary>
    /// Looks through a record that came from elsewhere, before anything uses it: whether it is sound, ours, of a version that is
    /// known, and names its deployments as we do, since files are called after them.
    /// </summary>
    /// <returns>How many deployments it has, and of which version it is.</returns>
    /// <exception cref="StorageException">It can't be used.</exception>
    internal static (int Deployments, long Version) Examine(string path)
    {
        RecordFile.LoadEngine();
        return Tried(
            path,
            () =>
            {
                using var record = new RecordFile(path).OpenCopy();
                var version = Schema.Version(record);
                if (version > Schema.Steps.Count)
                {
                    return (0, version);
                }

                Schema.Check(record, Schema.Steps);
                Check(record);
                RefuseForeign(record);
                if (version >= Schema.WithChildren)
                {
                    CountIds(record, "SELECT id FROM children");
                }

                return (CountIds(record, "SELECT id FROM deployments"), version);
            }
        );
    }

    private static int CountIds(RecordConnection record, string sql)
    {
        using var all = new Statement(record, sql);
        return all.Each(row =>
        {
            if (!Guid.TryParseExact(row.Text(0), "D", out _))
            {
                throw new StorageException("The record in it names a deployment by what is no id.");
            }
        });
    }

    private List<CopiedDeployment> Copied(string table)
    {
        using var all = new Statement(_copy, $"SELECT id, status, inline_log IS NOT NULL, output_bytes FROM {table}");
        return all.Rows(row => new CopiedDeployment(
            row.Text(0),
            IsUnfinished: row.Text(1) is "waiting" or "queued" or "running",
            HasFile: !row.Flag(2) && row.Number(3) > 0,
            IsChild: table == "children"
        ));
    }

    public void Dispose()
    {
        _copy.Dispose();
        _live.Dispose();
    }

    /// <summary>A trigger of somebody else would go on to change what the server writes.</summary>
    private static void RefuseForeign(RecordConnection record)
    {
        using var kept = new Statement(record, "SELECT sql FROM sqlite_schema WHERE type NOT IN ('table', 'index')");
        kept.Each(row =>
        {
            var sql = row.Text(0);
            if (!Schema.Steps.Any(step => step.Contains(sql, StringComparison.Ordinal)))
            {
                throw new StorageException("The record in it has triggers or views that are not ours.");
            }
        });
    }

    private static void Check(RecordConnection connection)
    {
        using var statement = new Statement(connection, "PRAGMA integrity_check(1)");
        if (statement.Scalar() is not "ok")
        {
            throw new StorageException($"{connection.DataSource} is damaged: PRAGMA integrity_check says what.");
        }
    }

    private static T Tried<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (SqliteException fault) when (SqliteFault.IsFull(fault))
        {
            throw new IOException("No space left on device", NoSpace);
        }
        catch (SqliteException fault)
        {
            throw new StorageException($"The record {path} can't be used: {SqliteFault.Reason(fault)}.", fault);
        }
    }

    /// <summary>ENOSPC, as the framework gives it.</summary>
    internal const int NoSpace = 28;
}

/// <summary>A deployment of the copy.</summary>
/// <param name="Id">Of the deployment.</param>
/// <param name="IsUnfinished">It has not ended.</param>
/// <param name="HasFile">Its output is not in the record.</param>
/// <param name="IsChild">It is that of one machine.</param>
internal sealed record CopiedDeployment(string Id, bool IsUnfinished, bool HasFile, bool IsChild);

/// <summary>A deployment in the record that a server may be writing.</summary>
/// <param name="IsKnown">False for one that was forgotten.</param>
/// <param name="IsUnfinished">It has not ended.</param>
/// <param name="InlineOutput">Of one that ended with little; null for others.</param>
internal sealed record LiveDeployment(bool IsKnown, bool IsUnfinished, string? InlineOutput);
