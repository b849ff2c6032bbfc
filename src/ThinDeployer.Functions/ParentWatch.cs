using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ThinDeployer.Functions;

/// <summary>
/// Stops the worker when the host that started it is gone: nobody could call it any more, while it would keep its
/// deployments running and the data folder from the next one.
/// </summary>
internal sealed partial class ParentWatch(
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ParentWatch> logger
) : BackgroundService
{
    /// <summary>A signal at the parent's death (<c>PR_SET_PDEATHSIG</c>) would come at the death of the thread that started us.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly int _parent = Parent();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(LookEvery, time);
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            if (Parent() != _parent)
            {
                Log.ParentGone(logger, _parent);
                lifetime.StopApplication();
                return;
            }
        }
    }

    /// <summary>Of this process, as proc(5) tells it: whoever takes an orphan up is another one.</summary>
    private static int Parent()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        // The name, in parentheses, may hold anything; behind it come the state and the parent.
        var behindName = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return int.Parse(behindName[1], CultureInfo.InvariantCulture);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The Functions host (process {Parent}) is gone: stopping")]
        internal static partial void ParentGone(ILogger logger, int parent);
    }
}
