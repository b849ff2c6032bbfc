using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Storage;

public sealed class RecordListTests : IAsyncLifetime
{
    private const int Many = 1_000;

    private RecordHarness _harness = null!;

    public async Task InitializeAsync()
    {
        _harness = await RecordHarness.StartAsync();

        // All are accepted within one millisecond.
        await _harness.AcceptAsync(
            Sample.Ended(1, "shop"),
            Sample.Ended(2, "blog"),
            Sample.Ended(3, "shop", DeploymentStatus.Failed),
            Sample.Ended(4, "wiki"),
            Sample.Ended(5, "blog", DeploymentStatus.Failed),
            Sample.Entry(6, "shop")
        );
    }

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    public static TheoryData<string?, string?, long?, int, long[]> Filters =>
        new()
        {
            { null, null, null, 10, [6, 5, 4, 3, 2, 1] },
            { null, null, null, 2, [6, 5] },
            { null, null, 5L, 2, [4, 3] },
            { null, null, 1L, 2, [] },
            { null, null, 99L, 2, [] },
            { null, null, null, 0, [] },
            { null, null, null, -1, [] },
            { null, "failed", null, 10, [5, 3] },
            { null, "failed", 5L, 10, [3] },
            { "shop", null, null, 10, [6, 3, 1] },
            { "shop", null, null, 2, [6, 3] },
            { "shop", null, 6L, 1, [3] },
            { "shop", "succeeded", null, 10, [1] },
            { "shop,blog", null, null, 10, [6, 5, 3, 2, 1] },
            { "blog,shop", null, 5L, 2, [3, 2] },
            { "shop,shop", null, null, 10, [6, 3, 1] },
            { "shop,blog,none", "failed", null, 10, [5, 3] },
            { "shop,blog,none", "failed", 5L, 10, [3] },
            { "Shop", null, null, 10, [] },
            { "", null, null, 10, [] },
        };

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_list_has_the_newest_that_match(
        string? services,
        string? status,
        long? before,
        int limit,
        long[] expected
    )
    {
        var filter = new DeploymentFilter(
            services?.Split(',', StringSplitOptions.RemoveEmptyEntries),
            status is null ? null : DeploymentStatuses.Parse(status),
            before is { } sequence ? Sample.Id(sequence) : null,
            limit
        );

        var list = _harness.Record.List(filter);

        Assert.Equal(expected, list.Select(entry => entry.Sequence));
    }

    [Fact]
    public void A_thousand_services_can_be_asked_for()
    {
        string[] services = [.. Enumerable.Range(1, Many).Select(n => $"service-{n}"), "wiki"];

        var list = _harness.Record.List(new DeploymentFilter(services, Status: null, Before: null, Limit: 200));

        Assert.Equal([4], list.Select(entry => entry.Sequence));
    }

    /// <summary>A page of 200 would read 12 MiB of summaries to drop them.</summary>
    [Fact]
    public void Where_many_are_asked_for_what_may_be_long_is_left_out()
    {
        var record = _harness.Record;
        var whole = Sample.Ended(4, "wiki");
        var expected = Sample.Content(whole with { WrittenSummary = null, EncodedTimes = null });

        Assert.Equal(expected, Sample.Content(Assert.Single(record.List(Of("wiki")))));
        Assert.Equal(expected, Sample.Content(Assert.Single(record.Standing(["wiki"]))));
        Assert.Equal(expected, Sample.Content(Assert.Single(record.FindByBeginning(whole.Id[..^1], null, 2))));
        Assert.Equal(Sample.Content(whole), Sample.Content(record.Find(whole.Id)!));

        static DeploymentFilter Of(string service) => new([service], Status: null, Before: null, Limit: 1);
    }
}
