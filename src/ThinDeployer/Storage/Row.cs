using System.Text;
using SQLitePCL;

namespace ThinDeployer.Storage;

/// <summary>
/// The row that a statement stands on, read without the checks that <c>SqliteDataReader</c> makes for each value: a page of
/// history has a thousand of them. Columns count from 0, and have the type that <see cref="Schema"/> gives them.
/// </summary>
internal readonly struct Row(sqlite3_stmt statement)
{
    internal long Number(int column) => raw.sqlite3_column_int64(statement, column);

    /// <summary>SQLite gives 0 for NULL (https://sqlite.org/c3ref/column_blob.html).</summary>
    internal long? NumberOrNull(int column) =>
        Number(column) is var number && number == 0 && IsNull(column) ? null : number;

    /// <summary>Of UNIX milliseconds.</summary>
    internal DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Number(column));

    internal DateTimeOffset? TimeOrNull(int column) =>
        NumberOrNull(column) is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    internal bool Flag(int column) => Number(column) != 0;

    internal string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    internal string? TextOrNull(int column) =>
        Utf8(column) is { IsEmpty: false } text ? Encoding.UTF8.GetString(text)
        : IsNull(column) ? null
        : "";

    /// <summary>Empty for NULL. Good until another column or row is read.</summary>
    internal ReadOnlySpan<byte> Utf8(int column) => Bytes(column);

    /// <summary>Empty for NULL. Good until another column or row is read.</summary>
    internal ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    private bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;
}
