using System.Globalization;
using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Storage;

public sealed class SqliteRecordTests : IAsyncLifetime
{
    private RecordHarness _harness = null!;

    public async Task InitializeAsync() => _harness = await RecordHarness.StartAsync();

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task What_was_saved_is_there_after_the_next_start()
    {
        var first = Sample.Entry(1);
        var second = Sample.Ended(2) with { InlineOutput = " # Deployment started: shop\n" };
        await _harness.AcceptAsync(first, second);

        await _harness.ReopenAsync();

        Assert.Equal(Sample.Content(first), Content(first.Id));
        Assert.Equal(Sample.Content(second), Content(second.Id));
    }

    [Fact]
    public void An_id_that_was_never_given_finds_nothing() => Assert.Null(_harness.Record.Find(Sample.Id(1)));

    [Fact]
    public async Task A_start_makes_it_running()
    {
        var entry = Sample.Entry(1);
        await _harness.AcceptAsync(entry);

        await _harness.Record.StartAsync(Sample.Begins(entry.Id, Sample.Noon.AddSeconds(5)), Sample.Begun);

        var running = entry with
        {
            Status = DeploymentStatus.Running,
            StartedAt = Sample.Noon.AddSeconds(5),
            Steps = [Sample.Begun],
        };
        Assert.Equal(Sample.Content(running), Content(entry.Id));
    }

    [Fact]
    public async Task Steps_are_kept_while_it_still_runs()
    {
        var entry = Sample.Entry(1, status: DeploymentStatus.Running);
        await _harness.AcceptAsync(entry);
        StepResult[] steps = [.. Sample.Ended(1).Steps, Sample.Begun];

        await _harness.Record.SaveStepsAsync(entry.Id, steps);

        Assert.Equal(Sample.Content(entry with { Steps = steps }), Content(entry.Id));
    }

    [Fact]
    public async Task A_decision_is_kept_while_it_still_runs()
    {
        await _harness.AcceptAsync(Sample.Entry(1, status: DeploymentStatus.Running));

        await _harness.Record.DecideAsync(Sample.Id(1), DeploymentStatus.TimedOut, [Sample.Begun]);

        var entry = _harness.Record.Find(Sample.Id(1));
        Assert.Equal(DeploymentStatus.TimedOut, entry?.Outcome);
        Assert.Equal(DeploymentStatus.Running, entry?.Status);
        Assert.Equal([Sample.Begun], entry?.Steps);
    }

    [Fact]
    public async Task An_end_keeps_all_that_the_entry_says()
    {
        await _harness.AcceptAsync(Sample.Entry(1));
        var end = Sample.Ended(1, status: DeploymentStatus.Failed) with { Outcome = DeploymentStatus.Failed };

        await _harness.Record.EndAsync(end, keep: 10);

        Assert.Equal(Sample.Content(end), Content(end.Id));
    }

    [Fact]
    public async Task The_beginning_of_a_rollback_is_kept()
    {
        var interrupted = Sample.Ended(1, status: DeploymentStatus.Interrupted) with { NeedsRollback = true };
        await _harness.AcceptAsync(interrupted);

        await _harness.Record.BeginRollbackAsync(interrupted.Id, [.. interrupted.Steps, Sample.Back]);

        Assert.Equal(
            Sample.Content(interrupted with { NeedsRollback = false, Hooks = [Sample.Back] }),
            Content(interrupted.Id)
        );
    }

    [Fact]
    public async Task A_newer_one_takes_the_place_of_those_that_are_still_queued()
    {
        await _harness.AcceptAsync(Sample.Entry(1), Sample.Entry(2, status: DeploymentStatus.Running));
        var newer = Sample.Entry(3) with { AcceptedAt = Sample.Noon.AddMinutes(1) };

        await _harness.Record.AcceptAsync(newer, [Sample.Id(1), Sample.Id(2)]);

        var superseded = Sample.Entry(1) with
        {
            Status = DeploymentStatus.Superseded,
            FinishedAt = newer.AcceptedAt,
            SupersededBy = newer.Id,
        };
        Assert.Equal(Sample.Content(superseded), Content(superseded.Id));
        Assert.Equal(DeploymentStatus.Running, _harness.Record.Find(Sample.Id(2))?.Status);
    }

    [Fact]
    public async Task One_that_is_not_accepted_takes_no_place()
    {
        await _harness.AcceptAsync(Sample.Entry(1), Sample.Entry(2));

        await Assert.ThrowsAnyAsync<Exception>(() => _harness.Record.AcceptAsync(Sample.Entry(2), [Sample.Id(1)]));

        Assert.Equal(DeploymentStatus.Queued, _harness.Record.Find(Sample.Id(1))?.Status);
    }

