namespace ThinDeployer.Server;

/// <summary>
/// Gives memory back after a rush: the runtime collects only when something is allocated, and a server that deploys a few
/// times a day would keep what its busiest minute took.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    /// <summary>Bytes that are worth a collection.</summary>
    private const long Worthwhile = 4 * 1024 * 1024;

    /// <summary>Bytes between two looks; a handful of deployments takes more.</summary>
    private const long Quiet = 512 * 1024;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    /// <summary>Ends as cancelled with the server, which the host takes for a good end.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(LookEvery, time);
        var (before, collected) = (0L, 0L);
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (allocated - before < Quiet && allocated - collected > Worthwhile)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                collected = allocated;
            }

            before = allocated;
        }
    }
}
