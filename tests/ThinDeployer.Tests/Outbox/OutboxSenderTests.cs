using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Deployments;
using ThinDeployer.Outbox;
using ThinDeployer.Rollouts;
using ThinDeployer.Storage;
using ThinDeployer.Tests.Storage;

namespace ThinDeployer.Tests.Outbox;

/// <summary>What waits in a real record, sent by a clock of the test to targets that answer as the test says.</summary>
#pragma warning disable CA1001 // The runner calls DisposeAsync.
public sealed class OutboxSenderTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly TimeSpan Plenty = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _temporary = new();
    private readonly FakeTimeProvider _time = new(Sample.Noon);
    private readonly OutboxCounts _counts = new();
    private readonly Target _target = new("one");
    private readonly Target _other = new("other");
    private DataFolder _folder = null!;
    private OutboxSender _sender = null!;
    private SqliteRecord _record = null!;
    private long _sequence;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _temporary.Dispose();
    }

    [Fact]
    public async Task What_is_saved_is_sent_once_and_gone()
    {
        await EndAsync("shop", DeploymentStatus.Failed);

        await _target.HasAsync("1 failed");
        await _other.HasAsync("1 failed");
        await NothingWaitsAsync();
        Assert.Equal(2, Assert.Single(_counts.All).Sent);
    }

    [Fact]
    public async Task How_a_machine_of_a_rollout_ended_is_told_to_nobody()
    {
        var whole = Sample.Entry(++_sequence, status: DeploymentStatus.Running);
        var child = whole with { Id = Sample.Id(100), Child = new ChildPlace(whole.Id, "web-1", Batch: 0) };
        await _record.AcceptAsync(whole, []);
        await _record.BeginRolloutAsync(
            whole.Id,
            new RolloutState(
                [
                    ["web-1"],
                ],
                0,
                TimeSpan.Zero,
                IsManual: false,
                default,
                TimeSpan.Zero,
                Allowed: 1
            ),
            [child]
        );

        await _record.SaveChildAsync(child with { Status = DeploymentStatus.Failed, FinishedAt = _time.GetUtcNow() });

        Assert.Empty(_record.Waiting.Waiting(null, 10));
        await EndAsync("shop", DeploymentStatus.Failed);
        await _target.HasAsync("2 failed");
    }

    [Fact]
    public async Task What_is_not_taken_comes_again_in_order_and_delays_nobody_else()
    {
        _target.Answer = new Receipt.Later("it is busy");
        await EndAsync("shop", DeploymentStatus.Failed);
        await _target.HasTriedAsync(1);
        await EndAsync("shop", DeploymentStatus.Succeeded, recovered: true);

        await _other.HasAsync("1 failed", "2 recovered");
        _target.Answer = new Receipt.Taken();
        _time.Advance(TimeSpan.FromSeconds(2));

        await _target.HasAsync("1 failed", "2 recovered");
    }

    [Fact]
    public async Task After_a_day_it_is_given_up_and_the_next_one_is_tried()
    {
        _target.Answer = new Receipt.Later("it is down");
        await EndAsync("shop", DeploymentStatus.Failed);
        await GoOnUntilAsync(() => _sender.Troubles.Count > 0, TimeSpan.FromMinutes(20), most: 100);

        var trouble = Assert.Single(_sender.Troubles);

        Assert.Equal(1, Assert.Single(_counts.All).Failed);
        Assert.Equal("it is down, for a day", trouble.Why);
        Assert.InRange(_time.GetUtcNow() - Sample.Noon, TimeSpan.FromHours(23), TimeSpan.FromHours(25));
        Assert.InRange(_target.Tries, 60, 300);
        _target.Answer = new Receipt.Taken();
        await EndAsync("shop", DeploymentStatus.TimedOut);
        await _target.HasAsync("2 timed_out");
        await NothingWaitsAsync();
        Assert.Empty(_sender.Troubles);
    }

    [Fact]
    public async Task What_is_refused_is_not_tried_again()
    {
        _target.Answer = new Receipt.Refused("it answered 404");
        await EndAsync("shop", DeploymentStatus.Failed);

        await GoOnUntilAsync(() => _counts.All.Any(count => count.Failed == 1), TimeSpan.Zero, most: 1);

        await NothingWaitsAsync();
        Assert.Equal(1, _target.Tries);
    }

    [Fact]
    public async Task The_time_that_the_target_asks_for_is_kept()
    {
        _target.Answer = new Receipt.Later("it answered 429", TimeSpan.FromHours(2));
        await EndAsync("shop", DeploymentStatus.Failed);
        await _target.HasTriedAsync(1);
        _target.Answer = new Receipt.Taken();

        await PutOffAsync();
        _time.Advance(TimeSpan.FromMinutes(119));
        Assert.Equal(1, _target.Tries);
        _time.Advance(TimeSpan.FromMinutes(2));

        await _target.HasAsync("1 failed");
    }

    [Fact]
    public async Task The_next_start_sends_what_an_end_kept_from_being_sent()
    {
        _target.Answer = new Receipt.Later("it is down");
        await EndAsync("shop", DeploymentStatus.Failed);
        await PutOffAsync();
        await StopAsync();
        _target.Answer = new Receipt.Taken();
        _time.Advance(TimeSpan.FromMinutes(1));

        await StartAsync();

        await _target.HasAsync("1 failed");
    }

    [Fact]
    public async Task The_same_failure_is_told_again_once_in_an_hour_with_a_count()
    {
        await EndAsync("shop", DeploymentStatus.Failed);
        await _target.HasAsync("1 failed");
        for (var i = 0; i < 12; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await EndAsync("shop", DeploymentStatus.Failed);
        }

        await EndAsync("other", DeploymentStatus.Failed);
        await _target.HasAsync("1 failed", "14 failed");
        _time.Advance(TimeSpan.FromMinutes(47.9));
        Assert.Equal(2, _target.Tries);
        _time.Advance(TimeSpan.FromMinutes(0.2));
        await _target.HasAsync("1 failed", "14 failed", "13 failed, 12 times");

        await EndAsync("shop", DeploymentStatus.Failed);
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(3, _target.Tries);
        _time.Advance(TimeSpan.FromMinutes(2));
        await _target.HasAsync("1 failed", "14 failed", "13 failed, 12 times", "15 failed, 1 times");
    }

    [Fact]
    public async Task A_success_ends_the_hour_and_another_failure_is_told_at_once()
    {
        await EndAsync("shop", DeploymentStatus.Failed);
        await EndAsync("shop", DeploymentStatus.Failed);
        await EndAsync("shop", DeploymentStatus.TimedOut);
        await EndAsync("shop", DeploymentStatus.TimedOut);

        await EndAsync("shop", DeploymentStatus.Succeeded, recovered: true);
        await EndAsync("shop", DeploymentStatus.TimedOut);

        await _target.HasAsync(
            "1 failed",
            "2 failed, 1 times",
            "3 timed_out",
            "4 timed_out, 1 times",
            "5 recovered",
            "6 timed_out"
        );
    }

    [Fact]
    public async Task While_a_target_is_down_the_oldest_go_and_are_counted()
    {
        _target.Answer = new Receipt.Later("it is down");
        for (var i = 0; i < OutboxStatements.MaximumWaiting + 3; i++)
        {
            await EndAsync($"service-{i}", DeploymentStatus.Failed);
        }

        await _other.HasTriedAsync(OutboxStatements.MaximumWaiting + 3);

        Assert.Equal(
            OutboxStatements.MaximumWaiting,
            _record.Waiting.Waiting(null, 1_000).Count(item => item.Target == "one")
        );
        Assert.Equal(3, _counts.All.Sum(count => count.Dropped));
    }

    [Fact]
    public async Task A_fault_in_what_is_told_keeps_no_end_from_being_saved()
    {
        var entry = Sample.Ended(++_sequence, "broken", DeploymentStatus.Failed);
        await _record.AcceptAsync(entry with { Status = DeploymentStatus.Running, FinishedAt = null }, []);

        await _record.EndAsync(entry, keep: 10);

        Assert.Equal(DeploymentStatus.Failed, _record.Find(entry.Id)!.Status);
        await NothingWaitsAsync();
    }

    private async Task StartAsync()
    {
        _folder = await DataFolder.OpenAsync(_temporary.At("data"), TimeSpan.Zero, TimeProvider.System, default);
        _sender = new OutboxSender(
            [new Feed(() => [_target, _other])],
            item => item.Target == _target.Key ? _target : _other,
            TimeSpan.FromSeconds(5),
            _counts,
            _time,
            NullLogger<OutboxSender>.Instance
        );
        _record = SqliteRecord.Open(_folder, NullLogger<SqliteRecord>.Instance, _sender);
        _sender.Open(_record.Waiting);
    }

    private async Task StopAsync()
    {
        await _sender.DisposeAsync();
        await _record.DisposeAsync();
        _folder.Dispose();
    }

    private async Task EndAsync(string service, DeploymentStatus status, bool recovered = false)
    {
        var entry = Sample.Ended(++_sequence, service, status) with
        {
            FinishedAt = _time.GetUtcNow(),
            Values = new Dictionary<string, string> { ["recovered"] = recovered ? "yes" : "no" },
        };
        await _record.AcceptAsync(entry with { Status = DeploymentStatus.Running, FinishedAt = null }, []);
        await _record.EndAsync(entry, keep: 1_000);
    }

    /// <summary>Until a try in vain is on disk.</summary>
    private Task PutOffAsync() =>
        GoOnUntilAsync(
            () => _record.Waiting.Waiting(null, 10).Any(item => item is { Target: "one", Attempts: > 0 }),
            default,
            1
        );

    private Task NothingWaitsAsync() => GoOnUntilAsync(() => _record.Waiting.Waiting(null, 1).Count == 0, default, 1);

    /// <summary>Turns the clock on where a lane may wait for it.</summary>
    private async Task GoOnUntilAsync(Func<bool> condition, TimeSpan step, int most)
    {
        for (var i = 0; i < most && !condition(); i++)
        {
            var tries = _target.Tries;
            _time.Advance(step);
            SpinWait.SpinUntil(() => condition() || (step > TimeSpan.Zero && _target.Tries > tries), Plenty);
            await Task.Yield();
        }

        Assert.True(condition());
    }

    private sealed class Feed(Func<IReadOnlyList<Target>> targets) : IOutboxFeed
    {
        public IReadOnlyList<OutboxItem> ItemsOf(ChangedDeployment changed)
        {
            var entry = changed.Entry;
            if (entry.Service == "broken")
            {
                throw new InvalidOperationException("A test wants it so.");
            }

            var isRecovered = entry.Values.GetValueOrDefault("recovered") == "yes";
            var what = isRecovered ? "recovered" : entry.Status.Name();
            return changed.Change is not DeploymentChange.Ended
                ? []
                :
                [
                    .. targets()
                        .Select(target => new OutboxItem(
                            target.Key,
                            entry.Service,
                            entry.Id,
                            entry.Id,
                            $"{entry.Sequence} {what}",
                            entry.FinishedAt!.Value
                        )
                        {
                            To = target,
                            Failure = isRecovered ? null : what,
                        }),
                ];
        }
    }

    private sealed class Target(string key) : IOutboxTarget
    {
        private readonly ConcurrentQueue<string> _taken = new();
        private int _tries;

        public string Key => key;

        public string Kind => "test";

        public string Name => key;

        internal Receipt Answer { get; set; } = new Receipt.Taken();

        internal int Tries => Volatile.Read(ref _tries);

        public Task<Receipt> SendAsync(OutboxItem item, CancellationToken cancellationToken)
        {
            var answer = Answer;
            if (answer is Receipt.Taken)
            {
                _taken.Enqueue(item.Repeats > 0 ? $"{item.Content}, {item.Repeats} times" : item.Content);
            }

            Interlocked.Increment(ref _tries);
            return Task.FromResult(answer);
        }

        internal async Task HasAsync(params string[] wanted)
        {
            await Task.Run(() => SpinWait.SpinUntil(() => _taken.Count >= wanted.Length, Plenty));
            Assert.Equal(wanted, _taken);
        }

        internal async Task HasTriedAsync(int times)
        {
            await Task.Run(() => SpinWait.SpinUntil(() => Tries >= times, Plenty));
            Assert.Equal(times, Tries);
        }
    }
}
