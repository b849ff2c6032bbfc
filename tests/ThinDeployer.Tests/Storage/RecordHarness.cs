using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Deployments;
using ThinDeployer.Storage;

namespace ThinDeployer.Tests.Storage;

/// <summary>A record in a data folder of its own, which can be closed and opened again.</summary>
internal sealed class RecordHarness : IAsyncDisposable
{
    private readonly TemporaryFolder? _temporary;
    private readonly string _path;
    private readonly Action<SqliteConnection>? _beforeGroup;
    private DataFolder _folder = null!;

    private RecordHarness(string? path, Action<SqliteConnection>? beforeGroup)
    {
        _temporary = path is null ? new TemporaryFolder() : null;
        _path = path ?? _temporary!.At("data");
        _beforeGroup = beforeGroup;
    }

    internal SqliteRecord Record { get; private set; } = null!;

    internal string ReservePath => _folder.At("reserve");

    internal string DatabasePath => _folder.At("deployments.db");

    /// <param name="path">Null for a temporary folder.</param>
    internal static async Task<RecordHarness> StartAsync(
        Action<SqliteConnection>? beforeGroup = null,
        string? path = null
    )
    {
        var harness = new RecordHarness(path, beforeGroup);
        await harness.OpenAsync();
        return harness;
    }

    internal async Task ReopenAsync(Action? between = null)
    {
        await CloseAsync();
        between?.Invoke();
        await OpenAsync();
    }

    /// <summary>What another program would read from the file.</summary>
    internal object? Scalar(string sql) => RawDatabase.Scalar(DatabasePath, sql);

    internal string LogPath(string id, string suffix = ".log") => Path.Combine(Record.Outputs.Folder, id + suffix);

    internal void WriteLog(string id, string suffix = ".log") => File.WriteAllText(LogPath(id, suffix), "output");

    internal Task AcceptAsync(params IEnumerable<DeploymentEntry> entries) =>
        Task.WhenAll(entries.Select(entry => Record.AcceptAsync(entry, [])));

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _temporary?.Dispose();
    }

    private async Task OpenAsync()
    {
        _folder = await DataFolder.OpenAsync(_path, TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        try
        {
            Record = SqliteRecord.Open(_folder, NullLogger<SqliteRecord>.Instance, outbox: null, _beforeGroup);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    private async Task CloseAsync()
    {
        await Record.DisposeAsync();
        _folder.Dispose();
    }
}
