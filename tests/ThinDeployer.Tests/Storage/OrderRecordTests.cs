using ThinDeployer.Deployments;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Storage;

/// <summary>The orders that a machine has seen, in a real record.</summary>
public sealed class OrderRecordTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Long = Sample.Noon.AddDays(-1);

    private RecordHarness _harness = null!;

    public async Task InitializeAsync() => _harness = await RecordHarness.StartAsync();

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task An_order_is_saved_with_the_deployment_that_it_becomes()
    {
        await ObeyAsync(1);

        await _harness.ReopenAsync();

        Assert.NotNull(_harness.Record.Find(Sample.Id(1)));
        Assert.Equal(new SeenOrder(Sample.Id(1), Sample.Noon), _harness.Record.Orders.Find(Sample.Id(1)));
    }

    [Fact]
    public async Task An_order_that_was_seen_before_is_never_deployed_again()
    {
        var refused = new SeenOrder(Sample.Id(1), Sample.Noon) { Refusal = "rejected" };
        await _harness.Record.Orders.RefuseAsync(refused);

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => ObeyAsync(1));

        Assert.IsNotType<RecordUnavailableException>(fault);
        Assert.Null(_harness.Record.Find(Sample.Id(1)));
        Assert.Equal(refused, _harness.Record.Orders.Find(Sample.Id(1)));
        Assert.Null(_harness.Record.Trouble);
    }

    [Fact]
    public async Task An_order_whose_deployment_is_not_accepted_was_never_seen()
    {
        await _harness.AcceptAsync(Sample.Entry(1));

        await Assert.ThrowsAnyAsync<Exception>(() => ObeyAsync(1));

        Assert.Null(_harness.Record.Orders.Find(Sample.Id(1)));
    }

    [Fact]
    public async Task A_refused_order_is_kept_with_all_that_it_says()
    {
        var refused = new SeenOrder(Sample.Id(1), Sample.Noon)
        {
            Refusal = "rejected",
            Reason = "there is no service \"shop\"",
            Position = 70_000_000_000,
            Marks = 3,
            IsReported = true,
        };

        await _harness.Record.Orders.RefuseAsync(refused);

        await _harness.ReopenAsync();
        Assert.Equal(refused, _harness.Record.Orders.Find(refused.Id));
    }

    [Fact]
    public async Task What_the_front_does_not_have_yet_comes_in_the_order_in_which_it_came()
    {
        await ObeyAsync(3);
        await _harness.Record.Orders.RefuseAsync(new SeenOrder(Sample.Id(1), Sample.Noon) { Refusal = "rejected" });
        await ObeyAsync(2);
        await ObeyAsync(4);
        var told = new SeenOrder(Sample.Id(2), Sample.Noon) { Position = 40, Marks = 2 };

        await _harness.Record.Orders.SaveReportedAsync(told, Long);
        await ReportAsync(4);

        Assert.Equal(
            [Sample.Id(3), Sample.Id(1), Sample.Id(2)],
            _harness.Record.Orders.Unreported().Select(order => order.Id)
        );
        Assert.Equal(told, _harness.Record.Orders.Find(told.Id));
    }

    [Fact]
    public async Task What_is_reported_is_forgotten_when_it_is_long_over_and_nothing_else_is()
    {
        await ObeyAsync(1);
        await ObeyAsync(2);
        await ObeyAsync(3, Sample.Noon.AddHours(2));
        await ReportAsync(1);
        await ReportAsync(3);

        await _harness.Record.Orders.SaveReportedAsync(
            new SeenOrder(Sample.Id(2), Sample.Noon),
            Sample.Noon.AddHours(1)
        );

        Assert.Null(_harness.Record.Orders.Find(Sample.Id(1)));
        Assert.NotNull(_harness.Record.Orders.Find(Sample.Id(2)));
        Assert.NotNull(_harness.Record.Orders.Find(Sample.Id(3)));
    }

    [Fact]
    public async Task An_order_that_was_never_seen_can_not_be_reported() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReportAsync(1));

    [Fact]
    public async Task A_deployment_stays_with_its_output_until_the_front_has_heard_its_end()
    {
        await ObeyAsync(1);
        await ObeyAsync(2);
        await ObeyAsync(3);
        _harness.WriteLog(Sample.Id(1));
        foreach (var sequence in new[] { 1, 2, 3 })
        {
            await _harness.Record.EndAsync(Sample.Ended(sequence), keep: 1);
        }

        await ReportAsync(1);
        Assert.Equal([3, 2, 1], Kept());
        Assert.True(File.Exists(_harness.LogPath(Sample.Id(1))));

        await _harness.Record.EndAsync(Sample.Ended(4), keep: 1);

        Assert.Equal([4, 3, 2], Kept());
        await _harness.AcceptAsync(Sample.Entry(5));
        Assert.False(File.Exists(_harness.LogPath(Sample.Id(1))));
    }

    private Task ObeyAsync(int sequence, DateTimeOffset? expires = null) =>
        _harness.Record.AcceptAsync(
            Sample.Entry(sequence),
            [],
            DeploymentOrigin.None with
            {
                Order = new OrderMark(Sample.Id(sequence), expires ?? Sample.Noon),
            }
        );

    private Task ReportAsync(int sequence) =>
        _harness.Record.Orders.SaveReportedAsync(
            new SeenOrder(Sample.Id(sequence), Sample.Noon) { IsReported = true },
            Long
        );

    private IEnumerable<long> Kept() =>
        _harness
            .Record.List(new DeploymentFilter(Services: null, Status: null, Before: null, Limit: 100))
            .Select(entry => entry.Sequence);
}
