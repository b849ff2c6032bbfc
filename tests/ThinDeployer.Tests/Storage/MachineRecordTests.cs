using System.Security.Cryptography;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Storage;

/// <summary>The machines of a front, in a real record.</summary>
public sealed class MachineRecordTests : IAsyncLifetime
{
    private RecordHarness _harness = null!;

    public async Task InitializeAsync() => _harness = await RecordHarness.StartAsync();

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task Machines_are_there_after_the_next_start_with_all_that_they_say()
    {
        var pending = new MachineEntry("web-2", Sample.Noon)
        {
            Pending = new PendingJoin(
                RandomNumberGenerator.GetBytes(32),
                RandomNumberGenerator.GetBytes(138),
                Sample.Noon.AddHours(1)
            ),
        };
        var joined = new MachineEntry("web-1", Sample.Noon.AddDays(-1))
        {
            SharedSecret = new byte[32],
            JoinedAt = Sample.Noon.AddHours(-1),
            LastSeenAt = Sample.Noon,
            Version = "3.2.1",
        };
        await _harness.Record.Machines.SaveAsync(pending);
        await _harness.Record.Machines.SaveAsync(joined);

        await _harness.ReopenAsync();

        var kept = _harness.Record.Machines.All();
        Assert.Equal(2, kept.Count);
        Assert.Equal(Content(joined), Content(kept[0]));
        Assert.Equal(Content(pending), Content(kept[1]));
    }

    [Fact]
    public async Task A_machine_that_has_joined_is_the_same_one_without_its_code()
    {
        var pending = new MachineEntry("web-1", Sample.Noon)
        {
            Pending = new PendingJoin(new byte[32], new byte[138], Sample.Noon.AddHours(1)),
        };
        await _harness.Record.Machines.SaveAsync(pending);
        var joined = pending with { Pending = null, SharedSecret = [1, 2, 3], JoinedAt = Sample.Noon };

        await _harness.Record.Machines.SaveAsync(joined);

        Assert.Equal(Content(joined), Content(Assert.Single(_harness.Record.Machines.All())));
    }

    [Fact]
    public async Task A_machine_that_is_removed_is_gone_and_so_is_one_that_was_never_there()
    {
        await _harness.Record.Machines.SaveAsync(new MachineEntry("web-1", Sample.Noon));

        await _harness.Record.Machines.RemoveAsync("web-1");
        await _harness.Record.Machines.RemoveAsync("web-2");

        Assert.Empty(_harness.Record.Machines.All());
    }

    [Fact]
    public async Task Keys_are_for_the_owner_of_the_file_only()
    {
        await _harness.Record.Machines.SaveAsync(
            new MachineEntry("web-1", Sample.Noon) { SharedSecret = new byte[32] }
        );

        Assert.All(
            [_harness.DatabasePath, _harness.DatabasePath + "-wal"],
            path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path))
        );
    }

    /// <summary>Records compare their bytes by reference.</summary>
    private static object?[] Content(MachineEntry machine) =>
        [
            machine with
            {
                SharedSecret = null,
                Pending = null,
            },
            Hex(machine.SharedSecret),
            Hex(machine.Pending?.Secret),
            Hex(machine.Pending?.FrontKey),
            machine.Pending?.Until,
        ];

    private static string? Hex(byte[]? bytes) => bytes is null ? null : Convert.ToHexString(bytes);
}
