using CsCheck;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Audit;
using ThinDeployer.Tests.Storage;

namespace ThinDeployer.Tests.Audit;

/// <summary>What is noted, kept and forgotten, on a real record. <c>CsCheck_Iter</c> sets the tries of the search.</summary>
#pragma warning disable CA1001 // Its DisposeAsync disposes of it.
public sealed class AuditTrailTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly AuditFilter All = new(Service: null, What: null, Since: null, Before: null, Limit: 200);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly AuditTrail _trail;
    private volatile bool _isBroken;
    private RecordHarness _harness = null!;

    public AuditTrailTests() => _trail = new AuditTrail(_time, NullLogger<AuditTrail>.Instance);

    public async Task InitializeAsync() =>
        _harness = await RecordHarness.StartAsync(_ =>
        {
            if (_isBroken)
            {
                throw new SqliteException("full", 13);
            }
        });

    public async Task DisposeAsync()
    {
        _trail.Dispose();
        await _harness.DisposeAsync();
    }

    [Fact]
    public async Task Entries_are_kept_as_they_came_and_found_by_what_they_say()
    {
        _trail.Open(_harness.Record.Audit);
        _trail.Note(
            new AuditEntry("deploy", "accepted")
            {
                Who = "ci",
                Address = "192.0.2.1",
                Service = "shop",
                DeploymentId = "id",
            }
        );
        _time.Advance(TimeSpan.FromHours(1));
        _trail.Note(
            new AuditEntry("cancel", "refused")
            {
                Who = "ci",
                Service = "shop",
                Reason = "ended",
            }
        );
        _trail.Note(new AuditEntry("reload", "accepted") { Who = "files" });
        Assert.True(await _trail.FlushAsync());

        var all = _trail.List(All);

        Assert.Equal(["reload", "cancel", "deploy"], all.Select(one => one.Entry.What));
        Assert.Equal(
            new AuditEntry("deploy", "accepted")
            {
                Who = "ci",
                Address = "192.0.2.1",
                Service = "shop",
                DeploymentId = "id",
            },
            all[2].Entry
        );
        Assert.Equal(TimeSpan.FromHours(1), all[1].At - all[2].At);
        Assert.Equal(["cancel", "deploy"], WhatOf(All with { Service = "shop" }));
        Assert.Equal(["reload"], WhatOf(All with { What = "reload" }));
        Assert.Equal(["reload", "cancel"], WhatOf(All with { Since = all[1].At }));
        Assert.Equal(["deploy"], WhatOf(All with { Before = all[1].Number }));
        Assert.Equal(["reload"], WhatOf(All with { Limit = 1 }));
    }

    [Fact]
    public async Task The_oldest_make_room_and_numbers_never_come_again()
    {
        var record = _harness.Record.Audit;
        for (var batch = 0; batch < 3; batch++)
        {
            await record.AddAsync([.. Enumerable.Range(0, 40).Select(_ => Now("deploy"))], DateTimeOffset.MinValue, 50);
        }

        var kept = record.List(All);

        Assert.Equal(Enumerable.Range(71, 50).Reverse().Select(number => (long)number), kept.Select(one => one.Number));
    }

    [Fact]
    public async Task What_is_too_old_is_forgotten()
    {
        _trail.Open(_harness.Record.Audit);
        _trail.Note(new AuditEntry("deploy", "accepted"));
        Assert.True(await _trail.FlushAsync());
        _time.Advance(AuditTrail.KeptFor - TimeSpan.FromDays(1));
        _trail.Note(new AuditEntry("cancel", "accepted"));
        Assert.True(await _trail.FlushAsync());
        Assert.Equal(["cancel", "deploy"], WhatOf(All));

        _time.Advance(TimeSpan.FromDays(2));
        _trail.Note(new AuditEntry("rerun", "accepted"));
        Assert.True(await _trail.FlushAsync());

        Assert.Equal(["rerun", "cancel"], WhatOf(All));
    }

    [Fact]
    public async Task While_nothing_can_be_saved_so_many_wait_and_the_rest_is_counted()
    {
        for (var i = 0; i < AuditTrail.MostWaiting + 7; i++)
        {
            _trail.Note(new AuditEntry("deploy", "accepted") { Reason = $"{i}" });
        }

        Assert.False(await _trail.FlushAsync());
        _trail.Open(_harness.Record.Audit);
        _isBroken = true;
        Assert.False(await _trail.FlushAsync());
        _isBroken = false;
        Assert.True(await _trail.FlushAsync());

        Assert.Equal(
            "7 entries could not be kept",
            Assert.Single(_trail.List(All with { What = "lost" })).Entry.Reason
        );
        Assert.Equal(AuditTrail.MostWaiting + 1L, _harness.Scalar("SELECT count(*) FROM audit"));
        Assert.Equal("9999", _trail.List(All)[1].Entry.Reason);
    }

    [Fact]
    public async Task Any_text_is_kept_up_to_its_length() =>
        await Gen.Select(Gen.String, Gen.Int[0, 700])
            .SampleAsync(
                async (text, repeats) =>
                {
                    var record = _harness.Record.Audit;
                    var whole = string.Concat(Enumerable.Repeat(text, 1 + (repeats / Math.Max(1, text.Length))));
                    var entry = new AuditEntry("deploy", "refused") { Who = whole, Reason = whole }.Bounded();
                    Assert.InRange(entry.Who!.Length, 0, AuditEntry.LongestName + 1);
                    Assert.InRange(entry.Reason!.Length, 0, AuditEntry.LongestReason + 1);

                    await record.AddAsync([(_time.GetUtcNow(), entry)], DateTimeOffset.MinValue, 1_000);

                    var kept = Assert.Single(record.List(All with { Limit = 1 })).Entry;
                    Assert.Equal(Whole(entry.Reason), kept.Reason);
                    Assert.Equal(Whole(entry.Who), kept.Who);
                },
                iter: 200,
                threads: 1
            );

    [Fact]
    public async Task Only_some_addresses_an_hour_have_an_entry_and_the_rest_is_summed_up()
    {
        _trail.Open(_harness.Record.Audit);
        var strangers = new RefusedStrangers(_trail, _time);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                strangers.Refuse($"192.0.2.{i}");
            }
        }

        _time.Advance(RefusedStrangers.Window);
        strangers.Refuse("192.0.2.1");
        Assert.True(await _trail.FlushAsync());

        var entries = _trail.List(All).Select(kept => kept.Entry).Reverse().ToList();
        Assert.Equal(RefusedStrangers.MostNamed + 2, entries.Count);
        Assert.All(entries, entry => Assert.Equal(("refused_often", "refused"), (entry.What, entry.Result)));
        Assert.Equal(
            [.. Enumerable.Range(0, 10).Select(i => $"192.0.2.{i}"), null, "192.0.2.1"],
            entries.Select(entry => entry.Address)
        );
        Assert.Equal(
            "270 times more in the hour from 2026-01-01T00:00:00Z, by addresses without an entry",
            entries[^2].Reason
        );
    }

    private IEnumerable<string> WhatOf(AuditFilter filter) => _trail.List(filter).Select(one => one.Entry.What);

    private (DateTimeOffset, AuditEntry) Now(string what) => (_time.GetUtcNow(), new AuditEntry(what, "accepted"));

    /// <summary>Half a character is written as the one that stands for it.</summary>
    private static string Whole(string text) =>
        System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
