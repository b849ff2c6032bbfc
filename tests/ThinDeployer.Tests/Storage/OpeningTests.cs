using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Deployments;
using ThinDeployer.Storage;

namespace ThinDeployer.Tests.Storage;

/// <summary>What the record makes of the file that it finds.</summary>
public sealed class OpeningTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private DataFolder _folder = null!;

    private string Database => _folder.At("deployments.db");

    public async Task InitializeAsync() =>
        _folder = await DataFolder.OpenAsync(
            _temporary.FullName,
            TimeSpan.Zero,
            TimeProvider.System,
            CancellationToken.None
        );

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task The_file_says_whose_it_is_and_of_which_version()
    {
        await using var record = Open();

        Assert.Equal(0x54684470L, RawDatabase.Scalar(Database, "PRAGMA application_id"));
        Assert.Equal((long)Schema.Steps.Count, RawDatabase.Scalar(Database, "PRAGMA user_version"));
    }

    /// <summary>A trigger would go on to change what the server writes.</summary>
    [Theory]
    [InlineData("CREATE TRIGGER t AFTER UPDATE ON deployments BEGIN UPDATE deployments SET status = 'queued'; END")]
    [InlineData("CREATE VIEW v AS SELECT 1")]
    public async Task One_that_came_from_elsewhere_holds_nothing_but_tables(string foreign)
    {
        await using (Open()) { }
        Assert.Equal(0, RecordCopy.Examine(Database).Deployments);
        RawDatabase.Scalar(Database, foreign);

        Assert.Throws<StorageException>(() => RecordCopy.Examine(Database));
    }

    [Fact]
    public void A_file_of_a_newer_version_is_left_alone()
    {
        RawDatabase.Scalar(
            Database,
            "CREATE TABLE t (a); PRAGMA application_id = 0x54684470; PRAGMA user_version = 99"
        );
        var before = File.ReadAllBytes(Database);

        var fault = Assert.Throws<StorageException>(Open);

        Assert.Equal(
            $"{Database} was written by a newer Thin Deployer (version 99, this one knows {Schema.Steps.Count}): "
                + "run that one, or choose another folder with --data.",
            fault.Message
        );
        Assert.Equal(before, File.ReadAllBytes(Database));
    }

    [Theory]
    [InlineData("CREATE TABLE t (a)")]
    [InlineData("PRAGMA application_id = 7")]
    public void A_database_of_another_program_is_left_alone(string made)
    {
        RawDatabase.Scalar(Database, made);
        var before = File.ReadAllBytes(Database);

        var fault = Assert.Throws<StorageException>(Open);

        Assert.Equal(
            $"{Database} is a database of another program: move it away, or choose another folder with --data.",
            fault.Message
        );
        Assert.Equal(before, File.ReadAllBytes(Database));
    }

    [Fact]
    public void A_file_that_is_no_database_is_left_alone()
    {
        var garbage = new byte[8192];
        Array.Fill(garbage, (byte)'x');
        File.WriteAllBytes(Database, garbage);

        var fault = Assert.Throws<StorageException>(Open);

        Assert.Equal(
            $"The record {Database} can't be used: it is damaged, or no database: "
                + "restore it from a backup, or move it away.",
            fault.Message
        );
        Assert.Equal(garbage, File.ReadAllBytes(Database));
    }

    [Fact]
    public async Task A_damaged_file_is_left_alone()
    {
        await using (Open()) { }
        var bytes = File.ReadAllBytes(Database);
        bytes.AsSpan(100).Fill(0xFF);
        File.WriteAllBytes(Database, bytes);

        var fault = Assert.Throws<StorageException>(Open);

        Assert.Contains("it is damaged", fault.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(Database));
    }

    [Fact]
    public void A_folder_in_its_place_is_one_sentence()
    {
        Directory.CreateDirectory(Database);

        var fault = Assert.Throws<StorageException>(Open);

        Assert.StartsWith($"The record {Database} can't be used: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_file_is_brought_to_the_newest_version()
    {
        Prepare("CREATE TABLE old (a)", "INSERT INTO old VALUES (1)");

        Prepare("CREATE TABLE old (a)", "INSERT INTO old VALUES (1)", "ALTER TABLE old ADD b DEFAULT 5");

        // The steps that were done before are not done again.
        Assert.Equal("1 5", RawDatabase.Scalar(Database, "SELECT group_concat(a || ' ' || b) FROM old"));
        Assert.Equal(3L, RawDatabase.Scalar(Database, "PRAGMA user_version"));
    }

    [Fact]
    public async Task A_deployment_of_an_older_version_is_still_known()
    {
        Prepare([.. Schema.Steps.Take(3)]);
        RawDatabase.Scalar(
            Database,
            $$"""
            INSERT INTO deployments (sequence, id, service, status, accepted_at, asked_by, given_values, steps,
                needs_rollback, output_bytes, output_cut_bytes)
            VALUES (1, '{{Sample.Id(1)}}', 'shop', 'failed', 0, '{"method":"POST"}', '{}',
                '[{"command":"make","status":"failed","attempts":1,"startedAt":0}]', 0, 0, 0)
            """
        );

        await using var record = Open();

        var entry = record.Find(Sample.Id(1))!;
        Assert.Equal("make", Assert.Single(entry.Steps).Command);
        Assert.Empty(entry.Hooks);
        Assert.Empty(entry.Unfilled.Concat(entry.Unused));
        Assert.Empty(entry.ShownValues);
        Assert.Null(entry.FailedHook);
        Assert.Empty(record.FailedRollbacks());
    }

    [Fact]
    public void A_step_that_fails_is_undone_whole()
    {
        Prepare("CREATE TABLE old (a)");

        Assert.Throws<StorageException>(() =>
            Prepare("CREATE TABLE old (a)", "INSERT INTO old VALUES (1)", "INSERT INTO old VALUES (2); nonsense")
        );

        Assert.Equal(1L, RawDatabase.Scalar(Database, "SELECT count(*) FROM old"));
        Assert.Equal(2L, RawDatabase.Scalar(Database, "PRAGMA user_version"));
    }

    [Fact]
    public async Task A_body_that_an_older_version_kept_is_still_there_and_goes_with_its_deployment()
    {
        const string body = "INSERT INTO payloads VALUES ('%', X'010203')";
        Prepare([.. Schema.Steps.Take(3), body.Replace("%", Sample.Id(1), StringComparison.Ordinal)]);
        RawDatabase.Scalar(Database, "PRAGMA user_version = 3");

        await using var record = Open();

        using var read = new MemoryStream();
        Assert.True(record.CopyPayload(Sample.Id(1), read));
        Assert.Equal([1, 2, 3], read.ToArray());
    }

    [Fact]
    public async Task Deliveries_of_an_older_version_keep_their_order_and_make_room_for_new_ones()
    {
        var insert = "INSERT INTO deliveries (service, content) VALUES ('{0}', '{1}')";
        string[] old =
        [
            .. new[] { ("shop", "1"), ("site", "2"), ("shop", "3"), ("shop", "4") }.Select(one =>
                string.Format(
                    CultureInfo.InvariantCulture,
                    insert,
                    one.Item1,
                    DeliveryColumn.Write(DeliveryOf(one.Item1, one.Item2))
                )
            ),
        ];
        Prepare([.. Schema.Steps.Take(8), .. old]);
        RawDatabase.Scalar(Database, "PRAGMA user_version = 8");

        await using var record = Open();
        var before = Queries("shop");
        await record.KeepDeliveryAsync(DeliveryOf("shop", "5"), keep: 2);

        Assert.Equal(["4", "3", "1"], before);
        Assert.Equal(["5", "4"], Queries("shop"));
        Assert.Equal(["2"], Queries("site"));

        IEnumerable<string> Queries(string service) =>
            [.. record.Deliveries(service).Select(delivery => delivery.Query)];
    }

    [Fact]
    public async Task An_empty_file_gets_the_tables()
    {
        File.WriteAllBytes(Database, []);

        await using var record = Open();

        await record.AcceptAsync(Sample.Entry(1), []);
    }

    [Fact]
    public async Task A_start_after_a_kill_sees_what_was_saved()
    {
        // The files as they are while the record is open are those that a kill leaves.
        await using var record = Open();
        await record.AcceptAsync(Sample.Entry(1), []);
        using var copies = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(_temporary.FullName, "deployments.db*"))
        {
            File.Copy(file, copies.At(Path.GetFileName(file)));
        }

        await using var harness = await RecordHarness.StartAsync(path: copies.FullName);

        Assert.Equal(1, harness.Record.LastSequence);
        Assert.Single(harness.Record.Unfinished());
    }

    private static Delivery DeliveryOf(string service, string query) =>
        new()
        {
            Service = service,
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Method = "POST",
            Query = query,
            Headers = [],
            Body = "",
            BodyBytes = 0,
            Decision = "deployed",
        };

    private SqliteRecord Open() => SqliteRecord.Open(_folder, NullLogger<SqliteRecord>.Instance);

    private void Prepare(params string[] steps) => new RecordFile(_folder).Prepare(steps);
}