    [Fact]
    public async Task What_has_not_ended_or_needs_a_rollback_is_unfinished_in_the_order_of_acceptance()
    {
        var rollback = Sample.Ended(2, status: DeploymentStatus.Interrupted) with { NeedsRollback = true };
        await _harness.AcceptAsync(
            Sample.Entry(4),
            Sample.Ended(1),
            Sample.Entry(3, status: DeploymentStatus.Running),
            rollback
        );

        var unfinished = _harness.Record.Unfinished();

        Assert.Equal([2, 3, 4], unfinished.Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task The_sequence_never_goes_back_though_the_last_were_forgotten()
    {
        Assert.Equal(0, _harness.Record.LastSequence);
        await _harness.AcceptAsync(Sample.Entry(7), Sample.Entry(41));
        await _harness.Record.EndAsync(Sample.Ended(41), keep: 0);

        await _harness.ReopenAsync();

        Assert.Null(_harness.Record.Find(Sample.Id(41)));
        Assert.Equal(41, _harness.Record.LastSequence);
    }

    [Fact]
    public async Task The_last_sequence_is_known_at_once()
    {
        await _harness.AcceptAsync(Sample.Entry(7), Sample.Entry(41), Sample.Entry(8));

        Assert.Equal(41, _harness.Record.LastSequence);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("steps")]
    [InlineData("decide")]
    [InlineData("rollback")]
    public async Task What_is_not_there_can_not_change(string what)
    {
        var id = Sample.Id(1);

        var change = what switch
        {
            "start" => _harness.Record.StartAsync(Sample.Begins(id, Sample.Noon), Sample.Begun),
            "steps" => _harness.Record.SaveStepsAsync(id, [Sample.Begun]),
            "decide" => _harness.Record.DecideAsync(id, DeploymentStatus.Failed, []),
            _ => _harness.Record.BeginRollbackAsync(id, []),
        };

        await Assert.ThrowsAsync<InvalidOperationException>(() => change);
        Assert.Null(_harness.Record.Trouble);
    }

    [Fact]
    public async Task Closing_saves_what_waits()
    {
        var saving = Enumerable.Range(1, 100).Select(n => _harness.Record.AcceptAsync(Sample.Entry(n), [])).ToList();

        await _harness.ReopenAsync();

        Assert.All(saving, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.Equal(100, _harness.Record.Unfinished().Count);
    }

    [Fact]
    public async Task Once_it_is_closed_one_file_holds_all()
    {
        await _harness.AcceptAsync(Sample.Entry(1));
        Assert.NotNull(_harness.Record.Find(Sample.Id(1)));

        await _harness.Record.DisposeAsync();

        Assert.Equal(
            [_harness.DatabasePath],
            Directory.EnumerateFiles(Path.GetDirectoryName(_harness.DatabasePath)!, "deployments.db*")
        );
    }

    [Fact]
    public async Task A_closed_record_says_so()
    {
        var closed = _harness.Record;
        await _harness.ReopenAsync();

        var fault = await Assert.ThrowsAsync<RecordUnavailableException>(() => closed.AcceptAsync(Sample.Entry(1), []));

        Assert.Equal("The record is closed, because the server is shutting down.", fault.Message);
    }

    [Fact]
    public async Task What_the_file_holds_stays_readable_for_later_versions()
    {
        await _harness.AcceptAsync(Sample.Ended(1));

        var row = (string?)
            _harness.Scalar(
                """
                SELECT concat_ws('|', sequence, id, service, status, accepted_at, started_at, finished_at, asked_by,
                    given_values, steps, needs_rollback, output_bytes, output_cut_bytes) FROM deployments
                """
            );

        Assert.Equal(
            """
            1|00000001-0001-0002-0000-000000000000|shop|succeeded|1772625600123|1772625601123|1772625603123
            |{"address":"192.0.2.7","method":"POST","who":"ci"}|{"branch":"main"}
            |[{"command":"git pull","status":"succeeded","exitCode":0,"attempts":1,"startedAt":1772625601123,"durationMs":1500}]
            |0|70000|5
            """.ReplaceLineEndings(""),
            row
        );
    }

    [Fact]
    public async Task Commits_are_synced_to_the_disk()
    {
        string? settings = null;
        await using var harness = await RecordHarness.StartAsync(connection =>
            settings = string.Join(
                ' ',
                (
                    (string[])["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "journal_size_limit"]
                ).Select(name =>
                    Convert.ToString(RawDatabase.Scalar(connection, "PRAGMA " + name), CultureInfo.InvariantCulture)
                )
            )
        );

        await harness.AcceptAsync(Sample.Entry(1));

        // FULL is 2 (https://sqlite.org/pragma.html#pragma_synchronous).
        Assert.Equal("wal 2 1 5000 16777216", settings);
    }

    private object?[] Content(string id) => Sample.Content(_harness.Record.Find(id)!);
}
