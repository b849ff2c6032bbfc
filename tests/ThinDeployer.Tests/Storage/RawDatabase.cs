using Microsoft.Data.Sqlite;

namespace ThinDeployer.Tests.Storage;

/// <summary>A database file as any other program sees it.</summary>
internal static class RawDatabase
{
    internal static SqliteConnection Open(string path)
    {
        var how = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false };
        var connection = new SqliteConnection(how.ConnectionString);
        connection.Open();
        return connection;
    }

    internal static object? Scalar(string path, string sql)
    {
        using var connection = Open(path);
        return Scalar(connection, sql);
    }

    internal static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
