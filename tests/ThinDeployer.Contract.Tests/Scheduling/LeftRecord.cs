using Microsoft.Data.Sqlite;
using SQLitePCL;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Scheduling;

/// <summary>The record of a server that is gone. A test can't wait for a year, so it says that the server was away for one.</summary>
internal static class LeftRecord
{
    /// <summary>SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE (https://sqlite.org/c3ref/c_dbconfig_defensive.html).</summary>
    private const int NoCheckpointOnClose = 1006;

    /// <summary>Whether a server has seen that a schedule is there, from which moment on it may be due.</summary>
    internal static bool HasBegun(Workspace workspace, string service) =>
        Scalar(workspace, $"SELECT count(*) FROM schedule_runs WHERE service = '{service}'") is > 0L;

    /// <summary>From now on, nobody was there for years.</summary>
    internal static Task WasAwayForYearsAsync(Workspace workspace) =>
        Task.FromResult(Scalar(workspace, "UPDATE schedule_runs SET due_at = 0"));

    /// <summary>What came, came just now: a server knows a delivery again for a day.</summary>
    internal static void DeliveriesCameNow(Workspace workspace) =>
        Scalar(
            workspace,
            $"UPDATE delivery_ids SET accepted_at = {TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}"
        );

    private static object? Scalar(Workspace workspace, string sql)
    {
        var how = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(workspace.Data, "deployments.db"),
            Pooling = false,
        };
        using var connection = new SqliteConnection(how.ConnectionString);
        connection.Open();
        // Its write-ahead log stays, as a killed server leaves it.
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_db_config(connection.Handle!, NoCheckpointOnClose, 1, out _));
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
