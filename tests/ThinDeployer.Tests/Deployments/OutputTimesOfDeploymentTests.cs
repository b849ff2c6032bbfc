using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Output;
using ThinDeployer.Steps;
using ThinDeployer.Tests.Storage;

namespace ThinDeployer.Tests.Deployments;

public sealed class OutputTimesOfDeploymentTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task A_line_has_the_same_time_while_its_deployment_runs_and_later()
    {
        await using var harness = await RecordHarness.StartAsync();
        using var queue = Queue(harness);
        queue.Open();
        var desk = new Desk(queue, harness.Record, new NoMachines(harness.Record, TimeProvider.System));
        var policy = new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 2, AnswersAtOnce: false);
        var plan = SampleCall.Plan(
            policy,
            _site.FullName,
            commands: "echo soon; sleep 0.3; echo late; until [ -e go ]; do sleep 0.02; done"
        );
        var answer = await queue.EnqueueAsync(SampleCall.Admitted("shop"), plan, SampleCall.Plain);
        var deployment = Assert.IsType<QueueAnswer.Accepted>(answer).Deployment;
        var state = deployment.Output.State;
        while (Position(state.Content, "\nlate\n") < 0)
        {
            await deployment.Output.ChangeAsync(state).WaitAsync(Patience, TimeProvider.System);
            state = deployment.Output.State;
        }

        var live = desk.TimesOf(deployment.Accepted);
        await File.WriteAllTextAsync(_site.At("go"), "");
        await deployment.End.WaitAsync(Patience, TimeProvider.System);
        var kept = desk.TimesOf(harness.Record.Find(deployment.Id)!);
        await queue.StopAsync(TimeSpan.FromSeconds(10));

        var soon = Position(state.Content, "\nsoon\n");
        var late = Position(state.Content, "\nlate\n");
        Assert.InRange(live.At(late)!.Value, TimeSpan.FromMilliseconds(300), Patience);
        Assert.InRange(live.At(late)!.Value - live.At(soon)!.Value, TimeSpan.FromMilliseconds(200), Patience);
        Assert.Equal((live.At(soon), live.At(late)), (kept.At(soon), kept.At(late)));
    }

    /// <summary>Behind the line feed; -1 where there is no such line yet.</summary>
    private static long Position(OutputContent output, string line)
    {
        var (text, _) = OutputReader.Tail(output, 10_000);
        var found = text.IndexOf(line, StringComparison.Ordinal);
        return found < 0 ? -1 : Encoding.UTF8.GetByteCount(text.AsSpan(0, found + 1));
    }

    private static DeploymentQueue Queue(RecordHarness harness)
    {
        var time = TimeProvider.System;
        var patient = new PatientRecord(harness.Record, time, NullLogger<PatientRecord>.Instance);
        var processes = new StepProcesses(new StepGroups(folder: null), time);
        var logger = NullLogger<StepRunner>.Instance;
        var engine = new DeploymentEngine(
            new StepRunner(TimeSpan.FromSeconds(1), processes, launcher: null, time, logger),
            patient,
            new DeploymentListeners([]),
            time,
            NullLogger<DeploymentEngine>.Instance
        )
        {
            Rollouts = new NoMachines(harness.Record, TimeProvider.System),
        };
        return new(
            engine.RunAsync,
            harness.Record,
            patient,
            new DeploymentListeners([]),
            maximumRunning: 10,
            time,
            NullLogger<DeploymentQueue>.Instance
        );
    }
}
