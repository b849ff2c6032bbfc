using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What the server says of a data folder that it can't use. Each ends it with one line.</summary>
public sealed class DataFolderTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public DataFolderTests() => _workspace.Write("deployer.yml", ServiceYaml.Of("site", "true"));

    public void Dispose()
    {
        if (Directory.Exists(_workspace.Root))
        {
            _workspace.Dispose();
        }
    }

    [Fact]
    public async Task A_folder_that_another_server_uses_is_refused_with_its_number()
    {
        await using var first = await RunningServer.StartAsync(ServerStart.With(_workspace));
        var holder = File.ReadAllText(Path.Combine(_workspace.Data, "lock.pid"));

        var line = await RefusalAsync();

        Assert.Contains($"process {holder}", line, StringComparison.Ordinal);
        Assert.True(int.Parse(holder, CultureInfo.InvariantCulture) > 1);
        Assert.Equal(202, (await first.DeployAsync("site")).Status);
    }

    [Fact]
    public async Task A_file_in_its_place_is_refused()
    {
        Directory.Delete(_workspace.Data);
        _workspace.Write("data", "not a folder");

        Assert.Contains("it is a file", await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_is_none_is_refused_and_left_alone()
    {
        var path = Path.Combine(_workspace.Data, "deployments.db");
        var text = string.Concat(Enumerable.Repeat("this is no database\n", 200));
        File.WriteAllText(path, text);

        Assert.Contains(path, await RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public async Task The_folder_is_its_owners_alone()
    {
        Directory.Delete(_workspace.Data);
        await using var server = await RunningServer.StartAsync(ServerStart.With(_workspace));

        var mode = File.GetUnixFileMode(_workspace.Data);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mode);
    }

    private async Task<string> RefusalAsync()
    {
        var run = await ServerStart.EndsAsync(_workspace);

        Assert.Equal(ServerStart.CouldNotStart, run.ExitCode);
        return Assert.Single(ServerStart.ErrorLines(run));
    }
}
