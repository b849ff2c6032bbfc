using Microsoft.Extensions.Logging;
using ThinDeployer.Output;
using ThinDeployer.Steps;

namespace ThinDeployer.Deployments;

/// <summary>
/// Runs a deployment whose start is on its way to the disk, or there: its steps, then the hook that its end asks for, then
/// saves the end.
/// </summary>
internal sealed class DeploymentEngine(
    StepRunner runner,
    PatientRecord record,
    IDeploymentListener listeners,
    TimeProvider time,
    ILogger<DeploymentEngine> logger
)
{
    private readonly DeploymentNotices _notices = new(logger);

    /// <summary>Runs what is deployed on other machines.</summary>
    internal required IRollouts Rollouts { get; init; }

    /// <summary>As <see cref="StepSequence.TracesSteps"/>.</summary>
    internal bool TracesSteps { get; init; }

    /// <summary>
    /// Null when the end could not be saved before the server ended, and the next start then calls it interrupted, or goes on
    /// with it on other machines; or when not even the start could.
    /// </summary>
    internal async Task<DeploymentResult?> RunAsync(Deployment deployment, EndOfServer server)
    {
        deployment.Output.NoteTimes(
            time,
            deployment.Started is { } started ? time.GetElapsedTime(started.Timestamp) : TimeSpan.Zero
        );
        if (deployment.Accepted.Status is not DeploymentStatus.Running)
        {
            deployment.Output.WriteLine(DeploymentOutput.StartLine(deployment.Service));
        }

        var end = deployment.Plan.Rollout is null
            ? await RunStepsAsync(deployment, server.Stops)
            : await RollOutAsync(deployment, server.Begins);
        if (end is not var (ended, facts))
        {
            return null;
        }

        var hook = await RunHookAsync(deployment, ended, facts, server.Stops);
        deployment.Payload.Dispose();
        return await EndAsync(deployment, ended, hook, server.Stops);
    }

    /// <summary>What its hook needs to know of the end of machines. Null where that is left to the next start, or did not begin.</summary>
    private async Task<BodyEnd?> RollOutAsync(Deployment deployment, CancellationToken stopping)
    {
        if (!await deployment.IsOnDisk)
        {
            deployment.Output.Dispose();
            return null;
        }

        if (await Rollouts.RunAsync(deployment, stopping) is not { } end)
        {
            deployment.Output.Leave();
            return null;
        }

        return new BodyEnd(
            deployment.Accepted with
            {
                Status = end.Status,
            },
            [
                new("DEPLOYMENT_MACHINES_SUCCEEDED", string.Join(' ', end.Succeeded)),
                new("DEPLOYMENT_MACHINES_FAILED", string.Join(' ', end.Failed)),
            ]
        );
    }

    private async Task<BodyEnd?> RunStepsAsync(Deployment deployment, CancellationToken shutdown)
    {
        using var limit = new CancellationTokenSource(deployment.Plan.Limits.Timeout, time);
        var steps = Sequence(deployment, hook: null, before: [], SaveStepsAsync, shutdown, deployment.Cancelled);
        var status = await steps.RunAsync(deployment.Plan.Steps, limit.Token);
        if (!await deployment.IsOnDisk)
        {
            deployment.Output.Dispose();
            return null;
        }

        var ended = deployment.Accepted with { Steps = steps.Results };
        var failedCommand = steps.FailedCommand;
        if (status is DeploymentStatus.Succeeded && deployment.Plan.Verify.Count > 0)
        {
            var checks = Sequence(
                deployment,
                Hook.Verify,
                steps.Results,
                TrySaveStepsAsync,
                shutdown,
                deployment.Cancelled
            );
            status = await checks.RunAsync(deployment.Plan.Verify, limit.Token);
            ended = ended with { Hooks = checks.Results };
            failedCommand = checks.FailedCommand;
        }

        return new BodyEnd(
            ended with
            {
                Status = status,
            },
            failedCommand is null ? [] : [new("DEPLOYMENT_FAILED_STEP", failedCommand)]
        );
    }

    /// <summary>Runs the <c>on_failure</c> of a deployment that was interrupted before.</summary>
    /// <returns>Null when it must wait for the next start, or its end could not be saved.</returns>
    internal async Task<DeploymentResult?> RollBackAsync(Deployment deployment, CancellationToken shutdown)
    {
        // It has ended for good: what is saved of its rollback is true even if a crash comes now.
        StepResult[] own = [.. deployment.Accepted.Steps, .. deployment.Accepted.Hooks];

        // By the clock of the wall: no other one outlives the program.
        var now = time.GetUtcNow();
        deployment.Output.NoteTimes(time, now - (deployment.Accepted.StartedAt ?? now));
        var hook = await RunStepsOfHookAsync(
            deployment,
            deployment.Accepted,
            facts: [],
            begun =>
            {
                StepResult[] steps = [.. own, .. begun.SkipLast(1), begun[^1].CutOff()];
                return begun.Count == 1
                    ? record.SaveAsync(to => to.BeginRollbackAsync(deployment.Id, steps), shutdown)
                    : TrySaveEndedStepsAsync(deployment, steps);
            },
            shutdown
        );
        deployment.Payload.Dispose();
        var written = deployment.Summary.Take(deployment.Plan.Secrets);
        var summary = deployment.Output.Finish();
        if (hook is null)
        {
            return null;
        }

        var entry = deployment.Accepted.With(summary) with
        {
            NeedsRollback = false,
            Hooks = [.. deployment.Accepted.Hooks, .. hook.Steps],
            HookStatus = hook.Status,
            WrittenSummary = SummaryText.Joined(deployment.Accepted.WrittenSummary, written),
        };
        return await record.SaveAsync(to => to.EndAsync(entry, deployment.Plan.Keep), shutdown)
            ? new DeploymentResult(entry, deployment.Output.Content)
            : null;
    }

    /// <summary>
    /// What runs is on disk before it runs, so that a start after a crash knows what it has to stop, and what it must leave
    /// alone. The first step came there with the start.
    /// </summary>
    private Task<bool> SaveStepsAsync(Deployment deployment, IReadOnlyList<StepResult> begun) =>
        begun.Count == 1 ? Task.FromResult(true) : TrySaveStepsAsync(deployment, begun);

    private async Task<bool> TrySaveStepsAsync(Deployment deployment, IReadOnlyList<StepResult> begun)
    {
        await record.TryAsync(to => to.SaveStepsAsync(deployment.Id, begun));
        return true;
    }

    /// <summary>Saves the steps of one that has ended, and so may have been forgotten.</summary>
    private async Task<bool> TrySaveEndedStepsAsync(Deployment deployment, IReadOnlyList<StepResult> begun)
    {
        await record.TryAsync(to =>
            to.Find(deployment.Id) is null ? Task.CompletedTask : to.SaveStepsAsync(deployment.Id, begun)
        );
        return true;
    }

    /// <summary>Null where there is none, or it must wait for the next start.</summary>
    private async Task<HookEnd?> RunHookAsync(
        Deployment deployment,
        DeploymentEntry ended,
        IReadOnlyList<KeyValuePair<string, string>> facts,
        CancellationToken shutdown
    ) =>
        shutdown.IsCancellationRequested || ended.Status is DeploymentStatus.Interrupted
            ? null
            : await RunStepsOfHookAsync(
                deployment,
                ended,
                facts,
                begun =>
                {
                    StepResult[] all = [.. ended.Steps, .. ended.Hooks, .. begun];
                    return begun.Count == 1
                        ? record.SaveAsync(to => to.DecideAsync(deployment.Id, ended.Status, all), shutdown)
                        : TrySaveStepsAsync(deployment, all);
                },
                shutdown
            );

    /// <summary>Of steps whose failure ends the deployment.</summary>
    /// <param name="deployment">Whose they are.</param>
    /// <param name="hook">As <see cref="StepResult.Hook"/>.</param>
    /// <param name="before">Those that are over.</param>
    /// <param name="save">Saves all that began, those before included.</param>
    /// <param name="shutdown">Cancelled when the server ends.</param>
    /// <param name="cancel">Cancelled when someone cancels the deployment.</param>
    private StepSequence Sequence(
        Deployment deployment,
        string? hook,
        IReadOnlyList<StepResult> before,
        Func<Deployment, IReadOnlyList<StepResult>, Task<bool>> save,
        CancellationToken shutdown,
        CancellationToken cancel
    ) =>
        new(
            runner,
            time,
            logger,
            deployment,
            hook,
            before.Count,
            facts: [],
            begun => save(deployment, [.. before, .. begun]),
            listeners,
            shutdown,
            cancel
        )
        {
            TracesSteps = TracesSteps,
        };

    /// <summary>How the deployment ended stays as it was, whatever its hook does.</summary>
    /// <param name="deployment">Whose hook.</param>
    /// <param name="ended">How it ended, with the steps that began.</param>
    /// <param name="facts">Further variables of its steps.</param>
    /// <param name="begins">Saves what begins first: a hook that began does not begin again by itself.</param>
    /// <param name="shutdown">Cancelled when the server ends.</param>
    /// <returns>Null where nothing of it began.</returns>
    private async Task<HookEnd?> RunStepsOfHookAsync(
        Deployment deployment,
        DeploymentEntry ended,
        IReadOnlyList<KeyValuePair<string, string>> facts,
        Func<IReadOnlyList<StepResult>, Task<bool>> begins,
        CancellationToken shutdown
    )
    {
        var status = ended.Status;
        var hook = Hook.Of(status);
        var plan = status is DeploymentStatus.Succeeded ? deployment.Plan.OnSuccess : deployment.Plan.OnFailure;
        if (plan.Count == 0)
        {
            return null;
        }

        // What was cancelled is rolled back all the same; only a hook that runs by then is what someone cancels.
        var cancel = deployment.IsCancelled ? CancellationToken.None : deployment.Cancelled;
        var steps = new StepSequence(
            runner,
            time,
            logger,
            deployment,
            hook,
            ended.Steps.Count + ended.Hooks.Count,
            [new("DEPLOYMENT_STATUS", status.Name()), .. facts],
            begins,
            listeners,
            shutdown,
            cancel
        )
        {
            TracesSteps = TracesSteps,
        };
        using var limit = new CancellationTokenSource(deployment.Plan.Limits.Timeout, time);
        var end = new HookEnd(await steps.RunAsync(plan, limit.Token), steps.Results);
        if (end.Steps.Count == 0)
        {
            return null;
        }

        if (!end.IsGood)
        {
            _notices.HookFailed(deployment, hook, end.Steps[^1].Message ?? end.Status.Name());
        }

        return end;
    }

    private async Task<DeploymentResult?> EndAsync(
        Deployment deployment,
        DeploymentEntry ended,
        HookEnd? hook,
        CancellationToken shutdown
    )
    {
        var status = ended.Status;
        var summary = deployment.Output.Finish();
        var entry = ended.With(summary) with
        {
            StartedAt = deployment.StartedAt,
            FinishedAt = time.GetUtcNow(),
            Duration = deployment.Started is { } started ? time.GetElapsedTime(started.Timestamp) : null,
            Follows = ended.Status is DeploymentStatus.Succeeded ? deployment.Plan.Then : [],
            Hooks = [.. ended.Hooks, .. hook?.Steps ?? []],
            HookStatus = hook?.Status,
            WrittenSummary = deployment.Summary.Take(deployment.Plan.Secrets),
            CancelledBy =
                DeploymentStatus.Cancelled == status || hook?.Status is DeploymentStatus.Cancelled
                    ? deployment.CancelledBy
                    : null,
            NeedsRollback =
                hook is null && status is not DeploymentStatus.Succeeded && deployment.Plan.OnFailure.Count > 0,
        };
        if (!await record.SaveAsync(to => to.EndAsync(entry, deployment.Plan.Keep), shutdown))
        {
            return null;
        }

        deployment.Output.Release();
        if (summary.WhyLost is { } why)
        {
            _notices.LostOutput(entry, why);
        }

        _notices.Ended(entry);
        return new DeploymentResult(entry, deployment.Output.Content);
    }

    /// <summary>How that ended which a deployment is for, before its hook.</summary>
    /// <param name="Ended">With its steps.</param>
    /// <param name="Facts">Further variables of the hook.</param>
    private sealed record BodyEnd(DeploymentEntry Ended, IReadOnlyList<KeyValuePair<string, string>> Facts);
}
