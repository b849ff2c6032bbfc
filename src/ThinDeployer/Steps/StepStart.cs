using ThinDeployer.Output;
using ThinDeployer.Shell;

namespace ThinDeployer.Steps;

/// <summary>All that is needed to run a command once.</summary>
/// <param name="Of">What it belongs to.</param>
/// <param name="Plan">As configured.</param>
/// <param name="Name">Of the step within its deployment, such as <c>2</c>.</param>
/// <param name="Command">With the values of its placeholders.</param>
/// <param name="Facts">Further variables that tell a hook what happened.</param>
internal sealed record StepStart(
    StepOwner Of,
    StepPlan Plan,
    string Name,
    ShellCommand Command,
    IReadOnlyList<KeyValuePair<string, string>> Facts
)
{
    internal string Folder => Plan.Folder ?? Of.Defaults.Folder;

    internal UnixFileMode Umask => Plan.Umask ?? Of.Defaults.Umask;

    /// <summary>Null for the server's own user.</summary>
    internal UserAccount? RunAs => Of.Defaults.UserOf(Plan);

    /// <summary>Whether its command says that it reads the request's body.</summary>
    internal bool ReadsPayload => Plan.Source.Contains(StepEnvironment.PayloadName, StringComparison.Ordinal);

    /// <summary>Of all its processes.</summary>
    internal string Marker => StepMarker.Of(Of.Id, Name);
}

/// <summary>A deployment as its steps see it: what all of them have in common.</summary>
/// <param name="Id">Of the deployment.</param>
/// <param name="Service">Its name.</param>
/// <param name="Defaults">What a step does not say itself.</param>
/// <param name="StopGrace">What processes get between SIGTERM and SIGKILL.</param>
/// <param name="Values">Of declared variables, by name.</param>
/// <param name="Origin">Variables that tell what it is of.</param>
/// <param name="Output">Where it goes.</param>
/// <param name="Payload">The request's body.</param>
/// <param name="Summary">Where they write what it is to be remembered by.</param>
/// <param name="TraceParent">The W3C <c>traceparent</c> below which what it does hangs; null for none.</param>
/// <param name="IsOnDisk">
/// Whether its start is: true as soon as it is, false when it can't be. Until then no command may run. Never faults.
/// </param>
internal sealed record StepOwner(
    string Id,
    string Service,
    StepDefaults Defaults,
    TimeSpan StopGrace,
    IReadOnlyList<KeyValuePair<string, string>> Values,
    IReadOnlyList<KeyValuePair<string, string>> Origin,
    DeploymentOutput Output,
    PayloadFile Payload,
    SummaryFile Summary,
    string? TraceParent,
    Task<bool> IsOnDisk
);

/// <summary>Full paths of what a step finds by its environment.</summary>
/// <param name="Payload">The request's body.</param>
/// <param name="Summary">As <see cref="StepOwner.Summary"/>.</param>
internal sealed record StepFiles(string Payload, string Summary);
