using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Steps;
using ThinDeployer.Tests.Storage;

namespace ThinDeployer.Tests.Deployments;

/// <summary>How long something took does not depend on the clock of the wall, which somebody may set back meanwhile.</summary>
public sealed class DurationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _site = new();
    private readonly TimeProvider _time = new ClockSetBack();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    public async Task A_deployment_and_its_steps_take_as_long_as_they_take(int maximumRunning)
    {
        await using var harness = await RecordHarness.StartAsync();
        using var queue = Queue(harness, maximumRunning);
        queue.Open();

        var first = await EnqueueAsync(queue, "first");
        var second = await EnqueueAsync(queue, "second");
        await first.End.WaitAsync(Patience, TimeProvider.System);
        await second.End.WaitAsync(Patience, TimeProvider.System);
        await queue.StopAsync(TimeSpan.FromSeconds(10));

        foreach (var id in new[] { first.Id, second.Id })
        {
            var entry = harness.Record.Find(id)!;
            Assert.InRange(entry.DurationMs!.Value, 50, Patience.TotalMilliseconds);
            Assert.InRange(Assert.Single(entry.Steps).Duration!.Value, TimeSpan.FromMilliseconds(50), Patience);
        }
    }

    [Fact]
    public async Task What_a_start_finds_cut_off_took_no_less_than_nothing()
    {
        await using var harness = await RecordHarness.StartAsync();
        var begun = _time.GetUtcNow();
        var running = Sample.Entry(1, status: DeploymentStatus.Running) with
        {
            StartedAt = begun,
            Steps = [StepResult.Begun("make", begun)],
        };
        await harness.AcceptAsync(running);
        using var queue = Queue(harness, maximumRunning: 1);

        await new Recovery(
            harness.Record,
            queue,
            Engine(harness),
            new DeploymentListeners([]),
            new StepProcesses(new StepGroups(folder: null), TimeProvider.System),
            _ => null,
            TimeSpan.FromSeconds(1),
            _time,
            NullLogger<Recovery>.Instance
        ).RunAsync();
        await queue.StopAsync(TimeSpan.FromSeconds(10));

        var entry = harness.Record.Find(running.Id)!;
        Assert.Equal((DeploymentStatus.Interrupted, 0), (entry.Status, entry.DurationMs));
        Assert.Equal(TimeSpan.Zero, Assert.Single(entry.Steps).Duration);
    }

    private DeploymentEngine Engine(RecordHarness harness) =>
        new(
            new StepRunner(
                TimeSpan.FromSeconds(1),
                new StepProcesses(new StepGroups(folder: null), TimeProvider.System),
                launcher: null,
                _time,
                NullLogger<StepRunner>.Instance
            ),
            Patient(harness),
            new DeploymentListeners([]),
            _time,
            NullLogger<DeploymentEngine>.Instance
        )
        {
            Rollouts = new NoMachines(harness.Record, _time),
        };

    private DeploymentQueue Queue(RecordHarness harness, int maximumRunning) =>
        new(
            Engine(harness).RunAsync,
            harness.Record,
            Patient(harness),
            new DeploymentListeners([]),
            maximumRunning,
            _time,
            NullLogger<DeploymentQueue>.Instance
        );

    private PatientRecord Patient(RecordHarness harness) =>
        new(harness.Record, _time, NullLogger<PatientRecord>.Instance);

    private async Task<Deployment> EnqueueAsync(DeploymentQueue queue, string service)
    {
        var policy = new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 2, AnswersAtOnce: false);
        var plan = SampleCall.Plan(policy, _site.FullName, commands: "sleep 0.05");
        var answer = await queue.EnqueueAsync(SampleCall.Admitted(service), plan, SampleCall.Plain);
        return Assert.IsType<QueueAnswer.Accepted>(answer).Deployment;
    }

    /// <summary>Set back by an hour at each look; how much time passes is true.</summary>
    private sealed class ClockSetBack : TimeProvider
    {
        private long _looks;

        public override DateTimeOffset GetUtcNow() => Sample.Noon.AddHours(-Interlocked.Increment(ref _looks));
    }
}
