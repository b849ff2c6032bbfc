using ThinDeployer.Deployments;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Tests.Storage;

/// <summary>Rollouts, and the deployments of their machines, in a real record.</summary>
public sealed class RolloutRecordTests : IAsyncLifetime
{
    private RecordHarness _harness = null!;

    public async Task InitializeAsync() => _harness = await RecordHarness.StartAsync();

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task A_rollout_is_there_after_the_next_start_with_all_that_it_says()
    {
        await BeginAsync(1);

        await _harness.ReopenAsync();

        var rollout = _harness.Record.FindRollout(Sample.Id(1))!;
        Assert.Equal(
            [
                ["web-1"],
                ["web-2", "web-3"],
            ],
            rollout.Batches
        );
        Assert.Equal(State with { Batches = rollout.Batches }, rollout);
    }

    [Theory]
    [InlineData("Wait")]
    [InlineData("Skip")]
    [InlineData("Fail")]
    public async Task How_far_a_rollout_may_go_is_kept(string unavailable)
    {
        await BeginAsync(1);
        var next = State with { Allowed = 2, IsManual = false, Unavailable = Enum.Parse<WhenUnavailable>(unavailable) };

        await _harness.Record.SaveRolloutAsync(Sample.Id(1), next);

        var rollout = _harness.Record.FindRollout(Sample.Id(1))!;
        Assert.Equal(next with { Batches = rollout.Batches }, rollout);
    }

    [Fact]
    public async Task What_is_no_rollout_has_none_and_no_machines()
    {
        await _harness.AcceptAsync(Sample.Entry(1));

        Assert.Null(_harness.Record.FindRollout(Sample.Id(1)));
        Assert.Empty(_harness.Record.Children(Sample.Id(1)));
        Assert.Empty(_harness.Record.StandingOfMachines());
    }

    [Fact]
    public async Task A_machine_s_deployment_is_found_by_its_id_with_all_that_it_says()
    {
        await BeginAsync(1);

        await _harness.ReopenAsync();

        var child = Child(1, 0);
        Assert.Equal(Sample.Content(child), Sample.Content(_harness.Record.Find(child.Id)!));
    }

    [Fact]
    public async Task Those_of_a_whole_come_in_the_order_of_the_rollout()
    {
        await BeginAsync(1);
        await BeginAsync(2);

        await _harness.Record.SaveChildAsync(Child(1, 1) with { Status = DeploymentStatus.Running });

        Assert.Equal(
            [(Child(1, 0).Id, "web-1", 0), (Child(1, 1).Id, "web-2", 1), (Child(1, 2).Id, "web-3", 1)],
            _harness.Record.Children(Sample.Id(1)).Select(one => (one.Id, one.Child!.Machine, one.Child.Batch))
        );
    }

    [Fact]
    public async Task How_a_machine_s_deployment_ended_is_kept_with_all_that_it_says()
    {
        await BeginAsync(1);
        var begun = Child(1, 1);
        var end = Sample.Ended(1) with
        {
            Id = begun.Id,
            Child = begun.Child! with
            {
                Expires = Sample.Noon.AddHours(1),
                IsTaken = true,
                IsSkipped = true,
                Note = "it was away 🎉",
                SeenPosition = 70_000,
                SeenBytes = 60_000,
            },
        };

        await _harness.Record.SaveChildAsync(end);

        await _harness.ReopenAsync();
        Assert.Equal(Sample.Content(end), Sample.Content(_harness.Record.Find(end.Id)!));
        Assert.Equal(
            Sample.Content(end with { EncodedTimes = null, WrittenSummary = null }),
            Sample.Content(_harness.Record.Children(Sample.Id(1))[1])
        );
    }

    [Fact]
    public async Task Nothing_else_sees_those_of_machines()
    {
        await BeginAsync(1);

        var record = _harness.Record;
        string[] services = ["shop"];
        Assert.Equal([1], record.List(new DeploymentFilter(services, null, null, 10)).Select(one => one.Sequence));
        Assert.Equal([Sample.Id(1)], record.List(new DeploymentFilter(null, null, null, 10)).Select(one => one.Id));
        Assert.Equal([Sample.Id(1)], record.Unfinished().Select(one => one.Id));
        Assert.Equal([Sample.Id(1)], record.Standing(services).Select(one => one.Id));
        Assert.Equal([Sample.Id(1)], record.Newest(services, 10).Select(one => one.Id));
        Assert.Empty(record.FindByBeginning(Child(1, 0).Id[..8], services: null, 10));
        Assert.Equal(1, record.LastSequence);
    }

