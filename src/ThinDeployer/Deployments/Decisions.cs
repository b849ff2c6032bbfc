using Microsoft.Extensions.Logging;
using ThinDeployer.Gates;
using ThinDeployer.Yaml;

namespace ThinDeployer.Deployments;

/// <summary>
/// Lets deployments go on that wait for more than their turn, because somebody decided so or the clock says so, and ends
/// those that nobody decided about in time. One decision comes after the other.
/// </summary>
/// <param name="planOf">What a service does now; null for one that is not configured any more.</param>
#pragma warning disable CA1001 // Neither has a timer or a handle, and a late caller may still ask.
internal sealed partial class Decisions(
#pragma warning restore CA1001
    DeploymentQueue queue,
    IDeploymentRecord record,
    IDeploymentListener listeners,
    Func<string, DeploymentPlan?> planOf,
    TimeProvider time,
    ILogger<Decisions> logger
) : IAsyncDisposable
{
    /// <summary>Clocks are set, and a machine may have slept.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(1);

    /// <summary>For what is due, and could not be saved.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _woken = New();
    private Task _looking = Task.CompletedTask;

    /// <summary>Begins to look at the clock.</summary>
    internal void Start() => _looking = Task.Run(LookOnAsync, CancellationToken.None);

    /// <summary>Something has changed: the configuration, a pause, or one more waits.</summary>
    internal void Wake()
    {
        lock (_lock)
        {
            _woken.TrySetResult();
        }
    }

    /// <summary>Says yes to one that waits for an approval, or for a window to open.</summary>
    /// <param name="deployment">Which.</param>
    /// <param name="decision">Who, and why.</param>
    /// <param name="mayAll">Whether its names need not stand in the rule.</param>
    internal Task<DecisionAnswer> ApproveAsync(Deployment deployment, GateDecision decision, bool mayAll) =>
        InTurnAsync(
            deployment,
            now =>
                now.Ahead(decision.At) switch
                {
                    WaitReason.Approval(var rule, var given, _) => ApproveAsync(now, rule, given, decision, mayAll),
                    WaitReason.Closed when decision.Reason is null => Answer(new DecisionAnswer.NeedsReason()),
                    WaitReason.Closed => PassAsync(now, decision),
                    _ => Answer(new DecisionAnswer.NotWaiting()),
                }
        );

    /// <summary>Says no to one that waits for an approval, which ends it.</summary>
    internal Task<DecisionAnswer> RejectAsync(Deployment deployment, GateDecision decision, bool mayAll) =>
        InTurnAsync(
            deployment,
            now =>
                now.Ahead(decision.At) is not WaitReason.Approval(var rule, _, _)
                    ? Answer(new DecisionAnswer.NotWaiting())
                : !mayAll && !IsNamed(rule, decision.Who) ? Answer(NotNamed(rule))
                : EndAsync(
                    now,
                    DeploymentStatus.Rejected,
                    gate => gate with { Rejected = decision },
                    $"{decision.Who} rejected this deployment" + (decision.Reason is { } why ? $": {why}" : "")
                )
        );

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Wake();
        await _looking;
    }

    private async Task<DecisionAnswer> InTurnAsync(Deployment deployment, Func<Deployment, Task<DecisionAnswer>> decide)
    {
        if (_end.IsCancellationRequested)
        {
            return new DecisionAnswer.NotSaved("the server is shutting down");
        }

        await _turn.WaitAsync();
        try
        {
            // What it does may have been changed since it was looked at.
            await CatchUpAsync(deployment);
            return queue.Find(deployment.Service, deployment.Id) is { StartedAt: null } now && queue.TryHold(now)
                ? await HeldAsync(now, () => decide(now))
                : new DecisionAnswer.NotWaiting();
        }
        catch (RecordUnavailableException exception)
        {
            return new DecisionAnswer.NotSaved(exception.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<DecisionAnswer> HeldAsync(Deployment deployment, Func<Task<DecisionAnswer>> decide)
    {
        try
        {
            return await decide();
        }
        finally
        {
            queue.Release(deployment);
        }
    }

    private Task<DecisionAnswer> ApproveAsync(
        Deployment deployment,
        ApprovalRule rule,
        IReadOnlyList<GateDecision> given,
        GateDecision decision,
        bool mayAll
    )
    {
        if (!mayAll && !IsNamed(rule, decision.Who))
        {
            return Answer(NotNamed(rule));
        }

        if (!rule.AllowsSelf && IsOwn(deployment.Accepted.Trigger, decision.Who))
        {
            return Answer(new DecisionAnswer.Refused("Who started a deployment can't approve it; somebody else must"));
        }

        return given.Any(before => before.Who == decision.Who)
            ? Answer(new DecisionAnswer.Repeated())
            : SaveAsync(deployment, gate => gate with { Approvals = [.. given, decision] });
    }

    private Task<DecisionAnswer> PassAsync(Deployment deployment, GateDecision decision) =>
        SaveAsync(deployment, gate => gate with { Passed = decision });

    /// <summary>The holder of a token, and the person whom a sender names, are the same where they are called the same.</summary>
    private static bool IsOwn(DeploymentTrigger trigger, string who) =>
        who.Equals(trigger.Who, StringComparison.OrdinalIgnoreCase)
        || who.Equals(trigger.Actor, StringComparison.OrdinalIgnoreCase);

    private static bool IsNamed(ApprovalRule rule, string who) => rule.By.Count == 0 || rule.By.Contains(who);

    private static DecisionAnswer.Refused NotNamed(ApprovalRule rule) =>
        new($"Only {string.Join(", ", rule.By)} may decide about it");

    private static Task<DecisionAnswer> Answer(DecisionAnswer answer) => Task.FromResult(answer);

    /// <summary>Saves what was decided about one that is held, and lets its turn come if nothing else is ahead of it.</summary>
    private async Task<DecisionAnswer> SaveAsync(Deployment deployment, Func<DeploymentGate, DeploymentGate> change)
    {
        var now = time.GetUtcNow();
        var gate = change(GateOf(deployment));
        var isFree = DeploymentGate.Ahead(deployment.GatePlan, gate, now) is null;
        var entry = deployment.Accepted with
        {
            Gate = gate,
            Status = isFree ? DeploymentStatus.Queued : deployment.Accepted.Status,
        };
        await record.DecideGateAsync(entry);
        deployment.Decided(entry);
        if (isFree)
        {
            queue.Ungate(deployment);
        }

        listeners.Decided(deployment);
        return new DecisionAnswer.Done();
    }

    private async Task<DecisionAnswer> EndAsync(
        Deployment deployment,
        DeploymentStatus status,
        Func<DeploymentGate, DeploymentGate> change,
        string line
    )
    {
        var whyNot = await queue.EndUnbegunAsync(
            deployment,
            deployment.Accepted with
            {
                Status = status,
                Gate = change(GateOf(deployment)),
            },
            deployment.Plan.Secrets.Masked(line)
        );
        return whyNot is null ? new DecisionAnswer.Done() : new DecisionAnswer.NotSaved(whyNot);
    }

    private static DeploymentGate GateOf(Deployment deployment) =>
        deployment.Accepted.Gate
        ?? new DeploymentGate { AskedAt = deployment.Accepted.AcceptedAt, Version = deployment.Plan.Version };

    private async Task LookOnAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var woken = Rearm();
            await LookAsync();
            var sleep = Sleep();
            await Task.WhenAny(woken, Task.Delay(sleep, time, _end.Token));
        }
    }

    private Task Rearm()
    {
        lock (_lock)
        {
            _woken = New();
            return _woken.Task;
        }
    }

    private TimeSpan Sleep()
    {
        var now = time.GetUtcNow();
        var next = queue
            .AllGated()
            .Select(deployment =>
                deployment.Ahead(now) switch
                {
                    WaitReason.Approval(_, _, var until) => until,
                    WaitReason.Closed(var at) => at,
                    _ => now,
                }
            )
            .Append(queue.NextOpening(now))
            .Min();
        return next is not { } at || at - now > LongestSleep ? LongestSleep
            : at <= now ? TryAgain
            : at - now < ShortestSleep ? ShortestSleep
            : at - now;
    }

    /// <summary>Nothing that goes wrong with one keeps the others waiting, or ends the looking.</summary>
    internal async Task LookAsync()
    {
        queue.Look();
        foreach (var deployment in queue.AllGated())
        {
            await _turn.WaitAsync();
            try
            {
                await LookAtAsync(deployment);
            }
#pragma warning disable CA1031 // As above.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.Faulted(logger, deployment.Id, deployment.Service, exception);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private async Task LookAtAsync(Deployment seen)
    {
        await CatchUpAsync(seen);
        if (queue.Find(seen.Service, seen.Id) is not { StartedAt: null } deployment)
        {
            return;
        }

        var now = time.GetUtcNow();
        switch (deployment.Ahead(now))
        {
            case null when queue.TryHold(deployment):
                await HeldAsync(deployment, () => SaveAsync(deployment, gate => gate));
                break;
            case WaitReason.Approval(var rule, _, var until) when until <= now && queue.TryHold(deployment):
                await EndAsync(
                    deployment,
                    DeploymentStatus.Expired,
                    gate => gate,
                    $"Nobody approved this deployment within {Scalars.Written(rule.Timeout)}"
                );
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// What waits for an approval follows the configuration: a service that does something else by now asks again, for what
    /// it does now.
    /// </summary>
    private async Task CatchUpAsync(Deployment deployment)
    {
        if (deployment.Accepted.Status is not DeploymentStatus.Waiting || planOf(deployment.Service) is not { } plan)
        {
            return;
        }

        deployment.GatePlan = plan.Gate;
        if (deployment.Plan.Version == plan.Version || !queue.TryHold(deployment))
        {
            return;
        }

        var entry = deployment.Accepted with
        {
            Gate = new DeploymentGate { AskedAt = time.GetUtcNow(), Version = plan.Version },
        };
        try
        {
            await record.DecideGateAsync(entry);
        }
        catch (RecordUnavailableException)
        {
            // Looked at again soon, and before anybody decides.
            queue.Release(deployment);
            throw;
        }

        Log.AsksAgain(logger, deployment.Id, deployment.Service);
        var again = Deployment.Restored(entry, plan, record);
        queue.Replace(deployment, again);
        listeners.Restored(again);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Deployment {Id} of {Service}, which waits, met an internal error")]
        internal static partial void Faulted(ILogger logger, string id, string service, Exception exception);

        [LoggerMessage(
            LogLevel.Warning,
            "Deployment {Id} of {Service} asks again for approval: what the service does has changed"
        )]
        internal static partial void AsksAgain(ILogger logger, string id, string service);
    }
}

/// <summary>What became of a decision.</summary>
internal abstract record DecisionAnswer
{
    private DecisionAnswer() { }

    /// <summary>It is on disk.</summary>
    internal sealed record Done : DecisionAnswer;

    /// <summary>There is nothing to decide, or not any more.</summary>
    internal sealed record NotWaiting : DecisionAnswer;

    /// <summary>The same one has said yes before.</summary>
    internal sealed record Repeated : DecisionAnswer;

    /// <summary>It would begin outside of its windows.</summary>
    internal sealed record NeedsReason : DecisionAnswer;

    /// <param name="Reason">A sentence.</param>
    internal sealed record Refused(string Reason) : DecisionAnswer;

    /// <summary>It could not be saved, so it did not happen.</summary>
    internal sealed record NotSaved(string Reason) : DecisionAnswer;
}
