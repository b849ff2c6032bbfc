using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Steps;
using ThinDeployer.Tests.Storage;

namespace ThinDeployer.Tests.Deployments;

/// <summary>What listeners are told, and in which order.</summary>
#pragma warning disable CA1001 // Its DisposeAsync disposes of them.
public sealed class ListenerTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly QueuePolicy OneByOne = new(1, WhenBusy.Queue, MaximumWaiting: 2, AnswersAtOnce: false);

    private readonly TemporaryFolder _site = new();
    private readonly Told _told = new();
    private RecordHarness _harness = null!;
    private DeploymentQueue _queue = null!;

    public async Task InitializeAsync()
    {
        _harness = await RecordHarness.StartAsync();
        var time = TimeProvider.System;
        var patient = new PatientRecord(_harness.Record, time, NullLogger<PatientRecord>.Instance);
        var listeners = new DeploymentListeners([_told]);
        var runner = new StepRunner(
            TimeSpan.FromSeconds(1),
            new StepProcesses(new StepGroups(folder: null), time),
            launcher: null,
            time,
            NullLogger<StepRunner>.Instance
        );
        var engine = new DeploymentEngine(runner, patient, listeners, time, NullLogger<DeploymentEngine>.Instance)
        {
            Rollouts = new NoMachines(_harness.Record, time),
        };
        _queue = new DeploymentQueue(
            engine.RunAsync,
            _harness.Record,
            patient,
            listeners,
            maximumRunning: 10,
            time,
            NullLogger<DeploymentQueue>.Instance
        );
        _queue.Open();
    }

    public async Task DisposeAsync()
    {
        await _queue.StopAsync(TimeSpan.Zero);
        _queue.Dispose();
        await _harness.DisposeAsync();
        _site.Dispose();
    }

    [Fact]
    public async Task They_hear_of_each_state_and_of_each_step_in_order()
    {
        var deployment = await EnqueueAsync("true", "exit 3", "true");

        await EndAsync(deployment);

        Assert.Equal(["accepted", "began", "step Succeeded", "step Failed", "ended Failed"], _told.Of(deployment));
    }

    [Fact]
    public async Task One_that_waits_begins_later_and_one_that_is_cancelled_before_never_does()
    {
        var first = await EnqueueAsync($"until [ -e {_site.At("go")} ]; do sleep 0.05; done");
        var second = await EnqueueAsync("true");
        var third = await EnqueueAsync("true");

        await _queue.CancelAsync(third.Service, third.Id, "somebody");
        Assert.Equal(["accepted behind 0"], _told.Of(second));
        _site.Write("go", []);
        await EndAsync(first);
        await EndAsync(second);

        Assert.Equal(["accepted behind 0", "began", "step Succeeded", "ended Succeeded"], _told.Of(second));
        Assert.Equal(["accepted behind 1", "ended Cancelled"], _told.Of(third));
    }

    private async Task<Deployment> EnqueueAsync(params string[] commands)
    {
        var plan = SampleCall.Plan(OneByOne, _site.FullName, commands: commands);
        var answer = await _queue.EnqueueAsync(SampleCall.Admitted("site"), plan, SampleCall.Plain);
        return Assert.IsType<QueueAnswer.Accepted>(answer).Deployment;
    }

    private static Task<DeploymentResult?> EndAsync(Deployment deployment) =>
        deployment.End.WaitAsync(Patience, TimeProvider.System);

    private sealed class Told : IDeploymentListener
    {
        private readonly ConcurrentQueue<(string Id, string What)> _all = [];

        public void Accepted(Deployment deployment, int? queuedAhead) =>
            _all.Enqueue((deployment.Id, queuedAhead is null ? "accepted" : $"accepted behind {queuedAhead}"));

        public void Began(Deployment deployment) => _all.Enqueue((deployment.Id, "began"));

        public void StepEnded(Deployment deployment, StepResult step) =>
            _all.Enqueue((deployment.Id, $"step {step.Status}"));

        public void Ended(Deployment deployment, DeploymentResult result) =>
            _all.Enqueue((deployment.Id, $"ended {result.Status}"));

        internal IEnumerable<string> Of(Deployment deployment) =>
            _all.Where(one => one.Id == deployment.Id).Select(one => one.What);
    }
}
