using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Storage;

/// <summary>Which services have a rollback that did not succeed, as the record keeps it.</summary>
public sealed class FailedRollbackTests : IAsyncLifetime
{
    private RecordHarness _harness = null!;

    public async Task InitializeAsync() => _harness = await RecordHarness.StartAsync();

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task A_service_is_named_from_a_rollback_that_failed_to_one_that_did_not()
    {
        await EndAsync(Sample.RolledBack(1, "shop", DeploymentStatus.Failed));
        await EndAsync(Sample.RolledBack(2, "blog", DeploymentStatus.TimedOut));
        Assert.Equal(["blog 2", "shop 1"], Failed());

        await EndAsync(Sample.RolledBack(3, "shop", DeploymentStatus.Succeeded));
        Assert.Equal(["blog 2"], Failed());

        await EndAsync(Sample.Ended(4, "blog"));
        Assert.Empty(Failed());
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("cancelled")]
    [InlineData("interrupted")]
    public async Task Another_bad_end_changes_nothing(string status)
    {
        await EndAsync(Sample.RolledBack(1, "shop", DeploymentStatus.Failed));

        await EndAsync(Sample.Ended(2, "shop", DeploymentStatuses.Parse(status)!.Value));

        Assert.Equal(["shop 1"], Failed());
    }

    [Fact]
    public async Task A_hook_after_a_success_is_no_rollback()
    {
        var tidy = Sample.Back with { Hook = "on_success", Status = DeploymentStatus.Failed };

        await EndAsync(Sample.Ended(1) with { Hooks = [tidy], HookStatus = DeploymentStatus.Failed });

        Assert.Empty(Failed());
    }

    [Fact]
    public async Task It_is_known_when_the_deployment_is_forgotten_and_the_server_has_restarted()
    {
        await EndAsync(Sample.RolledBack(1, "shop", DeploymentStatus.Failed));
        await EndAsync(Sample.Ended(2, "shop", DeploymentStatus.Failed), keep: 1);

        await _harness.ReopenAsync();

        Assert.Null(_harness.Record.Find(Sample.Id(1)));
        Assert.Equal(["shop 1"], Failed());
    }

    [Fact]
    public async Task One_that_began_counts_as_failed_until_it_has_ended_well()
    {
        var interrupted = Sample.Ended(1, status: DeploymentStatus.Interrupted) with { NeedsRollback = true };
        await _harness.AcceptAsync(interrupted);

        await _harness.Record.BeginRollbackAsync(interrupted.Id, [.. interrupted.Steps, Sample.Back]);
        var before = Failed();
        await _harness.Record.EndAsync(
            interrupted with
            {
                NeedsRollback = false,
                Hooks = [Sample.Back],
                HookStatus = DeploymentStatus.Succeeded,
            },
            keep: 10
        );

        Assert.Equal(["shop 1"], before);
        Assert.Empty(Failed());
    }

    [Fact]
    public async Task One_that_is_dropped_has_not_failed()
    {
        var interrupted = Sample.Ended(1, status: DeploymentStatus.Interrupted) with { NeedsRollback = true };
        await _harness.AcceptAsync(interrupted);

        await _harness.Record.BeginRollbackAsync(interrupted.Id, interrupted.Steps);

        Assert.Empty(Failed());
    }

    private async Task EndAsync(DeploymentEntry entry, int keep = 10)
    {
        await _harness.AcceptAsync(entry with { Status = DeploymentStatus.Running });
        await _harness.Record.EndAsync(entry, keep);
    }

    /// <summary>Each service, with the sequence number of the deployment.</summary>
    private IEnumerable<string> Failed() =>
        _harness
            .Record.FailedRollbacks()
            .Select(failed => $"{failed.Key} {Sequences[failed.Value]}")
            .Order(StringComparer.Ordinal);

    private static readonly Dictionary<string, int> Sequences = Enumerable
        .Range(1, 4)
        .ToDictionary(sequence => Sample.Id(sequence), sequence => sequence);
}
