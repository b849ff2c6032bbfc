using Microsoft.Data.Sqlite;

namespace ThinDeployer.Storage;

/// <summary>SQLite's result codes (https://sqlite.org/rescode.html) as the operator would say them.</summary>
internal static class SqliteFault
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Constraint = 19;
    private const int NotADatabase = 26;

    /// <summary>Why the file can't be used, as the end of a sentence.</summary>
    internal static string Reason(SqliteException fault) =>
        fault.SqliteErrorCode switch
        {
            Busy or Locked => "another program holds a lock on it",
            ReadOnly => "it is read-only",
            InputOutput => $"its disk can't be read or written (SQLite error {fault.SqliteExtendedErrorCode})",
            Corrupt or NotADatabase => "it is damaged, or no database: restore it from a backup, or move it away",
            Full => "its disk is full",
            CannotOpen => "it can't be opened",
            _ => fault.Message,
        };

    /// <summary>
    /// Whether there is no room left. The shared memory beside the write-ahead log grows, too: SQLITE_IOERR_SHMSIZE.
    /// </summary>
    internal static bool IsFull(Exception fault) =>
        fault is SqliteException { SqliteErrorCode: Full } or SqliteException { SqliteExtendedErrorCode: 4874 };

    /// <summary>Whether another try at once would wait in vain as long again.</summary>
    internal static bool IsBusy(Exception fault) => fault is SqliteException { SqliteErrorCode: Busy or Locked };

    /// <summary>Null where the request is at fault and not the file: an id given twice, for example.</summary>
    internal static string? ReasonNotToSave(Exception fault) =>
        fault switch
        {
            SqliteException { SqliteErrorCode: Constraint } => null,
            SqliteException sqlite => Reason(sqlite),
            StorageException or IOException or UnauthorizedAccessException => fault.Message.TrimEnd('.'),
            _ => null,
        };
}
