using System.Globalization;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using Xunit.Abstractions;

namespace ThinDeployer.Contract.Tests.Machines;

/// <summary>
/// A front, its machines and their broker, each killed at any moment while deployments come. Longer by hand:
/// <c>THIN_DEPLOYER_CRASH_ROUNDS</c> says how often (CONTRIBUTING.md, "Searches").
/// </summary>
[Collection(OneFleetBroker.Name)]
public sealed class FleetCrashTests(SharedBroker shared, ITestOutputHelper output)
{
    private const int UsualRounds = 6;
    private const int Each = 2;
    private const int BrokerEvery = 5;
    private const int Lines = 300;

    private const string Front = $$$"""
        site:
          token: {{{ServiceYaml.Token}}}
          machines: all
          rollout: {batch: 100%, max_failures: 3}
          when_busy: queue
          max_queued: 10000
          keep: 10000

        """;

    private static readonly string Machine = ServiceYaml.Bare(
        "site",
        "pwd: site, when_busy: queue, max_queued: 10000, keep: 10000",
        $"echo $DEPLOYMENT_ID >> ran; seq 1 {Lines}"
    );

    private static readonly string[] Wanted =
    [
        .. Enumerable.Range(1, Lines).Select(one => one.ToString(CultureInfo.InvariantCulture)),
    ];

    private static readonly int Rounds = int.TryParse(
        Environment.GetEnvironmentVariable("THIN_DEPLOYER_CRASH_ROUNDS"),
        CultureInfo.InvariantCulture,
        out var rounds
    )
        ? rounds
        : UsualRounds;

    /// <summary>Different in each run; it is in the message of a test that fails.</summary>
    private static readonly int Seed = Environment.ProcessId;

    [EnoughTimeFact]
    public async Task Whatever_is_killed_each_machine_runs_what_was_accepted_at_most_once_and_its_end_is_known()
    {
        var random = new Random(Seed);
        await using var fleet = await Fleet.StartAsync(shared.Broker, Front, _ => Machine);
        var ids = new List<string>();
        for (var round = 1; round <= Rounds; round++)
        {
            for (var i = 0; i < Each; i++)
            {
                ids.Add(await fleet.BeginAsync("site"));
            }

            await KillAsync(fleet, round % BrokerEvery == 0 ? 4 : random.Next(4));
        }

        var ends = new List<JsonElement>();
        foreach (var id in ids)
        {
            ends.Add(await fleet.EndOfAsync(id));
        }

        await CheckAsync(fleet, ends);
    }

    private static async Task KillAsync(Fleet fleet, int victim)
    {
        switch (victim)
        {
            case 0:
                await fleet.CrashFrontAsync();
                break;
            case 4:
                await fleet.Broker.KillAsync();
                await fleet.Broker.RestartAsync();
                break;
            default:
                await fleet[$"web-{victim}"].KillAsync();
                fleet[$"web-{victim}"].Start();
                break;
        }
    }

    private async Task CheckAsync(Fleet fleet, List<JsonElement> ends)
    {
        var statuses = new List<string>();
        foreach (var machine in fleet.Machines)
        {
            var ran = machine.Workspace.ReadSite("ran").Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var times = ran.CountBy(id => id).ToDictionary();
            Assert.True(ran.Length == times.Count, $"seed {Seed}: {machine.Name} ran something twice");
            foreach (var end in ends)
            {
                var child = Fleet.On(end, machine.Name);
                var (id, status) = (Fleet.ChildOf(end, machine.Name), child.GetProperty("status").GetString()!);
                statuses.Add(status);
                Assert.True(
                    status switch
                    {
                        "succeeded" => times.Remove(id),
                        "interrupted" => true,
                        _ => false,
                    },
                    $"seed {Seed}: on {machine.Name}, {child} ran {times.GetValueOrDefault(id)} times\n{fleet.Transcripts()}"
                );
                times.Remove(id);
                if (status == "succeeded")
                {
                    Assert.Equal(Wanted, FleetLog.Printed(await fleet.LogAsync(id)));
                }
            }

            Assert.Empty(times);
        }

        output.WriteLine(
            $"{Rounds} crashes, seed {Seed}: {ends.Count} accepted for {fleet.Machines.Count} machines, "
                + string.Join(", ", statuses.CountBy(one => one).Select(one => $"{one.Value} {one.Key}"))
        );
    }

    /// <summary>More rounds than usual take as long as they take.</summary>
    private sealed class EnoughTimeFactAttribute : LimitedFactAttribute
    {
        public EnoughTimeFactAttribute()
        {
            if (Rounds > UsualRounds)
            {
                Timeout = 0;
            }
        }
    }
}
