using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Deployments;
using ThinDeployer.Gates;
using ThinDeployer.Output;

namespace ThinDeployer.Tests.Deployments;

/// <summary>What the clock decides.</summary>
public sealed class DecisionsTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 3, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly MemoryRecord _record = new();
    private readonly ConcurrentQueue<string> _began = new();
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DeploymentQueue _queue;
    private readonly Decisions _decisions;
    private DeploymentPlan _plan = Plan(GatePlan.Open);

    public DecisionsTests()
    {
        var patient = new PatientRecord(_record, _time, NullLogger<PatientRecord>.Instance);
        var nobody = new DeploymentListeners([]);
        _queue = new DeploymentQueue(
            RunAsync,
            _record,
            patient,
            nobody,
            maximumRunning: 9,
            _time,
            NullLogger<DeploymentQueue>.Instance
        );
        _decisions = new Decisions(_queue, _record, nobody, _ => _plan, _time, NullLogger<Decisions>.Instance);
        _queue.Open();
    }

    [Fact]
    public async Task One_begins_when_its_window_opens_and_not_before()
    {
        _plan = Plan(new GatePlan(Approval: null, OpensAt(14), RefusesWhenClosed: false));
        var deployment = await EnqueueAsync();

        _time.Advance(TimeSpan.FromMinutes(119));
        await _decisions.LookAsync();
        Assert.Equal("waiting", _record.StatusOf(deployment.Id));

        _time.Advance(TimeSpan.FromMinutes(1));
        await _decisions.LookAsync();
        await BeganAsync(deployment.Id);
    }

    [Fact]
    public async Task One_that_waits_in_the_queue_when_the_window_closes_waits_until_it_opens_again()
    {
        _plan = Plan(new GatePlan(Approval: null, OpensAt(11), RefusesWhenClosed: false));
        var first = await EnqueueAsync();
        await BeganAsync(first.Id);
        var second = await EnqueueAsync();
        Assert.Equal("queued", _record.StatusOf(second.Id));

        _time.Advance(TimeSpan.FromHours(12));
        _go.SetResult();
        await first.End;
        Assert.IsType<WaitReason.Closed>(_queue.WhyWaits(second.Service, second.Id));

        _time.Advance(TimeSpan.FromHours(11));
        await _decisions.LookAsync();
        await BeganAsync(first.Id, second.Id);
    }

    [Fact]
    public async Task One_that_nobody_approves_expires_at_its_time()
    {
        var rule = new ApprovalRule([], Count: 1, TimeSpan.FromHours(8), AllowsSelf: false);
        _plan = Plan(new GatePlan(rule, OpeningTimes.Always, RefusesWhenClosed: false));
        var deployment = await EnqueueAsync();

        _time.Advance(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        await _decisions.LookAsync();
        Assert.Equal("waiting", _record.StatusOf(deployment.Id));

        _time.Advance(TimeSpan.FromSeconds(1));
        await _decisions.LookAsync();
        Assert.Equal("expired", _record.StatusOf(deployment.Id));
        Assert.Equal(DeploymentStatus.Expired, (await deployment.End)?.Status);
    }

    [Fact]
    public async Task What_the_service_does_otherwise_by_now_asks_again()
    {
        var rule = new ApprovalRule([], Count: 2, TimeSpan.FromHours(8), AllowsSelf: false);
        _plan = Plan(new GatePlan(rule, OpeningTimes.Always, RefusesWhenClosed: false));
        var deployment = await EnqueueAsync();
        var decision = new GateDecision("alice", Address: null, _time.GetUtcNow(), Reason: null);
        Assert.IsType<DecisionAnswer.Done>(await _decisions.ApproveAsync(deployment, decision, mayAll: false));

        _plan = _plan with { Version = "another" };
        await _decisions.LookAsync();

        var again = _queue.Find(deployment.Service, deployment.Id)!;
        Assert.NotSame(deployment, again);
        Assert.Empty(again.Accepted.Gate!.Approvals);
        Assert.IsType<DecisionAnswer.Done>(await _decisions.ApproveAsync(again, decision, mayAll: false));
    }

    public async ValueTask DisposeAsync()
    {
        _go.TrySetResult();
        await _decisions.DisposeAsync();
        await _queue.StopAsync(TimeSpan.FromSeconds(30));
        _queue.Dispose();
    }

    /// <summary>Each day from an hour on, until midnight.</summary>
    private static OpeningTimes OpensAt(int hour) =>
        new([
            new Window(
                true,
                new WindowDays(new HashSet<DayOfWeek>(), []),
                TimeSpan.FromHours(hour),
                Window.Day,
                TimeZoneInfo.Utc
            ),
        ]);

    private static DeploymentPlan Plan(GatePlan gate) =>
        SampleCall.Plan(
            new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 9, AnswersAtOnce: true),
            commands: "make"
        ) with
        {
            Gate = gate,
            Version = "one",
        };

    private async Task<Deployment> EnqueueAsync()
    {
        var answer = await _queue.EnqueueAsync(SampleCall.Admitted("site"), _plan, SampleCall.Plain);
        return Assert.IsType<QueueAnswer.Accepted>(answer).Deployment;
    }

    private async Task BeganAsync(params string[] ids)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!_began.SequenceEqual(ids))
        {
            Assert.False(limit.IsCancellationRequested, $"{string.Join(' ', _began)} began");
            await Task.Yield();
        }
    }

    private async Task<DeploymentResult?> RunAsync(Deployment deployment, EndOfServer end)
    {
        Assert.True(await deployment.IsOnDisk);
        _began.Enqueue(deployment.Id);
        await _go.Task;
        var entry = deployment.Accepted with { Status = DeploymentStatus.Succeeded, StartedAt = deployment.StartedAt };
        await _record.EndAsync(entry, keep: 1);
        return new DeploymentResult(entry, OutputContent.Of(""));
    }
}
