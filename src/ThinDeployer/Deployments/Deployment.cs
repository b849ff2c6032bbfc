using ThinDeployer.Security;
using ThinDeployer.Shell;

namespace ThinDeployer.Deployments;

/// <summary>One run of a service's commands, from its acceptance to its end.</summary>
internal sealed class Deployment
{
    private readonly TaskCompletionSource<DeploymentResult> _end = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private readonly IReadOnlyDictionary<string, string> _values;

    /// <param name="admission">Nothing without one can be deployed.</param>
    /// <param name="plan">What it does; it keeps this plan even if the configuration changes.</param>
    /// <param name="values">What the request gives for placeholders, by name.</param>
    /// <param name="acceptedAt">The start of its life.</param>
    internal Deployment(
        Admission admission,
        DeploymentPlan plan,
        IReadOnlyDictionary<string, string> values,
        DateTimeOffset acceptedAt
    )
    {
        Id = Guid.CreateVersion7(acceptedAt).ToString();
        Service = admission.Service;
        Plan = plan;
        _values = values;
    }

    /// <summary>A UUID version 7 (RFC 9562).</summary>
    internal string Id { get; }

    internal string Service { get; }

    internal DeploymentPlan Plan { get; }

    /// <summary>Comes when the deployment has ended, however it ended; never faults.</summary>
    internal Task<DeploymentResult> End => _end.Task;

    internal ShellCommand Render(CommandTemplate command) => command.Render(ValueOf);

    internal void Finish(DeploymentResult result) => _end.TrySetResult(result);

    private PlaceholderValue? ValueOf(string name)
    {
        if (_values.TryGetValue(name, out var value))
        {
            return new PlaceholderValue(value, IsDefault: false);
        }

        return Plan.Defaults.TryGetValue(name, out var byDefault)
            ? new PlaceholderValue(byDefault, IsDefault: true)
            : null;
    }
}

/// <summary>How a deployment ended.</summary>
/// <param name="Status">An end, never <see cref="DeploymentStatus.Queued"/> or running.</param>
/// <param name="Output">The text that the answer carries.</param>
/// <param name="Steps">Those that began.</param>
internal sealed record DeploymentResult(
    DeploymentStatus Status,
    string Output,
    IReadOnlyList<StepResult> Steps,
    TimeSpan Duration
)
{
    /// <summary>The server went away before its turn came.</summary>
    internal static DeploymentResult NeverBegan { get; } =
        new(DeploymentStatus.Interrupted, Output: "", Steps: [], TimeSpan.Zero);
}

/// <summary>How a step ended.</summary>
/// <param name="Command">As written in the configuration.</param>
/// <param name="ExitCode">Null where it did not start or was stopped.</param>
/// <param name="Message">Why it failed; null where it succeeded.</param>
internal sealed record StepResult(
    string Command,
    DeploymentStatus Status,
    int? ExitCode,
    int Attempts,
    string? Message,
    DateTimeOffset StartedAt,
    TimeSpan Duration
);
