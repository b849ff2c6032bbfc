using Microsoft.Data.Sqlite;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Scheduling;

/// <summary>The record of a server that is gone. A test can't wait for a year, so it says that the server was away for one.</summary>
internal static class LeftRecord
{
    /// <summary>Whether a server has seen that a schedule is there, from which moment on it may be due.</summary>
    internal static bool HasBegun(Workspace workspace, string service) =>
        Scalar(workspace, $"SELECT count(*) FROM schedule_runs WHERE service = '{service}'") is > 0L;

    /// <summary>From now on, nobody was there for years.</summary>
    internal static Task WasAwayForYearsAsync(Workspace workspace) =>
        Task.FromResult(Scalar(workspace, "UPDATE schedule_runs SET due_at = 0"));

    private static object? Scalar(Workspace workspace, string sql)
    {
        var how = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(workspace.Data, "deployments.db"),
            Pooling = false,
        };
        using var connection = new SqliteConnection(how.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
