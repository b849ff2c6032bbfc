using Microsoft.Extensions.Logging;

namespace ThinDeployer.Deployments;

/// <summary>Runs the steps of a deployment in order; the first that fails ends it.</summary>
internal sealed partial class DeploymentEngine(StepRunner runner, TimeProvider time, ILogger<DeploymentEngine> logger)
{
    /// <summary>Bytes of output that an answer carries; above them the middle is left out.</summary>
    private const int MaximumOutputBytes = 8 * 1024 * 1024;

    /// <summary>Always comes back with an end, whatever happens.</summary>
    internal async Task<DeploymentResult> RunAsync(Deployment deployment, CancellationToken stop)
    {
        var begin = time.GetTimestamp();
        var output = new OutputBuffer(MaximumOutputBytes);
        output.WriteLine($" # Deployment started: {deployment.Service}");
        var steps = new List<StepResult>();
        var status = DeploymentStatus.Succeeded;
        foreach (var command in deployment.Plan.Commands)
        {
            if (steps.Count > 0)
            {
                output.EndLine();
                output.WriteLine("");
            }

            var step = await RunStepAsync(deployment, command, steps.Count + 1, output, stop);
            steps.Add(step);
            status = step.Status;
            if (status is not DeploymentStatus.Succeeded)
            {
                break;
            }
        }

        var duration = time.GetElapsedTime(begin);
        Log.Ended(logger, deployment.Id, deployment.Service, status.Name(), (long)duration.TotalMilliseconds);
        return new DeploymentResult(status, output.ToString(), steps, duration);
    }

    private async Task<StepResult> RunStepAsync(
        Deployment deployment,
        Shell.CommandTemplate command,
        int number,
        OutputBuffer output,
        CancellationToken stop
    )
    {
        var startedAt = time.GetUtcNow();
        var begin = time.GetTimestamp();
        output.WriteLine($" > {command.Source.TrimEnd()}");
        var end = await RunSafelyAsync(deployment, command, number, output, stop);
        var message = end.Reason is null ? null : $"Command \"{command.Source.TrimEnd()}\" {end.Reason}";
        if (message is not null)
        {
            output.WriteLine(message);
        }

        var status = end switch
        {
            { Reason: null } => DeploymentStatus.Succeeded,
            { WasStopped: true } => DeploymentStatus.Interrupted,
            _ => DeploymentStatus.Failed,
        };
        return new StepResult(
            command.Source,
            status,
            end.ExitCode,
            Attempts: 1,
            message,
            startedAt,
            time.GetElapsedTime(begin)
        );
    }

    private async Task<StepEnd> RunSafelyAsync(
        Deployment deployment,
        Shell.CommandTemplate command,
        int number,
        OutputBuffer output,
        CancellationToken stop
    )
    {
        try
        {
            return await runner.RunAsync(deployment, number, deployment.Render(command), output, stop);
        }
#pragma warning disable CA1031 // A deployment must end and say so, whatever went wrong inside.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(logger, deployment.Id, deployment.Service, exception);
            return StepEnd.NotStarted("of an internal error, which the server's log tells");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Deployment {Id} of {Service} {Status} after {Milliseconds} ms")]
        internal static partial void Ended(ILogger logger, string id, string service, string status, long milliseconds);

        [LoggerMessage(LogLevel.Error, "Deployment {Id} of {Service} met an internal error")]
        internal static partial void Faulted(ILogger logger, string id, string service, Exception exception);
    }
}
