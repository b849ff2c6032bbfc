using Microsoft.Extensions.Logging;
using ThinDeployer.Security;

namespace ThinDeployer.Deployments;

/// <summary>
/// Puts in order what the last run of the program left, before anything new is taken in: what was running is stopped and
/// becomes interrupted, what was queued gets its place back, and rollbacks that are due come first.
/// </summary>
/// <param name="longestStopGrace">What the host leaves between SIGTERM and SIGKILL.</param>
/// <param name="planOf">What a service does now; null for one that is not configured any more.</param>
internal sealed partial class Recovery(
    IDeploymentRecord record,
    DeploymentQueue queue,
    DeploymentEngine engine,
    StepProcesses processes,
    Func<string, DeploymentPlan?> planOf,
    TimeSpan longestStopGrace,
    TimeProvider time,
    ILogger<Recovery> logger
)
{
    /// <summary>Where the service is gone, and with it its own.</summary>
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);
    private const int DefaultKeep = 200;

    /// <exception cref="RecordUnavailableException">The record can't be written.</exception>
    internal async Task RunAsync()
    {
        foreach (var entry in record.Unfinished())
        {
            var plan = planOf(entry.Service);
            if (entry.Status is DeploymentStatus.Running)
            {
                await InterruptAsync(entry, plan);
            }
            else if (entry.Status is not DeploymentStatus.Queued)
            {
                TidyUp(entry, plan, Task.FromResult(true));
            }
            else if (plan is not null)
            {
                queue.Restore(Deployment.Restored(entry, plan, record.LogFolder));
            }
            else
            {
                await EndUnknownAsync(entry);
            }
        }

        queue.Open();
    }

    private async Task InterruptAsync(DeploymentEntry entry, DeploymentPlan? plan)
    {
        // The first SIGTERM is sent before this call comes back; what resists is waited for by its service only.
        var stopped = processes.StopAsync(
            StepStart.MarkerPrefix(entry.Id) + HookOf(entry),
            shellId: 0,
            TimeSpan.FromTicks(Math.Min((plan?.Limits.StopGrace ?? DefaultGrace).Ticks, longestStopGrace.Ticks))
        );
        var end = entry with
        {
            Status = entry.Outcome ?? DeploymentStatus.Interrupted,
            FinishedAt = time.GetUtcNow(),
            NeedsRollback = entry.Outcome is null && plan?.OnFailure.Count > 0,
        };
        end = Told(end, plan, "The server ended while this deployment ran");
        await record.EndAsync(end, plan?.Keep ?? DefaultKeep);
        Log.Interrupted(logger, end.Id, end.Service, end.Status.Name());
        TidyUp(end, plan, stopped);
    }

    /// <summary>One whose steps are over is stopped in its hook only: a daemon that its steps started lives on.</summary>
    private static string HookOf(DeploymentEntry entry) =>
        entry.Outcome switch
        {
            null => "",
            DeploymentStatus.Succeeded => "on_success.",
            _ => "on_failure.",
        };

    private void TidyUp(DeploymentEntry entry, DeploymentPlan? plan, Task<bool> stopped) =>
        queue.First(
            entry,
            plan?.Queue.Lock,
            async stop =>
            {
                if (!await stopped.WaitAsync(stop))
                {
                    Log.Resists(logger, entry.Id, entry.Service);
                }

                if (entry.NeedsRollback && plan?.OnFailure.Count > 0)
                {
                    await engine.RollBackAsync(Deployment.Interrupted(entry, plan, record.LogFolder), stop);
                }
                else if (entry.NeedsRollback)
                {
                    // Kept for later, it would undo what was deployed since.
                    await record.BeginRollbackAsync(entry.Id);
                }
            }
        );

    private Task EndUnknownAsync(DeploymentEntry entry)
    {
        var end = entry with { Status = DeploymentStatus.Interrupted, FinishedAt = time.GetUtcNow() };
        Log.Interrupted(logger, end.Id, end.Service, end.Status.Name());
        return record.EndAsync(Told(end, plan: null, "The service is not configured any more"), DefaultKeep);
    }

    private DeploymentEntry Told(DeploymentEntry entry, DeploymentPlan? plan, string line)
    {
        var log = DeploymentLog.Continue(
            new LogFiles(record.LogFolder, entry.Id),
            maximumBytes: 1024,
            plan?.Secrets ?? SecretMask.Nothing,
            entry
        );
        log.WriteLine(line);
        return log.Finish().In(entry);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Deployment {Id} of {Service} was cut off by the end of the server: {Status}")]
        internal static partial void Interrupted(ILogger logger, string id, string service, string status);

        [LoggerMessage(LogLevel.Error, "Deployment {Id} of {Service} left a process that outlives SIGKILL")]
        internal static partial void Resists(ILogger logger, string id, string service);
    }
}
