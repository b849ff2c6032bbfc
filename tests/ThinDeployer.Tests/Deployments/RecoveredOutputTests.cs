using Microsoft.Extensions.Logging.Abstractions;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Rollouts;
using ThinDeployer.Steps;
using ThinDeployer.Tests.Storage;

namespace ThinDeployer.Tests.Deployments;

/// <summary>Output that was still short when the server was cut off.</summary>
public sealed class RecoveredOutputTests
{
    [Fact]
    public async Task What_a_machine_had_told_so_far_gets_a_file_of_its_own()
    {
        await using var harness = await RecordHarness.StartAsync();
        var whole = Sample.Entry(1, status: DeploymentStatus.Running) with { StartedAt = Sample.Noon };
        var child = whole with { Id = Sample.Id(100), Child = new ChildPlace(whole.Id, "web-1", Batch: 0) };
        await harness.AcceptAsync(whole);
        await harness.Record.BeginRolloutAsync(
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
        harness.Record.Outputs.Short.Take(child.Id).Write("told so far\n"u8);

        await RecoverAsync(harness);

        Assert.Equal("told so far\n", await File.ReadAllTextAsync(harness.LogPath(child.Id)));
    }

    private static async Task RecoverAsync(RecordHarness harness)
    {
        var processes = new StepProcesses(new StepGroups(folder: null), TimeProvider.System);
        var patient = new PatientRecord(harness.Record, TimeProvider.System, NullLogger<PatientRecord>.Instance);
        var listeners = new DeploymentListeners([]);
        var steps = new StepRunner(
            TimeSpan.FromSeconds(1),
            processes,
            launcher: null,
            TimeProvider.System,
            NullLogger<StepRunner>.Instance
        );
        var engine = new DeploymentEngine(
            steps,
            patient,
            listeners,
            TimeProvider.System,
            NullLogger<DeploymentEngine>.Instance
        )
        {
            Rollouts = new NoMachines(harness.Record, TimeProvider.System),
        };
        using var queue = new DeploymentQueue(
            engine.RunAsync,
            harness.Record,
            patient,
            listeners,
            maximumRunning: 1,
            TimeProvider.System,
            NullLogger<DeploymentQueue>.Instance
        );
        await new Recovery(
            harness.Record,
            queue,
            engine,
            listeners,
            processes,
            _ => null,
            TimeSpan.FromSeconds(1),
            TimeProvider.System,
            NullLogger<Recovery>.Instance
        ).RunAsync();
        await queue.StopAsync(TimeSpan.FromSeconds(10));
    }
}
