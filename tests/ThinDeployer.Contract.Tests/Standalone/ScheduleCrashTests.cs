using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Scheduling;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>A server that is killed again and again while something is due.</summary>
public sealed class ScheduleCrashTests
{
    private const int DueTimes = 6;
    private const int Kills = 4;

    /// <summary>From the first line of a start, with a margin: what is due is taken up within it.</summary>
    private const int LongestMilliseconds = 600;

    /// <summary>Different in each run; it is in the message of a test that fails.</summary>
    private static readonly int Seed = Environment.ProcessId;

    [Fact]
    public async Task Each_due_time_has_exactly_one_deployment()
    {
        var random = new Random(Seed);
        string[] services = ["one", "two", "three"];
        var workspace = new Workspace();
        workspace.Write(
            "deployer.yml",
            string.Concat(services.Select(name => ServiceYaml.With(name, "schedule: [{cron: '0 0 1 1 *'}]", "true")))
        );
        var start = new ProgramStart(new StandaloneServer(), workspace);
        var server = await RunningServer.StartAsync(start);
        await Eventually.IsTrueAsync(
            () => services.All(service => LeftRecord.HasBegun(workspace, service)),
            "the schedules are known"
        );

        for (var due = 1; due <= DueTimes; due++)
        {
            server = await server.CrashAndRestartAsync(
                start,
                async () =>
                {
                    await LeftRecord.WasAwayForYearsAsync(workspace);
                    await KillAsync(start, random);
                }
            );
            foreach (var service in services)
            {
                await Eventually.IsTrueAsync(
                    () => CountAsync(server, service),
                    due,
                    $"{service} is deployed, seed {Seed}"
                );
            }
        }

        await using var last = server;
    }

    /// <summary>Starts, each of which is killed before it is known to listen.</summary>
    private static async Task KillAsync(ProgramStart start, Random random)
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var killed = StartedProgram.Start(start);
            await Eventually.IsTrueAsync(() => killed.Output.Lines.Count > 0 || killed.HasExited, "it begins");
            var moment = TimeSpan.FromMilliseconds(random.Next(LongestMilliseconds));
            await Task.Delay(moment, TimeProvider.System, CancellationToken.None);
            killed.Signal(PosixSignal.Kill);
            await killed.ExitAsync();
        }
    }

    private static async Task<int> CountAsync(RunningServer server, string service) =>
        (await server.AskAsync($"/deployments?service={service}")).Json.GetProperty("deployments").GetArrayLength();
}
