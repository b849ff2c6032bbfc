using ThinDeployer.Deployments;
using ThinDeployer.Storage;

namespace ThinDeployer.Tests.Storage;

public sealed class RetentionTests : IAsyncLifetime
{
    private RecordHarness _harness = null!;

    public async Task InitializeAsync() => _harness = await RecordHarness.StartAsync();

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task The_oldest_of_the_service_are_forgotten_with_their_logs()
    {
        await _harness.AcceptAsync(
            Sample.Ended(1),
            Sample.Ended(2, "blog"),
            Sample.Ended(3),
            Sample.Ended(4),
            Sample.Entry(5)
        );
        WriteLogs(1, 2, 3, 4, 5);

        await _harness.Record.EndAsync(Sample.Ended(5), keep: 2);

        Assert.Equal([5, 4, 2], Kept());
        await _harness.ReopenAsync();
        Assert.Equal([2, 4, 5], Logs());
    }

    [Fact]
    public async Task A_log_goes_without_a_restart()
    {
        await _harness.AcceptAsync(Sample.Ended(1));
        WriteLogs(1);

        await _harness.Record.EndAsync(Sample.Ended(2), keep: 1);

        // The log goes after the answer; what is saved next is answered after that.
        await _harness.AcceptAsync(Sample.Entry(3));
        Assert.Empty(Logs());
    }

    [Fact]
    public async Task A_log_stays_while_someone_holds_it()
    {
        await _harness.AcceptAsync(Sample.Ended(1), Sample.Ended(2));
        WriteLogs(1, 2);
        using var first = _harness.Record.HoldOutput(Sample.Id(1));
        var second = _harness.Record.HoldOutput(Sample.Id(1));

        await _harness.Record.EndAsync(Sample.Ended(3), keep: 1);
        await _harness.AcceptAsync(Sample.Entry(4));
        second.Dispose();
        second.Dispose();
        var held = Logs();
        first.Dispose();

        Assert.Equal([1], held);
        Assert.Empty(Logs());
    }

    [Fact]
    public async Task What_runs_waits_or_needs_a_rollback_is_never_forgotten()
    {
        await _harness.AcceptAsync(
            Sample.Entry(1),
            Sample.Entry(2, status: DeploymentStatus.Running),
            Sample.Ended(3, status: DeploymentStatus.Interrupted) with
            {
                NeedsRollback = true,
            },
            Sample.Ended(4)
        );
        WriteLogs(1, 2, 3, 4);

        await _harness.Record.EndAsync(Sample.Ended(5), keep: 0);

        Assert.Equal([3, 2, 1], Kept());
        await _harness.ReopenAsync();
        Assert.Equal([1, 2, 3], Logs());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_is_still_to_be_followed_is_not_forgotten(int keep)
    {
        await _harness.AcceptAsync(Sample.Entry(1));
        WriteLogs(1);
        await _harness.Record.EndAsync(Sample.Ended(1) with { Follows = ["blog"] }, keep);

        await _harness.Record.EndAsync(Sample.Ended(2), keep);

        var link = Assert.Single(_harness.Record.DueLinks());
        Assert.NotNull(_harness.Record.Find(link.After));
        await _harness.Record.AcceptAsync(Sample.Entry(3, "blog"), [], DeploymentOrigin.None with { Follows = link });
        await _harness.Record.EndAsync(Sample.Ended(4), keep: 1);
        Assert.Equal([4, 3], Kept());
        await _harness.AcceptAsync(Sample.Entry(5));
        Assert.Empty(Logs());
    }

    [Fact]
    public async Task What_stands_beside_the_log_of_a_forgotten_one_goes_too()
    {
        await _harness.AcceptAsync(Enumerable.Range(1, StoredOutputs.ForgottenBeforeLook).Select(n => Sample.Ended(n)));
        _harness.WriteLog(Sample.Id(1), ".log.tail");
        _harness.WriteLog(Sample.Id(200), ".log.tail");

        await _harness.Record.EndAsync(Sample.Ended(200), keep: 1);

        await _harness.AcceptAsync(Sample.Entry(201));
        Assert.False(File.Exists(_harness.LogPath(Sample.Id(1), ".log.tail")));
        Assert.True(File.Exists(_harness.LogPath(Sample.Id(200), ".log.tail")));
    }

    [Fact]
    public async Task What_stands_beside_a_log_goes_at_the_latest_with_the_program()
    {
        await _harness.AcceptAsync(Sample.Ended(1));
        _harness.WriteLog(Sample.Id(1), ".log.tail");
        await _harness.Record.EndAsync(Sample.Ended(2), keep: 1);

        await _harness.Record.DisposeAsync();

        Assert.Empty(Directory.EnumerateFiles(_harness.Record.Outputs.Folder));
    }

    [Fact]
    public async Task Logs_without_a_deployment_go_at_the_start()
    {
        await _harness.AcceptAsync(Sample.Ended(1), Sample.Ended(2));
        WriteLogs(1, 99);
        _harness.WriteLog(Sample.Id(99), ".log.tail");
        _harness.WriteLog("notes");
        _harness.WriteLog(Sample.Id(98), ".txt");

        await _harness.ReopenAsync();

        // A deployment whose log is missing stays, and so does a file that is none of ours.
        Assert.Equal([2, 1], Kept());
        Assert.Equal(
            [$"{Sample.Id(1)}.log", $"{Sample.Id(98)}.txt", "notes.log"],
            Directory
                .EnumerateFiles(_harness.Record.Outputs.Folder)
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task An_end_that_was_forgotten_before_is_kept_again()
    {
        var end = Sample.Ended(1);

        await _harness.Record.EndAsync(end, keep: 1);

        Assert.Equal(Sample.Content(end), Sample.Content(_harness.Record.Find(end.Id)!));
    }

    [Fact]
    public async Task A_negative_number_to_keep_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            _harness.Record.EndAsync(Sample.Ended(1), keep: -1)
        );

    private void WriteLogs(params long[] sequences)
    {
        foreach (var sequence in sequences)
        {
            _harness.WriteLog(Sample.Id(sequence));
        }
    }

    private IEnumerable<long> Kept() =>
        _harness
            .Record.List(new DeploymentFilter(Services: null, Status: null, Before: null, Limit: 100))
            .Select(entry => entry.Sequence);

    private IReadOnlyList<long> Logs() =>
        [.. Enumerable.Range(1, 100).Select(n => (long)n).Where(n => File.Exists(_harness.LogPath(Sample.Id(n))))];
}
