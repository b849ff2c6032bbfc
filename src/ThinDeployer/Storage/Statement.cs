using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ThinDeployer.Storage;

/// <summary>
/// One SQL statement, compiled once and run with other values each time. It speaks to SQLite itself: <c>SqliteCommand</c> and its
/// reader take more time for a row than SQLite does.
/// </summary>
/// <remarks>Faults are <see cref="SqliteException"/>. A lock is waited for by SQLite (<c>busy_timeout</c>).</remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _places;

    /// <param name="connection">It disposes of this.</param>
    /// <param name="sql">A text of the program's own, never one from outside.</param>
    /// <param name="parameters">Their names as the text has them, in the order of the values.</param>
    internal Statement(RecordConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        connection.Add(this);
        _places = new int[parameters.Length];
        for (var index = 0; index < parameters.Length; index++)
        {
            // 0 where this text does without one.
            _places[index] = raw.sqlite3_bind_parameter_index(_statement, parameters[index]);
        }
    }

    /// <returns>How many rows it changed.</returns>
    internal int Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            while (Step()) { }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first value of the first row; null where there is none.</summary>
    internal object? Scalar(params ReadOnlySpan<object?> values)
    {
        object? first = null;
        Bind(values);
        try
        {
            if (Step())
            {
                first = Value();

                // What the statement does besides, it does behind its last row.
                while (Step()) { }
            }
        }
        finally
        {
            Reset();
        }

        return first;
    }

    /// <summary>All rows, read to the end.</summary>
    internal List<T> Rows<T>(Func<Row, T> read, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        Each(row => rows.Add(read(row)), values);
        return rows;
    }

    /// <summary>Hands on all rows, one after the other, so that their number does not matter.</summary>
    /// <returns>How many there were.</returns>
    internal int Each(Action<Row> use, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            var row = new Row(_statement);
            var count = 0;
            for (; Step(); count++)
            {
                use(row);
            }

            return count;
        }
        finally
        {
            Reset();
        }
    }

    public void Dispose() => _statement.Dispose();

    private bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        Check(result);
        return false;
    }

    /// <summary>It gives the fault of the last step once more.</summary>
    private void Reset()
    {
        _ = raw.sqlite3_reset(_statement);
        _ = raw.sqlite3_clear_bindings(_statement);
    }

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            if (_places[index] is > 0 and var place)
            {
                Check(Bind(place, values[index]));
            }
        }
    }

    private int Bind(int place, object? value) =>
        value switch
        {
            null => raw.sqlite3_bind_null(_statement, place),
            long number => raw.sqlite3_bind_int64(_statement, place, number),
            int number => raw.sqlite3_bind_int64(_statement, place, number),
            bool flag => raw.sqlite3_bind_int64(_statement, place, flag ? 1 : 0),
            byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
            string text => Bind(place, text),
            _ => throw new ArgumentException($"No column has values of {value.GetType()}.", nameof(value)),
        };

    /// <summary>SQLite copies it.</summary>
    private int Bind(int place, string text)
    {
        if (text.Length == 0)
        {
            // Bytes that are nowhere would be NULL.
            return raw.sqlite3_bind_text(_statement, place, text);
        }

        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var length = Encoding.UTF8.GetBytes(text, bytes);
            return raw.sqlite3_bind_text(_statement, place, bytes.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private object? Value() =>
        raw.sqlite3_column_type(_statement, 0) switch
        {
            raw.SQLITE_NULL => null,
            raw.SQLITE_INTEGER => raw.sqlite3_column_int64(_statement, 0),
            _ => new Row(_statement).Text(0),
        };

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
