using System.Globalization;
using Microsoft.Extensions.Logging;
using ThinDeployer.Output;
using ThinDeployer.Security;
using ThinDeployer.Steps;

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
    IDeploymentListener listeners,
    StepProcesses processes,
    Func<string, DeploymentPlan?> planOf,
    TimeSpan longestStopGrace,
    TimeProvider time,
    ILogger<Recovery> logger
)
{
    /// <exception cref="RecordUnavailableException">The record can't be written.</exception>
    internal async Task RunAsync()
    {
        PayloadFile.RemoveLeftovers(record.PayloadFolder);
        SummaryFile.RemoveLeftovers(record.SummaryFolder);
        var unfinished = record.Unfinished();
        ShortOutputs.Restore(record.Outputs, RunningOf(unfinished).Contains);
        foreach (var entry in unfinished)
        {
            var plan = planOf(entry.Service);
            if (entry.Status is DeploymentStatus.Running && plan?.Rollout is not null && entry.Outcome is null)
            {
                // The machines did not end with the server.
                queue.Resume(Deployment.Interrupted(entry, plan, record));
            }
            else if (entry.Status is DeploymentStatus.Running)
            {
                await InterruptAsync(entry, plan);
            }
            else if (entry.Status.IsEnd())
            {
                TidyUp(entry, plan, Task.FromResult(true));
            }
            else if (plan is not null)
            {
                var restored = Deployment.Restored(await AskedAgainAsync(entry, plan), plan, record);
                queue.Restore(restored);
                listeners.Restored(restored);
            }
            else
            {
                await EndUnknownAsync(entry);
            }
        }

        queue.Open();
    }

    /// <summary>The ids of what ran, on machines, too.</summary>
    private HashSet<string> RunningOf(IReadOnlyList<DeploymentEntry> unfinished)
    {
        var running = unfinished.Where(entry => entry.Status is DeploymentStatus.Running).ToList();
        var children = running.SelectMany(entry => record.Children(entry.Id)).Where(child => !child.Status.IsEnd());
        return [.. running.Concat(children).Select(entry => entry.Id)];
    }

    /// <summary>What was approved is what runs: where the service does something else by now, one waits again.</summary>
    private async Task<DeploymentEntry> AskedAgainAsync(DeploymentEntry entry, DeploymentPlan plan)
    {
        if (plan.Gate.Approval is null || entry.Gate?.Version == plan.Version)
        {
            return entry;
        }

        var again = entry with
        {
            Status = DeploymentStatus.Waiting,
            Gate = new DeploymentGate { AskedAt = time.GetUtcNow(), Version = plan.Version },
        };
        await record.DecideGateAsync(again);
        return again;
    }

    private async Task InterruptAsync(DeploymentEntry entry, DeploymentPlan? plan)
    {
        // Where the service is gone, what it said is gone, too: the defaults stand in.
        var grace = plan?.Limits.StopGrace ?? DeploymentLimits.DefaultStopGrace;

        // The first SIGTERM is sent before this call comes back; what resists is waited for by its service only.
        var stopped = processes.StopAsync(
            marker => IsCutOff(entry, marker),
            shellId: 0,
            TimeSpan.FromTicks(Math.Min(grace.Ticks, longestStopGrace.Ticks))
        );
        var end = entry with
        {
            Status = entry.Outcome ?? DeploymentStatus.Interrupted,
            FinishedAt = time.GetUtcNow(),
            NeedsRollback = entry.Outcome is null && plan?.OnFailure.Count > 0,
        };
        end = CutOff(Told(end, plan, "The server ended while this deployment ran"));
        foreach (var child in record.Children(end.Id).Where(child => !child.Status.IsEnd()))
        {
            await record.SaveChildAsync(
                child with
                {
                    Status = DeploymentStatus.Interrupted,
                    FinishedAt = end.FinishedAt,
                    Child = child.Child! with { Note = "its front does not know the service any more" },
                }
            );
        }

        await record.EndAsync(end, plan?.Keep ?? DeploymentPlan.DefaultKeep);
        Log.Interrupted(logger, end.Id, end.Service, end.Status.Name());
        listeners.CutOff(end);
        TidyUp(end, plan, stopped);
    }

    /// <summary>With the end of the step that ran, if one did, and of its hook.</summary>
    internal static DeploymentEntry CutOff(DeploymentEntry entry)
    {
        return entry with
        {
            Steps = [.. entry.Steps.Select(Ended)],
            Hooks = [.. entry.Hooks.Select(Ended)],
            HookStatus = entry.EndHook is not null ? DeploymentStatus.Interrupted : null,
        };

        StepResult Ended(StepResult step) =>
            step.Status is not DeploymentStatus.Running
                ? step
                : step.CutOff() with
                {
                    Duration = Since(step.StartedAt, entry.FinishedAt!.Value),
                    OutputEnd = entry.OutputBytes,
                };
    }

    /// <summary>By the clock of the wall, which may have been set: no other one outlives the program.</summary>
    private static TimeSpan Since(DateTimeOffset start, DateTimeOffset end) =>
        end > start ? end - start : TimeSpan.Zero;

    /// <summary>
    /// Whether a marker is that of what ran at the end of the server. Steps that were over by then may have left a daemon,
    /// which lives on. Where the record could not follow, rather too much is stopped than too little.
    /// </summary>
    private static bool IsCutOff(DeploymentEntry entry, string marker)
    {
        var prefix = StepMarker.BeginningOf(entry.Id);
        if (!marker.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var name = marker[prefix.Length..];
        return entry.Outcome switch
        {
            null => !HasEnded(entry.Steps, "", name) && !HasEnded(entry.Hooks, Hook.Verify + ".", name),
            DeploymentStatus.Succeeded => name.StartsWith("on_success.", StringComparison.Ordinal),
            _ => name.StartsWith("on_failure.", StringComparison.Ordinal),
        };
    }

    /// <summary>Whether a name is of one of these that was over.</summary>
    private static bool HasEnded(IReadOnlyList<StepResult> steps, string prefix, string name) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= steps.Count(step => step.Status is not DeploymentStatus.Running);

    private void TidyUp(DeploymentEntry entry, DeploymentPlan? plan, Task<bool> stopped) =>
        queue.First(
            entry,
            plan?.Queue.Lock,
            async stop =>
            {
                // To its end even if the server ends: what resists would outlive it. The grace bounds it.
                if (!await stopped)
                {
                    Log.Resists(logger, entry.Id, entry.Service);
                }

                SummaryFile.RemoveLeftover(record.SummaryFolder, entry.Id);
                if (stop.IsCancellationRequested)
                {
                    // A rollback that has not begun is left to the next start.
                    return;
                }

                if (entry.NeedsRollback && plan?.OnFailure.Count > 0)
                {
                    await RollBackAsync(Deployment.Interrupted(entry, plan, record), stop);
                }
                else if (entry.NeedsRollback)
                {
                    // Kept for later, it would undo what was deployed since.
                    await record.BeginRollbackAsync(entry.Id, entry.Steps);
                }
            }
        );

    private async Task RollBackAsync(Deployment deployment, CancellationToken stop)
    {
        if (await engine.RollBackAsync(deployment, stop) is { Entry.FailedHook: not null } result)
        {
            listeners.Ended(deployment, result);
        }
    }

    private Task EndUnknownAsync(DeploymentEntry entry)
    {
        var end = entry with { Status = DeploymentStatus.Interrupted, FinishedAt = time.GetUtcNow() };
        Log.Interrupted(logger, end.Id, end.Service, end.Status.Name());
        return record.EndAsync(
            Told(end, plan: null, "The service is not configured any more"),
            DeploymentPlan.DefaultKeep
        );
    }

    private DeploymentEntry Told(DeploymentEntry entry, DeploymentPlan? plan, string line)
    {
        var log = DeploymentOutput.Continue(
            new OutputFiles(record.Outputs, entry.Id),
            maximumBytes: 1024,
            plan?.Secrets ?? SecretMask.Nothing,
            entry.Summary,
            entry.Service
        );
        log.WriteLine(line);
        return entry.With(log.Finish());
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Deployment {Id} of {Service} was cut off by the end of the server: {Status}")]
        internal static partial void Interrupted(ILogger logger, string id, string service, string status);

        [LoggerMessage(LogLevel.Error, "Deployment {Id} of {Service} left a process that outlives SIGKILL")]
        internal static partial void Resists(ILogger logger, string id, string service);
    }
}
