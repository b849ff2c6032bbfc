using ThinDeployer.Gates;
using ThinDeployer.Rollouts;
using ThinDeployer.Security;
using ThinDeployer.Shell;
using ThinDeployer.Steps;

namespace ThinDeployer.Deployments;

/// <summary>What a deployment of a service does. One that is accepted keeps its plan.</summary>
/// <param name="Common">What its steps have in common.</param>
/// <param name="Steps">Run in this order; the first that fails ends the deployment.</param>
/// <param name="Verify">Asked in this order behind the steps; the first that fails for good ends the deployment as a step does.</param>
/// <param name="OnFailure">Run after a deployment that did not succeed; they don't change how it ended.</param>
/// <param name="OnSuccess">Run after a deployment that succeeded; they don't change that.</param>
/// <param name="Defaults">Values of placeholders that a request does not give.</param>
/// <param name="Keep">Deployments of the service that are kept after their end.</param>
internal sealed record DeploymentPlan(
    StepDefaults Common,
    IReadOnlyList<StepPlan> Steps,
    IReadOnlyList<StepPlan> Verify,
    IReadOnlyList<StepPlan> OnFailure,
    IReadOnlyList<StepPlan> OnSuccess,
    IReadOnlyDictionary<string, string> Defaults,
    DeploymentLimits Limits,
    QueuePolicy Queue,
    int Keep
)
{
    internal const int DefaultKeep = 200;

    /// <summary>All that it may run or ask.</summary>
    internal IReadOnlyList<StepPlan> All { get; } = [.. Steps, .. Verify, .. OnFailure, .. OnSuccess];

    /// <summary>Of a value that is shown.</summary>
    private const int ShownCharacters = 200;

    /// <summary>The services that are deployed after a success of this one.</summary>
    internal IReadOnlyList<string> Then { get; init; } = [];

    /// <summary>On which machines it is deployed; null for this one.</summary>
    internal RolloutPlan? Rollout { get; init; }

    /// <summary>What must be so before one may begin.</summary>
    internal GatePlan Gate { get; init; } = GatePlan.Open;

    /// <summary>
    /// A digest of what it does, as it is written: another one after each change of its commands and of what they run with.
    /// </summary>
    internal string Version { get; init; } = "";

    /// <summary>Requests of the service that are kept to look at.</summary>
    internal int KeepDeliveries { get; init; }

    /// <summary>Full path in which every command runs that names no other.</summary>
    internal string Folder => Common.Folder;

    /// <summary>Names of <c>variables</c>; a request gives all of them a value. Null where the service declares none.</summary>
    internal IReadOnlyCollection<string>? Variables { get; init; }

    /// <summary>What no output of it may show: the service's own secrets, and the server's.</summary>
    internal SecretMask Secrets { get; init; } = SecretMask.Nothing;

    /// <summary>False only where all that is done is done by other machines.</summary>
    internal bool HasCommands => Steps.Count > 0;

    /// <summary>Whether any value may have an effect: what the machines do with it is known to them alone.</summary>
    internal bool TakesAny => Rollout is not null && !HasCommands && Variables is null;

    /// <summary>Whether any command, or check, may run on this machine.</summary>
    internal bool RunsHere => Rollout is null || Verify.Count + OnFailure.Count + OnSuccess.Count > 0;

    /// <summary>Whether a value of a request has an effect.</summary>
    internal bool Takes(string name) =>
        Variables?.Contains(name)
        ?? (ArgumentNames.Contains(name) || (TakesAny && Placeholder.NameAt($"%{name}%", 0) == name));

    /// <summary>What fills placeholders and variables, for people to see.</summary>
    /// <param name="values">What a request gives.</param>
    internal IReadOnlyDictionary<string, string> Shown(IReadOnlyDictionary<string, string> values) =>
        ArgumentNames
            .Where(name => !values.ContainsKey(name) && Defaults.ContainsKey(name))
            .Select(name => KeyValuePair.Create(name, Defaults[name]))
            .Concat(values)
            .OrderBy(value => value.Key, StringComparer.Ordinal)
            .ToDictionary(value => value.Key, value => Shown(value.Key, value.Value), StringComparer.Ordinal);

    private string Shown(string name, string value)
    {
        var masked = SecretName.LooksSecret(name) ? Secret.Stars : Secrets.Masked(value);
        return masked.Length <= ShownCharacters ? masked : masked[..ShownCharacters] + "…";
    }

    /// <summary>The names of placeholders, of hooks too, that stay as written.</summary>
    /// <param name="values">What a request gives.</param>
    internal IReadOnlyList<string> Unfilled(IReadOnlyDictionary<string, string> values) =>
        [
            .. All.SelectMany(step =>
                    step.Command.Unfilled(name => values.ContainsKey(name) || Defaults.ContainsKey(name))
                )
                .Select(placeholder => placeholder.Name)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>The arguments of a request that can have an effect; all others are ignored.</summary>
    internal IReadOnlySet<string> ArgumentNames { get; } =
        Steps
            .Concat(Verify)
            .Concat(OnFailure)
            .Concat(OnSuccess)
            .SelectMany(step => step.Command.Placeholders)
            .Where(placeholder => placeholder.Refusal is null)
            .Select(placeholder => placeholder.Name)
            .ToHashSet(StringComparer.Ordinal);
}

/// <summary>How far a deployment may go.</summary>
/// <param name="Timeout">For all steps together; the hooks get as much again.</param>
/// <param name="StopGrace">What processes get between SIGTERM and SIGKILL.</param>
/// <param name="MaximumOutput">Bytes of the output; above them its middle is cut out.</param>
internal sealed record DeploymentLimits(TimeSpan Timeout, TimeSpan StopGrace, long MaximumOutput)
{
    internal static readonly TimeSpan DefaultStopGrace = TimeSpan.FromSeconds(10);
}

/// <summary>What happens when deployments of one service meet.</summary>
/// <param name="Parallel">So many may run at once.</param>
/// <param name="MaximumWaiting">So many may wait; further ones are refused.</param>
/// <param name="AnswersAtOnce">Whether a request is answered as soon as its deployment is recorded.</param>
/// <param name="Lock">Services that name the same one take turns; null for none.</param>
internal sealed record QueuePolicy(
    int Parallel,
    WhenBusy WhenBusy,
    int MaximumWaiting,
    bool AnswersAtOnce,
    string? Lock = null
);

/// <summary>What a request gets while as many run as may.</summary>
internal enum WhenBusy
{
    /// <summary>Its turn, later.</summary>
    Queue,

    /// <summary>A refusal.</summary>
    Reject,

    /// <summary>The place of all that wait.</summary>
    Supersede,

    /// <summary>The place of all that wait, and of what runs, which is cancelled.</summary>
    Cancel,
}
