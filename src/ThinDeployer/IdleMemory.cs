using Microsoft.Extensions.Hosting;

namespace ThinDeployer;

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

    /// <summary>
    /// Bytes of a heap that does not wait for quiet, or for more: a large body is in it, or was. In a rush without one it has a
    /// third.
    /// </summary>
    private const long Pressing = 32 * 1024 * 1024;

    /// <summary>Bytes; with less since the last collection, nothing has ended that was in use then.</summary>
    private const long Stir = 16 * 1024;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    /// <summary>Between two collections that are pressing: what is in use is not garbage yet.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Ends as cancelled with the server, which the host takes for a good end.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(LookEvery, time);
        var (before, collected, last, beside) = (0L, 0L, time.GetTimestamp(), Environment.WorkingSet);
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            var isQuiet = allocated - before < Quiet && allocated - collected > Worthwhile;

            // By what the system counts: the runtime leaves out what is free and was not given back.
            var isPressing =
                time.GetElapsedTime(last) > Patience
                && allocated - collected > Stir
                && Environment.WorkingSet - beside > Pressing;
            if (isQuiet || isPressing)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                (collected, last) = (allocated, time.GetTimestamp());
                beside = Environment.WorkingSet - GC.GetTotalMemory(forceFullCollection: false);
            }

            before = allocated;
        }
    }
}
