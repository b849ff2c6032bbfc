using System.Globalization;
using Microsoft.Extensions.Logging;
using ThinDeployer.Steps;
using ThinDeployer.Yaml;

namespace ThinDeployer.Deployments;

/// <summary>Runs a list of steps in order: all of one deployment, its verification, or one of its hooks.</summary>
/// <param name="deployment">Whose steps they are, and whose output tells of them.</param>
/// <param name="hook">Whose steps they are, within the deployment; null for <c>commands</c>.</param>
/// <param name="before">So many steps of the deployment began before these.</param>
/// <param name="facts">Further variables of its steps.</param>
/// <param name="begins">Told, before a step begins, of all that began, that one included; false when it must not.</param>
/// <param name="listeners">Told when a step has ended.</param>
/// <param name="shutdown">Cancelled when the server ends.</param>
/// <param name="cancel">Cancelled when someone cancels the deployment.</param>
internal sealed partial class StepSequence(
    StepRunner runner,
    TimeProvider time,
    ILogger logger,
    Deployment deployment,
    string? hook,
    int before,
    IReadOnlyList<KeyValuePair<string, string>> facts,
    Func<IReadOnlyList<StepResult>, Task<bool>> begins,
    IDeploymentListener listeners,
    CancellationToken shutdown,
    CancellationToken cancel
)
{
    private readonly StepOwner _owner = deployment.ForSteps();
    private readonly List<StepResult> _results = [];

    /// <summary>
    /// Whether each step is a span of a trace that is sent, below which hangs what the step does. Else it gets what the caller
    /// of the deployment sent.
    /// </summary>
    internal bool TracesSteps { get; init; }

    /// <summary>Those that began.</summary>
    internal IReadOnlyList<StepResult> Results => _results;

    /// <summary>The command that ended it, as written; null where none did.</summary>
    internal string? FailedCommand { get; private set; }

    /// <summary>Of a step, within its deployment.</summary>
    /// <param name="hook">Null for one of <c>commands</c>.</param>
    /// <param name="number">From 1.</param>
    internal static string NameOf(string? hook, int number) =>
        hook is null
            ? number.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{hook}.{number}");

    /// <summary>Whether it waits for something to come true: then what takes too long is tried again, as late as before.</summary>
    private bool IsVerification => hook is Hook.Verify;

    /// <param name="steps">To run.</param>
    /// <param name="timeUp">Cancelled when the deployment's time is over.</param>
    /// <returns>How it ended: the first step that fails, or is stopped, ends it.</returns>
    internal async Task<DeploymentStatus> RunAsync(IReadOnlyList<StepPlan> steps, CancellationToken timeUp)
    {
        if (hook is not null)
        {
            deployment.Output.WriteLine("");
            deployment.Output.WriteLine($" # {hook}");
        }

        foreach (var step in steps)
        {
            if (_results.Count > 0)
            {
                deployment.Output.WriteLine("");
            }

            if (await RunStepAsync(step, new StopSignals(shutdown, cancel, timeUp)) is not { } result)
            {
                return DeploymentStatus.Interrupted;
            }

            _results.Add(result);
            listeners.StepEnded(deployment, result);
            if (
                result.Status is not DeploymentStatus.Succeeded
                && !(result.Status is DeploymentStatus.Failed && step.ContinueOnError)
            )
            {
                FailedCommand = step.Source;
                return result.Status;
            }
        }

        return DeploymentStatus.Succeeded;
    }

    /// <summary>Null for one that must not begin.</summary>
    private async Task<StepResult?> RunStepAsync(StepPlan step, StopSignals signals)
    {
        var source = deployment.Plan.Secrets.Masked(step.Source);
        var command = source.TrimEnd();
        var startedAt = time.GetUtcNow();
        var begin = time.GetTimestamp();
        var begun = StepResult.Begun(source, startedAt) with { Hook = hook };
        var logStart = Mark(begun);
        if (!await begins([.. _results, begun with { OutputStart = logStart }]))
        {
            return null;
        }

        deployment.Output.WriteLine($" > {command}");
        var delay = step.RetryDelay;
        for (var attempt = 1; ; attempt++)
        {
            var (status, end, reason) = await TryAsync(step, signals);
            var message = reason is null ? null : $"{(step.Url is null ? "Command" : "Check")} \"{command}\" {reason}";
            if (message is not null)
            {
                deployment.Output.WriteLine(message);
            }

            if (status is DeploymentStatus.Failed && attempt <= step.Retries)
            {
                if (await StopWhileWaitingAsync(delay, attempt, step.Retries, signals) is not { } stopped)
                {
                    delay *= IsVerification ? 1 : 2;
                    continue;
                }

                // The next attempt would be stopped before it began.
                status = stopped;
            }

            var result = new StepResult(
                source,
                status,
                end.ExitCode,
                attempt,
                message is null ? null : deployment.Plan.Secrets.Masked(message),
                startedAt,
                time.GetElapsedTime(begin),
                logStart,
                Hook: hook
            );
            return result with { OutputEnd = Mark(result) };
        }
    }

    /// <summary>Tells followers.</summary>
    private long Mark(StepResult step) =>
        deployment.Output.Mark(place => new StepMark(place, before + _results.Count + 1, step));

    private async Task<(DeploymentStatus Status, StepEnd End, string? Reason)> TryAsync(
        StepPlan step,
        StopSignals signals
    )
    {
        using var cause = new StopCause(deployment.Plan.Limits.Timeout, step.Timeout, time, signals);
        var name = NameOf(hook, _results.Count + 1);
        var end = await RunSafelyAsync(step, name, cause.Token);
        return end switch
        {
            { WasStopped: true } when IsVerification && cause.IsOfStep => (DeploymentStatus.Failed, end, cause.Reason),
            { WasStopped: true } => (cause.Status, end, cause.Reason),
            { Reason: null } => (DeploymentStatus.Succeeded, end, null),
            _ => (DeploymentStatus.Failed, end, end.Reason),
        };
    }

    private async Task<StepEnd> RunSafelyAsync(StepPlan step, string name, CancellationToken stop)
    {
        try
        {
            var owner = TracesSteps
                ? _owner with
                {
                    TraceParent = DeploymentTrace.Of(deployment.Accepted).TraceParentOf(name),
                }
                : _owner;
            var start = new StepStart(owner, step, name, deployment.Render(step.Command), facts);
            return stop.IsCancellationRequested ? StepEnd.Stopped
                : step.Url is { } check ? await UrlProbe.AskAsync(check, deployment.Output, stop)
                : await runner.RunAsync(start, stop);
        }
#pragma warning disable CA1031 // A deployment must end and say so, whatever went wrong inside.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(logger, deployment.Id, deployment.Service, exception);
            return StepEnd.NotStarted("of an internal error, which the server's log tells");
        }
    }

    /// <summary>Null when the next attempt may begin; else how the deployment ends that was stopped meanwhile.</summary>
    private async Task<DeploymentStatus?> StopWhileWaitingAsync(
        TimeSpan delay,
        int attempt,
        int retries,
        StopSignals signals
    )
    {
        deployment.Output.WriteLine($"Trying again in {Scalars.Written(delay)} ({attempt} of {retries})");
        using var cause = new StopCause(deployment.Plan.Limits.Timeout, stepLimit: null, time, signals);
        try
        {
            await Task.Delay(delay, time, cause.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return cause.Status;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Deployment {Id} of {Service} met an internal error")]
        internal static partial void Faulted(ILogger logger, string id, string service, Exception exception);
    }
}
