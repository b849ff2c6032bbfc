using Microsoft.Data.Sqlite;

namespace ThinDeployer.Storage;

/// <summary>One SQL statement, compiled once and run with other values each time.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    /// <param name="sql">A text of the program's own, never one from outside.</param>
    /// <param name="parameters">Their names as the text has them, in the order of the values.</param>
    internal Statement(SqliteConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // All texts are constants of this room; what comes from outside is a parameter.
        _command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
    }

    /// <returns>How many rows it changed.</returns>
    internal int Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row; null where there is none.</summary>
    internal object? Scalar(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteScalar() is { } value and not DBNull ? value : null;
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
        using var reader = _command.ExecuteReader();
        var row = new Row(reader.Handle!);
        var count = 0;
        for (; reader.Read(); count++)
        {
            use(row);
        }

        return count;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            _command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }
    }
}
