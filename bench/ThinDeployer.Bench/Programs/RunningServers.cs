namespace ThinDeployer.Bench.Programs;

/// <summary>Contestants that take turns: those that have none are idle meanwhile.</summary>
internal sealed class RunningServers : IAsyncDisposable
{
    private readonly List<RunningServer> _servers = [];

    private RunningServers() { }

    internal IReadOnlyList<RunningServer> All => _servers;

    /// <summary>Each in a folder of its own, with the standard services.</summary>
    internal static async Task<RunningServers> StartAsync(
        Workbench bench,
        IEnumerable<IContestant> contestants,
        CancellationToken cancellationToken
    )
    {
        var servers = new RunningServers();
        try
        {
            foreach (var contestant in contestants)
            {
                servers._servers.Add(await bench.StartAsync(contestant, cancellationToken));
            }

            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }
}
