using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using ThinDeployer.Yaml;

namespace ThinDeployer.Storage;

/// <summary>The file of the record, and the connections to it.</summary>
internal sealed class RecordFile
{
    internal const string Name = "deployments.db";

    /// <summary>Why a file that was removed can't be written, as the end of a sentence.</summary>
    internal const string Removed = "it was removed or replaced; put the data folder back, or start the server anew";

    /// <summary>How long SQLite waits for a lock that another program holds, such as a backup's, in milliseconds.</summary>
    private const int BusyMilliseconds = 5_000;

    /// <summary>The write-ahead log is cut back to this when it is begun anew. Bytes.</summary>
    private const int JournalSizeLimit = 16 * 1024 * 1024;

    /// <summary>
    /// Pages of 4 KiB in the write-ahead log from which on it is copied back; a deployment writes some ten, and the same
    /// ones again and again.
    /// </summary>
    private const int PagesBeforeCheckpoint = 4_000;

    /// <summary>Pages, 64 MiB in all.</summary>
    private const long LargestRewritten = 16_384;

    private readonly SqliteConnectionStringBuilder _write;
    private readonly SqliteConnectionStringBuilder _read;

    /// <summary>Names what is open, once it is.</summary>
    private ulong? _inode;

    internal RecordFile(DataFolder folder)
        : this(folder.At(Name)) { }

    /// <param name="path">Of one that this program does not hold, and therefore only reads, or of a copy.</param>
    internal RecordFile(string path)
    {
        Path = path;

        // The timeout here, in seconds, only ends the client library's own retries; SQLite's are by its busy_timeout.
        _write = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        };
        _read = new SqliteConnectionStringBuilder(_write.ConnectionString) { Mode = SqliteOpenMode.ReadOnly };
    }

    /// <summary>
    /// Of a record that this program does not hold. To look at it makes no file: where no server has it open, SQLite would make
    /// its shared memory, unless it is told that nobody writes (https://sqlite.org/uri.html, "immutable").
    /// </summary>
    /// <param name="path">There is a file.</param>
    internal static RecordFile ToLookAt(string path) =>
        new(
            File.Exists($"{path}-wal")
                ? path
                : $"file:{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}?immutable=1"
        );

    internal string Path { get; }

    /// <summary>With the write-ahead log; 0 where it is gone.</summary>
    internal long Bytes =>
        new[] { Path, $"{Path}-wal" }.Sum(path => new FileInfo(path) is { Exists: true } file ? file.Length : 0);

    /// <summary>Whether the file that is open is another than the one that stands here: what is written to it is lost.</summary>
    internal bool IsRemoved => FileStatus.Of(Path)?.Inode != _inode;

    /// <summary>
    /// Loads SQLite. No connection is used by two threads at once, so it needs no lock for each call
    /// (https://sqlite.org/threadsafe.html, "Multi-thread"). Where it has begun its work already, it stays as it was.
    /// </summary>
    /// <returns>Its version.</returns>
    /// <exception cref="StorageException">There is none that this program could load.</exception>
    internal static string LoadEngine()
    {
        try
        {
            Batteries_V2.Init();
        }
        catch (Exception exception) when (exception.GetBaseException() is DllNotFoundException fault)
        {
            throw new StorageException(
                $"SQLite can't be loaded: {fault.Message.ReplaceLineEndings(" ").TrimEnd('.')}.",
                fault
            );
        }

        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);

        // Nobody asks how much memory it has in use, and it would take a lock each time it takes some.
        const int countsMemory = 9;
        _ = raw.sqlite3_config(countsMemory, 0);
        NativeHeap.KeepSpare();
        return raw.sqlite3_libversion().utf8_to_string();
    }

    /// <summary>Makes the file where there is none, and brings it to the newest version.</summary>
    /// <exception cref="StorageException">It can't be used.</exception>
    internal void Prepare(IReadOnlyList<string> steps)
    {
        LoadEngine();
        try
        {
            // Made here for the mode, which SQLite copies to the files beside it. An empty file is an empty database.
            // Never once a connection is open: closing a file drops all POSIX locks that the process has on it.
            DataFolder.Touch(Path);
            using var connection = Connect(_write);

            // Checked before anything is written: a file that is not ours, or not yet, stays as it is.
            Schema.Check(connection, steps);
            LetShrink(connection);
            Tune(connection);
            Schema.Migrate(connection, steps);
            _inode = FileStatus.Of(Path)?.Inode;
        }
        catch (SqliteException fault)
        {
            throw new StorageException($"The record {Path} can't be used: {SqliteFault.Reason(fault)}.", fault);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The record {Path} can't be used: {exception.Message.TrimEnd('.')}.",
                exception
            );
        }
    }

    internal RecordConnection OpenToWrite()
    {
        var connection = Connect(_write);
        try
        {
            Tune(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal RecordConnection OpenToRead() => Connect(_read);

    /// <summary>For a copy that nobody else knows: it stays one file.</summary>
    internal RecordConnection OpenCopy() => Connect(_write);

    private static RecordConnection Connect(SqliteConnectionStringBuilder how)
    {
        var connection = new RecordConnection(how.ConnectionString);
        try
        {
            connection.Open();
            PlanOnce(connection);
            Run(connection, $"PRAGMA busy_timeout = {BusyMilliseconds.ToString(CultureInfo.InvariantCulture)}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Keeps SQLite from compiling a statement anew for each value that might let it use a partial index: that takes more
    /// time than to run it (https://sqlite.org/c3ref/c_dbconfig_defensive.html, SQLITE_DBCONFIG_ENABLE_QPSG).
    /// </summary>
    private static void PlanOnce(RecordConnection connection)
    {
        const int stablePlans = 1007;
        _ = raw.sqlite3_db_config(connection.Handle!, stablePlans, 1, out _);
    }

    /// <summary>
    /// With FULL, a commit in the write-ahead log is synced before it is reported
    /// (https://sqlite.org/pragma.html#pragma_synchronous).
    /// </summary>
    private void Tune(RecordConnection connection)
    {
        if (Run(connection, "PRAGMA journal_mode = WAL") is not "wal")
        {
            throw new StorageException(
                $"The record {Path} can't be used: its file system lacks the shared memory that SQLite's write-ahead log needs; "
                    + "choose a folder on a local disk with --data."
            );
        }

        Run(connection, "PRAGMA synchronous = FULL");
        Run(connection, "PRAGMA foreign_keys = ON");
        Run(connection, $"PRAGMA wal_autocheckpoint = {PagesBeforeCheckpoint.ToString(CultureInfo.InvariantCulture)}");
        Run(connection, $"PRAGMA journal_size_limit = {JournalSizeLimit.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>
    /// What large bodies took is given back to the disk: "incremental" must be set before the first table, or be followed by
    /// VACUUM (https://sqlite.org/pragma.html#pragma_auto_vacuum), which writes the file anew: one that is large stays as it is.
    /// </summary>
    private static void LetShrink(RecordConnection connection)
    {
        const long incremental = 2;
        if (
            Run(connection, "PRAGMA auto_vacuum") is incremental
            || Run(connection, "PRAGMA page_count") is > LargestRewritten
        )
        {
            return;
        }

        Run(connection, "PRAGMA auto_vacuum = INCREMENTAL");
        Run(connection, "VACUUM");
    }

    private static object? Run(RecordConnection connection, string pragma)
    {
        using var statement = new Statement(connection, pragma);
        return statement.Scalar();
    }
}
