using System.Globalization;
using Microsoft.Data.Sqlite;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>
/// A data folder with many deployments. Really deploying them would take minutes: one is deployed, and its row copied,
/// whatever columns it has.
/// </summary>
internal static class KeptHistory
{
    /// <summary>The deployments are those of <c>kept0</c> to <c>kept9</c>, in turns.</summary>
    internal const int ServiceCount = 10;
    internal const string ServicePrefix = "kept";

    /// <summary>Ids of the copies, by a number from 0 on, as <c>string.format</c> of Lua and <c>printf</c> of SQLite take it.</summary>
    internal const string IdFormat = "01900000-0000-7000-8000-%012x";

    /// <param name="bench">Its native server makes the file.</param>
    /// <param name="count">Deployments in all.</param>
    /// <param name="keep">Of each service; where it is a tenth of the count, each further one pushes one out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<ServerFolder> MakeAsync(
        Workbench bench,
        int count,
        int keep,
        CancellationToken cancellationToken
    )
    {
        await Console.Error.WriteLineAsync($"a folder with {count} deployments kept");
        var folder = bench.NewFolder([.. Services.Standard, .. Services.Many(ServicePrefix, ServiceCount, keep)]);
        await using (
            var server = await RunningServer.StartAsync(bench.Native, folder, isOwned: false, cancellationToken)
        )
        {
            using var client = new HistoryClient(server);
            await client.DeployAsync(ServicePrefix + "0", cancellationToken);
        }

        Fill(Path.Combine(folder.Data, "deployments.db"), count - 1);
        return folder;
    }

    private static void Fill(string file, int copies)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Run("PRAGMA synchronous = OFF");
        var columns = Columns(connection);
        var values = columns.Select(column =>
            column switch
            {
                "sequence" => "sequence + 1 + n",
                "id" => $"printf('{IdFormat}', n)",
                "service" => $"'{ServicePrefix}' || (n % {Text(ServiceCount)})",
                _ => column,
            }
        );
        var made = Run(
            $"""
            WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {Text(copies)})
            INSERT INTO deployments ({string.Join(", ", columns)})
            SELECT {string.Join(", ", values)} FROM (SELECT * FROM deployments LIMIT 1), numbers ORDER BY n
            """
        );
        if (made != copies)
        {
            throw new BenchFaultException($"{file} got {made} rows, not {copies}: has its table changed?");
        }

        int Run(string sql)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of columns and numbers of ours.
            command.CommandText = sql;
#pragma warning restore CA2100
            return command.ExecuteNonQuery();
        }
    }

    private static List<string> Columns(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM pragma_table_info('deployments')";
        using var rows = command.ExecuteReader();
        var columns = new List<string>();
        while (rows.Read())
        {
            columns.Add(rows.GetString(0));
        }

        return columns;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
