using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Storage;

public sealed class FullDiskTests
{
    private const string DiskIsFull = "The record can't be written: its disk is full.";

    public static TheoryData<string> Disks => [.. SmallDisk.Kinds];

    [Theory]
    [MemberData(nameof(Disks))]
    public async Task What_does_not_fit_is_not_saved_and_the_reason_is_known(string kind)
    {
        using var disk = SmallDisk.Of(kind);
        await using var harness = await RecordHarness.StartAsync(disk.BeforeGroup, disk.FullName);
        await harness.AcceptAsync(Sample.Entry(1));
        disk.Fill();

        var fault = await Assert.ThrowsAsync<RecordUnavailableException>(() => AcceptLargeAsync(harness, 2));

        Assert.Equal(DiskIsFull, fault.Message);
        Assert.Equal(DiskIsFull, harness.Record.Trouble);
        Assert.Equal(1, harness.Record.LastSequence);
        Assert.Null(harness.Record.Find(Sample.Id(2)));
        Assert.NotNull(harness.Record.Find(Sample.Id(1)));
    }

    [Theory]
    [MemberData(nameof(Disks))]
    public async Task The_record_recovers_by_itself_once_there_is_room(string kind)
    {
        using var disk = SmallDisk.Of(kind);
        await using var harness = await RecordHarness.StartAsync(disk.BeforeGroup, disk.FullName);
        disk.Fill();
        await Assert.ThrowsAsync<RecordUnavailableException>(() => AcceptLargeAsync(harness, 1));
        disk.Empty();

        await AcceptLargeAsync(harness, 2);

        Assert.Null(harness.Record.Trouble);
        await harness.ReopenAsync();
        Assert.Equal([2], harness.Record.Unfinished().Select(entry => entry.Sequence));
    }

    [Theory]
    [MemberData(nameof(Disks))]
    public async Task An_end_that_can_not_be_saved_takes_no_log_away(string kind)
    {
        using var disk = SmallDisk.Of(kind);
        await using var harness = await RecordHarness.StartAsync(disk.BeforeGroup, disk.FullName);
        File.Delete(harness.ReservePath);
        await harness.AcceptAsync(Sample.Ended(1), Sample.Entry(2));
        harness.WriteLog(Sample.Id(1));
        disk.Fill();
        var end = Sample.Ended(2) with { InlineOutput = new string('x', 200_000) };

        await Assert.ThrowsAsync<RecordUnavailableException>(() => harness.Record.EndAsync(end, keep: 1));

        Assert.NotNull(harness.Record.Find(Sample.Id(1)));
        Assert.Equal(DeploymentStatus.Queued, harness.Record.Find(Sample.Id(2))?.Status);
        Assert.True(File.Exists(harness.LogPath(Sample.Id(1))));
    }

    [Fact]
    public async Task An_end_takes_the_room_that_is_kept_for_it_and_nothing_new_is_taken_until_it_is_kept_again()
    {
        using var disk = new MountedDisk();
        await using var harness = await RecordHarness.StartAsync(disk.BeforeGroup, disk.FullName);
        await harness.AcceptAsync(Sample.Entry(1), Sample.Entry(2));
        disk.Fill();

        await harness.Record.EndAsync(Sample.Ended(1), keep: 9);
        var refused = await Assert.ThrowsAsync<RecordUnavailableException>(() => harness.AcceptAsync(Sample.Entry(3)));
        await harness.Record.EndAsync(Sample.Ended(2), keep: 9);
        disk.Empty();
        await harness.AcceptAsync(Sample.Entry(4));

        Assert.EndsWith("the disk is full", refused.Message, StringComparison.Ordinal);
        Assert.Equal([4], harness.Record.Unfinished().Select(entry => entry.Sequence));
        Assert.True(File.Exists(harness.ReservePath));
    }

    [Fact]
    public async Task A_small_one_is_saved_beside_a_large_one_that_does_not_fit()
    {
        using var disk = new PageLimit();
        await using var harness = await RecordHarness.StartAsync(disk.BeforeGroup, disk.FullName);
        await harness.AcceptAsync(Sample.Entry(1));
        disk.Fill();

        var large = AcceptLargeAsync(harness, 2);
        var small = harness.AcceptAsync(Sample.Entry(3));

        await Assert.ThrowsAsync<RecordUnavailableException>(() => large);
        await small;
    }

    [Fact]
    public async Task A_file_that_became_read_only_is_said_so()
    {
        await using var harness = await RecordHarness.StartAsync(connection =>
            RawDatabase.Scalar(connection, "PRAGMA query_only = 1")
        );

        var fault = await Assert.ThrowsAsync<RecordUnavailableException>(() => harness.AcceptAsync(Sample.Entry(1)));

        Assert.Equal("The record can't be written: it is read-only.", fault.Message);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_told_of_as_soon_as_somebody_asks()
    {
        await using var harness = await RecordHarness.StartAsync();

        File.Move(harness.DatabasePath, harness.DatabasePath + ".away");
        var gone = harness.Record.Trouble;
        File.Move(harness.DatabasePath + ".away", harness.DatabasePath);

        Assert.Contains("it was removed or replaced", gone, StringComparison.Ordinal);
        Assert.Null(harness.Record.Trouble);
    }

    [Fact]
    public async Task A_lock_of_another_program_is_waited_for_and_then_said_so()
    {
        // The client library's own patience of a second is the shortest there is.
        await using var harness = await RecordHarness.StartAsync(connection =>
            RawDatabase.Scalar(connection, "PRAGMA busy_timeout = 0")
        );
        using var other = RawDatabase.Open(harness.DatabasePath);
        RawDatabase.Scalar(other, "BEGIN IMMEDIATE");

        var fault = await Assert.ThrowsAsync<RecordUnavailableException>(() => harness.AcceptAsync(Sample.Entry(1)));

        Assert.Equal("The record can't be written: another program holds a lock on it.", fault.Message);
        RawDatabase.Scalar(other, "ROLLBACK");
        await harness.AcceptAsync(Sample.Entry(1));
        Assert.Null(harness.Record.Trouble);
    }

    [Fact]
    public async Task A_record_that_is_damaged_while_it_is_open_is_said_so_when_it_is_read()
    {
        await using var harness = await RecordHarness.StartAsync();
        await harness.AcceptAsync(Sample.Entry(1));
        RawDatabase.Scalar(harness.DatabasePath, "UPDATE deployments SET asked_by = 'nonsense'");

        var fault = Assert.Throws<RecordUnavailableException>(() => harness.Record.Find(Sample.Id(1)));

        Assert.Equal("The record can't be read: a row of it is damaged.", fault.Message);
    }

    private static Task AcceptLargeAsync(RecordHarness harness, long sequence) =>
        harness.AcceptAsync(
            Sample.Entry(sequence) with
            {
                Values = new Dictionary<string, string> { ["large"] = new string('x', 200_000) },
            }
        );
}
