using ThinDeployer.Shell;
using ThinDeployer.Steps;

namespace ThinDeployer.Deployments;

/// <summary>All that is needed to run a command once.</summary>
/// <param name="Name">Of the step within its deployment, such as <c>2</c>.</param>
/// <param name="Command">With the values of its placeholders.</param>
/// <param name="Facts">Further variables that tell a hook what happened.</param>
internal sealed record StepStart(
    Deployment Deployment,
    StepPlan Plan,
    string Name,
    ShellCommand Command,
    IReadOnlyList<KeyValuePair<string, string>> Facts
)
{
    internal string Folder => Plan.Folder ?? Deployment.Plan.Folder;

    internal UnixFileMode Umask => Plan.Umask ?? Deployment.Plan.Umask;

    /// <summary>Null for the server's own user.</summary>
    internal UserAccount? RunAs => Deployment.Plan.UserOf(Plan);

    /// <summary>
    /// Whether its shell may be started before the record says so. What needs the record to start, or has another user's
    /// rights, is not.
    /// </summary>
    internal bool CanBeHeld => RunAs is null && Deployment.Accepted.Trigger.PayloadBytes == 0;

    /// <summary>Whether its command says that it reads the request's body.</summary>
    internal bool ReadsPayload => Plan.Source.Contains(StepEnvironment.PayloadName, StringComparison.Ordinal);

    /// <summary>Of all its processes.</summary>
    internal string Marker => StepMarker.Of(Deployment.Id, Name);
}
