using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Audit;
using ThinDeployer.Chains;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Rules;
using ThinDeployer.Tests.Deployments;
using ThinDeployer.Tests.Storage;

namespace ThinDeployer.Tests.Chains;

/// <summary>Links that can't be followed, in a real record.</summary>
public sealed class ChainRunnerTests : IAsyncLifetime
{
    private RecordHarness _harness = null!;

    public async Task InitializeAsync() => _harness = await RecordHarness.StartAsync();

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task A_link_from_a_deployment_that_is_gone_says_so()
    {
        await LinkAsync();
        _harness.Scalar("DELETE FROM deployments");

        var told = await DropAsync(
            SampleCall.Plan(
                new QueuePolicy(1, WhenBusy.Queue, MaximumWaiting: 9, AnswersAtOnce: true),
                commands: "true"
            )
        );

        Assert.Equal(
            $"Deployment {Sample.Id(1)} is not followed by one of blog: the deployment before it is gone from the record",
            told
        );
        Assert.Empty(_harness.Record.DueLinks());
    }

    [Fact]
    public async Task A_link_to_a_service_that_is_gone_says_so()
    {
        await LinkAsync();

        var told = await DropAsync(plan: null);

        Assert.Equal(
            $"Deployment {Sample.Id(1)} is not followed by one of blog: there is no such service any more",
            told
        );
        Assert.Empty(_harness.Record.DueLinks());
    }

    private async Task LinkAsync()
    {
        await _harness.AcceptAsync(Sample.Entry(1));
        await _harness.Record.EndAsync(Sample.Ended(1) with { Follows = ["blog"] }, keep: 10);
    }

    /// <returns>What was said of the link.</returns>
    /// <param name="plan">Of the service that follows; null where it is gone.</param>
    private async Task<string> DropAsync(DeploymentPlan? plan)
    {
        var record = _harness.Record;
        using var queue = new DeploymentQueue(
            (_, _) => Task.FromResult<DeploymentResult?>(null),
            record,
            new PatientRecord(record, TimeProvider.System, NullLogger<PatientRecord>.Instance),
            new DeploymentListeners([]),
            maximumRunning: 1,
            TimeProvider.System,
            NullLogger<DeploymentQueue>.Instance
        );
        var decisions = new Decisions(
            queue,
            record,
            new DeploymentListeners([]),
            _ => null,
            TimeProvider.System,
            NullLogger<Decisions>.Instance
        );
        var room = new EngineRoom();
        room.Enter(new OpenEngine(queue, record, decisions, new NoMachines(record, TimeProvider.System)));
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var runner = new ChainRunner(
            room,
            new Intake(room),
            _ => plan is null ? null : (plan, (VariableSet?)null),
            new AuditTrail(TimeProvider.System, NullLogger<AuditTrail>.Instance),
            TimeProvider.System,
            new LineLogger<ChainRunner>((_, line, _) => told.TrySetResult(line))
        );
        await runner.StartAsync(CancellationToken.None);
        try
        {
            return await told.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        }
        finally
        {
            await runner.StopAsync(CancellationToken.None);
            await queue.StopAsync(TimeSpan.Zero);
        }
    }
}
