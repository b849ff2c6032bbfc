using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>Deployments with more and more services.</summary>
internal static class ServiceGrowth
{
    private const int Clients = 8;
    private const string Prefix = "service";

    /// <summary>The default.</summary>
    private const int Keep = 200;

    private static readonly int[] Counts = [1, 10, 100, 1_000];

    internal static async Task<Table> TableAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var servers = new List<RunningServer>();
        try
        {
            var turns = new List<Turn<WrkResult>>();
            foreach (var count in Counts)
            {
                var server = await bench.StartAsync(
                    bench.Native,
                    Services.Many(Prefix, count, Keep),
                    cancellationToken
                );
                servers.Add(server);
                var script = LuaScript.AnyOf("POST", Services.Token, $"/deploy/{Prefix}%d", count);
                var load = new Wrk(server.UrlOf("/"), bench.ScriptFile(script), Clients, bench.Options.Seconds);
                turns.Add(new Turn<WrkResult>($"{count} services", load.RunAsync));
            }

            var rounds = await Rounds.RunAsync("growth, services", bench.Options.Rounds, turns, cancellationToken);
            var table = new Table("services", "deployments/s, 8 clients", "p99, ms", "memory then, MiB");
            foreach (var (index, count) in Counts.Index())
            {
                table.Add(
                    Unit.Count.Write(count),
                    Unit.Count.Write(Samples.Of(rounds[index], each => each.PerSecond).Median),
                    Unit.FineMilliseconds.Write(Samples.Of(rounds[index], each => each.Percentile99).Median),
                    Unit.Megabytes.Write(servers[index].Program.Memory())
                );
            }

            return table;
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }
}
