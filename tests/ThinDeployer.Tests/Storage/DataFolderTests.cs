using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Storage;

namespace ThinDeployer.Tests.Storage;

[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _temporary = new();
    private readonly FakeTimeProvider _time = new();

    private string DataPath => _temporary.At("state/thin-deployer");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_new_folder_is_for_its_owner_only()
    {
        using var folder = await OpenAsync();

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(DataPath));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(folder.OutputFolder));
        Assert.All(
            Directory.EnumerateFiles(DataPath),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file))
        );
    }

    [Fact]
    public async Task The_files_of_the_record_are_for_their_owner_only()
    {
        await using var harness = await RecordHarness.StartAsync(path: DataPath);
        await harness.AcceptAsync(Sample.Entry(1));

        Assert.All(
            Directory.EnumerateFiles(DataPath, "deployments.db*"),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file))
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("deployments.db")]
    public async Task One_that_others_may_write_is_closed_to_them(string? content)
    {
        MakeOpenToAll(content);

        using var folder = await OpenAsync();

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(DataPath));
    }

    [Fact]
    public async Task One_that_others_may_write_and_that_holds_other_things_is_refused()
    {
        MakeOpenToAll("somebody's");

        var fault = await Assert.ThrowsAsync<StorageException>(() => OpenAsync());

        Assert.Contains("others may write it; chmod 700 it", fault.Message, StringComparison.Ordinal);
        Assert.True(File.GetUnixFileMode(DataPath).HasFlag(UnixFileMode.OtherWrite));
    }

    private void MakeOpenToAll(string? content)
    {
        Directory.CreateDirectory(DataPath);
        File.SetUnixFileMode(DataPath, OwnerOnly | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite);
        if (content is not null)
        {
            File.WriteAllText(Path.Join(DataPath, content), "");
        }
    }

    [Fact]
    public async Task A_folder_that_exists_keeps_its_mode()
    {
        var looser = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        Directory.CreateDirectory(DataPath, looser);

        using var folder = await OpenAsync();

        Assert.Equal(looser, File.GetUnixFileMode(DataPath));
    }

    [Fact]
    public async Task A_folder_is_held_by_one_at_a_time_and_the_other_is_told_by_whom()
    {
        using var folder = await OpenAsync();

        var fault = await Assert.ThrowsAsync<StorageException>(() => OpenAsync());

        var id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(
            $"The data folder {DataPath} is in use by another Thin Deployer (process {id}): "
                + "stop that one, or give this one a folder of its own with --data.",
            fault.Message
        );
    }

    [Fact]
    public async Task A_folder_that_was_let_go_can_be_taken()
    {
        (await OpenAsync()).Dispose();

        using var folder = await OpenAsync();

        Assert.Equal(DataPath, folder.FullName);
    }

    [Fact]
    public async Task A_program_that_was_started_meanwhile_does_not_hold_it()
    {
        var folder = await OpenAsync();
        using var started = Process.Start(
            new ProcessStartInfo("cat") { UseShellExecute = false, RedirectStandardInput = true }
        )!;

        folder.Dispose();

        using var again = await OpenAsync();
        Assert.False(started.HasExited);
        started.StandardInput.Close();
        await started.WaitForExitAsync();
    }

    [Fact]
    public async Task Another_program_that_holds_the_folder_is_waited_for()
    {
        (await OpenAsync()).Dispose();
        using var other = await OtherProgramAsync();
        var opening = OpenAsync(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(opening.IsCompleted);

        other.Kill();
        await other.WaitForExitAsync();
        await AdvanceUntilAsync(opening);

        using var folder = await opening;
    }

    [Fact]
    public async Task Waiting_ends_when_patience_does()
    {
        using var folder = await OpenAsync();
        var opening = OpenAsync(TimeSpan.FromSeconds(10));
        var start = _time.GetTimestamp();

        await AdvanceUntilAsync(opening);

        await Assert.ThrowsAsync<StorageException>(() => opening);
        Assert.True(_time.GetElapsedTime(start) >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Waiting_can_be_given_up()
    {
        using var folder = await OpenAsync();
        using var stop = new CancellationTokenSource();
        var opening = DataFolder.OpenAsync(DataPath, TimeSpan.FromSeconds(10), _time, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Fact]
    public async Task A_file_in_its_place_is_one_sentence()
    {
        var path = _temporary.Write("data", [1]);

        var fault = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(path: path));

        Assert.Equal($"The data folder {path} can't be used: it is a file.", fault.Message);
    }

    [Fact]
    public async Task A_place_where_nothing_can_be_made_is_one_sentence()
    {
        // The kernel refuses this to root too.
        const string path = "/proc/thin-deployer";

        var fault = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(path: path));

        Assert.StartsWith($"The data folder {path} can't be used: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private Task<DataFolder> OpenAsync(TimeSpan patience = default, string? path = null) =>
        DataFolder.OpenAsync(path ?? DataPath, patience, _time, CancellationToken.None);

    private async Task AdvanceUntilAsync(Task done)
    {
        while (!done.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    /// <summary>Holds the lock as the kernel sees it, by flock(1).</summary>
    private async Task<Process> OtherProgramAsync()
    {
        // A process that is killed must be the one that holds the lock: hence exec, with the file inherited.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec 9>>lock && flock 9 && echo held && exec cat"])
        {
            WorkingDirectory = DataPath,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var other = Process.Start(start)!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync());
        return other;
    }
}
