using ThinDeployer.Bench.Figures;
using ThinDeployer.Bench.Load;
using ThinDeployer.Bench.Programs;

namespace ThinDeployer.Bench.Measures;

/// <summary>Deployments and pages with more and more deployments kept.</summary>
internal static class HistoryGrowth
{
    private const int Clients = 8;

    private static readonly int[] Sizes = [1_000, 10_000, 100_000];

    internal static async Task<Table> TableAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var servers = new List<RunningServer>();
        try
        {
            foreach (var size in Sizes)
            {
                var folder = await KeptHistory.MakeAsync(
                    bench,
                    size,
                    keep: size / KeptHistory.ServiceCount,
                    cancellationToken
                );
                servers.Add(await RunningServer.StartAsync(bench.Native, folder, isOwned: true, cancellationToken));
            }

            return await TableAsync(bench, servers, cancellationToken);
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static async Task<Table> TableAsync(
        Workbench bench,
        IReadOnlyList<RunningServer> servers,
        CancellationToken cancellationToken
    )
    {
        var deployed = await RoundsAsync(
            bench,
            "deployments",
            servers,
            server => server.DeployUrl(KeptHistory.ServicePrefix + "1"),
            bench.DeployScript(),
            cancellationToken
        );
        var read = await RoundsAsync(
            bench,
            "pages",
            servers,
            server => server.UrlOf("/deployments"),
            bench.ScriptFile(LuaScript.Request("GET", Services.AdminToken)),
            cancellationToken
        );
        var table = new Table("deployments kept", "deployments/s, 8 clients", "page of history, p99, ms, 8 clients");
        foreach (var (index, size) in Sizes.Index())
        {
            table.Add(
                Unit.Count.Write(size),
                Unit.Count.Write(Samples.Of(deployed[index], each => each.PerSecond).Median),
                Unit.FineMilliseconds.Write(Samples.Of(read[index], each => each.Percentile99).Median)
            );
        }

        return table;
    }

    private static Task<IReadOnlyList<IReadOnlyList<WrkResult>>> RoundsAsync(
        Workbench bench,
        string what,
        IReadOnlyList<RunningServer> servers,
        Func<RunningServer, string> urlOf,
        string script,
        CancellationToken cancellationToken
    )
    {
        Turn<WrkResult>[] turns =
        [
            .. servers.Zip(
                Sizes,
                (server, size) =>
                    new Turn<WrkResult>(
                        $"{size} kept",
                        new Wrk(urlOf(server), script, Clients, bench.Options.Seconds).RunAsync
                    )
            ),
        ];
        return Rounds.RunAsync($"growth, {what}", bench.Options.Rounds, turns, cancellationToken);
    }
}