    [Fact]
    public async Task A_rollout_begins_wholly_or_not_at_all()
    {
        await _harness.AcceptAsync(Whole(1));

        await Assert.ThrowsAnyAsync<Exception>(() =>
            _harness.Record.BeginRolloutAsync(Sample.Id(1), State, [Child(1, 0), Child(1, 1), Child(1, 0)])
        );

        Assert.Null(_harness.Record.FindRollout(Sample.Id(1)));
        Assert.Empty(_harness.Record.Children(Sample.Id(1)));
    }

    [Fact]
    public async Task What_is_not_there_can_not_be_saved()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _harness.Record.BeginRolloutAsync(Sample.Id(1), State, [Child(1, 0)])
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _harness.Record.SaveRolloutAsync(Sample.Id(1), State)
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.Record.SaveChildAsync(Child(1, 0)));
        Assert.Null(_harness.Record.Find(Child(1, 0).Id));
    }

    [Fact]
    public async Task Each_machine_stands_where_it_was_deployed_last_and_last_succeeded()
    {
        await BeginAsync(1);
        await BeginAsync(2);
        await BeginAsync(3, "blog");
        await SaveAsync(Child(1, 0), DeploymentStatus.Succeeded);
        await SaveAsync(Child(2, 0), DeploymentStatus.Failed);
        await SaveAsync(Child(1, 1), DeploymentStatus.Succeeded);
        await SaveAsync(Child(2, 1), DeploymentStatus.Succeeded);
        await SaveAsync(Child(1, 2), DeploymentStatus.Failed);

        var standing = _harness.Record.StandingOfMachines();

        Assert.Equal(
            [Child(1, 0), Child(2, 0), Child(2, 1), Child(2, 2), Child(3, 0), Child(3, 1), Child(3, 2)],
            standing.OrderBy(one => one.Id, StringComparer.Ordinal),
            (expected, actual) => expected.Id == actual.Id
        );
    }

    [Fact]
    public async Task A_whole_that_is_forgotten_takes_its_machines_with_it()
    {
        await BeginAsync(1);
        await BeginAsync(2);
        string[] files = [Sample.Id(1), Child(1, 0).Id, Child(1, 2).Id, Child(2, 0).Id];
        foreach (var id in files)
        {
            _harness.WriteLog(id);
        }

        await _harness.Record.EndAsync(Ended(1), keep: 2);
        await _harness.Record.EndAsync(Ended(2), keep: 1);

        Assert.Null(_harness.Record.Find(Child(1, 0).Id));
        Assert.Null(_harness.Record.FindRollout(Sample.Id(1)));
        Assert.Equal(3, _harness.Record.Children(Sample.Id(2)).Count);
        Assert.NotNull(_harness.Record.FindRollout(Sample.Id(2)));

        // Files go after the answer; what is saved next is answered after that.
        await _harness.AcceptAsync(Sample.Entry(3));
        Assert.Equal([Child(2, 0).Id], files.Where(id => File.Exists(_harness.LogPath(id))));
    }

    [Fact]
    public async Task The_output_of_a_machine_s_deployment_is_no_orphan()
    {
        await BeginAsync(1);
        _harness.WriteLog(Child(1, 0).Id);
        _harness.WriteLog(Sample.Id(99));

        await _harness.ReopenAsync();

        Assert.True(File.Exists(_harness.LogPath(Child(1, 0).Id)));
        Assert.False(File.Exists(_harness.LogPath(Sample.Id(99))));
    }

    private static RolloutState State { get; } =
        new(
            [
                ["web-1"],
                ["web-2", "web-3"],
            ],
            MaximumFailures: 2,
            Pause: TimeSpan.FromSeconds(90.5),
            IsManual: true,
            WhenUnavailable.Skip,
            Expire: TimeSpan.FromMinutes(30),
            Allowed: 1
        );

    private static DeploymentEntry Whole(int sequence, string service = "shop") =>
        Sample.Entry(sequence, service, DeploymentStatus.Running) with
        {
            StartedAt = Sample.Noon,
        };

    private static DeploymentEntry Ended(int sequence) => Sample.Ended(sequence) with { Steps = [] };

    private static DeploymentEntry Child(int parent, int number, string service = "shop") =>
        Sample.Entry(parent, service, DeploymentStatus.Waiting) with
        {
            Id = Sample.Id((parent * 100) + number),
            Child = new ChildPlace(Sample.Id(parent), $"web-{number + 1}", Math.Min(number, 1)),
        };

    private async Task BeginAsync(int sequence, string service = "shop")
    {
        await _harness.AcceptAsync(Whole(sequence, service));
        await _harness.Record.BeginRolloutAsync(
            Sample.Id(sequence),
            State,
            [.. Enumerable.Range(0, 3).Select(number => Child(sequence, number, service))]
        );
    }

    private Task SaveAsync(DeploymentEntry child, DeploymentStatus status) =>
        _harness.Record.SaveChildAsync(child with { Status = status });
}
