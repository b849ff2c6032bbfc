using System.Globalization;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>A deployment as clients see it.</summary>
internal sealed record DeploymentJson(
    string Id,
    string Service,
    string Status,
    int? QueuedAhead,
    string AcceptedAt,
    string? StartedAt,
    string? FinishedAt,
    long? DurationMs,
    IReadOnlyList<StepJson> Steps,
    IReadOnlyList<StepJson>? Hooks,
    TriggerJson Trigger,
    IReadOnlyDictionary<string, string>? Variables,
    IReadOnlyList<string>? Unfilled,
    IReadOnlyList<string>? Unused,
    string? CancelledBy,
    string? SupersededBy,
    WaitJson? WaitsFor,
    IReadOnlyList<DecisionJson>? Approvals,
    DecisionJson? PassedBy,
    DecisionJson? RejectedBy,
    IReadOnlyList<ChainedJson>? Then,
    string? Summary,
    string? Machine,
    string? Parent,
    string? Note,
    IReadOnlyList<MachineJson>? Machines,
    long OutputBytes,
    long OutputCutBytes
)
{
    /// <param name="entry">As the record keeps it.</param>
    /// <param name="queuedAhead">Null for one that does not wait.</param>
    /// <param name="waitsFor">Null for one that does not wait.</param>
    internal static DeploymentJson Of(DeploymentEntry entry, int? queuedAhead, WaitReason? waitsFor = null) =>
        new(
            entry.Id,
            entry.Service,
            entry.Status.Name(),
            queuedAhead,
            TimeOf(entry.AcceptedAt)!,
            TimeOf(entry.StartedAt),
            TimeOf(entry.FinishedAt),
            entry.DurationMs,
            StepJson.Of(entry.Steps),
            UnlessEmpty(StepJson.Of(entry.Hooks)),
            TriggerJson.Of(entry.Trigger),
            entry.ShownValues.Count > 0 ? entry.ShownValues : null,
            UnlessEmpty(entry.Unfilled),
            UnlessEmpty(entry.Unused),
            entry.CancelledBy,
            entry.SupersededBy,
            WaitJson.Of(waitsFor),
            UnlessEmpty((entry.Gate?.Approvals ?? []).Select(DecisionJson.Of).OfType<DecisionJson>().ToList()),
            DecisionJson.Of(entry.Gate?.Passed),
            DecisionJson.Of(entry.Gate?.Rejected),
            UnlessEmpty(entry.Followed.Select(one => new ChainedJson(one.Service, one.Id)).ToList()),
            entry.WrittenSummary,
            entry.Child?.Machine,
            entry.Child?.Parent,
            entry.Child?.Note,
            Machines: null,
            entry.OutputBytes,
            entry.OutputCutBytes
        );

    internal static DeploymentJson Of(SeenDeployment seen) =>
        Of(seen.Entry, seen.QueuedAhead, seen.WaitsFor) with
        {
            Note = seen.Note,
            Machines = UnlessEmpty(MachineJson.Of(seen.Machines)),
        };

    /// <summary>A member is there only where it says something.</summary>
    internal static IReadOnlyList<T>? UnlessEmpty<T>(IReadOnlyList<T> list) => list.Count > 0 ? list : null;

    /// <summary>ISO 8601, in UTC, with milliseconds.</summary>
    internal static string? TimeOf(DateTimeOffset? time)
    {
        if (time is not { } at)
        {
            return null;
        }

        // The round-trip format has seven digits of a second, and is written ten times as fast as a custom one.
        const int millisecondsEnd = 23;
        Span<char> text = stackalloc char[millisecondsEnd + "0000Z".Length];
        at.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[millisecondsEnd] = 'Z';
        return new string(text[..(millisecondsEnd + 1)]);
    }
}

/// <summary>How a deployment stands on one of its machines.</summary>
/// <param name="Id">Of the machine's own deployment.</param>
/// <param name="Batch">From 1.</param>
/// <param name="Note">Why it did not run, or that the machine is away; null for nothing.</param>
internal sealed record MachineJson(
    string Machine,
    string Id,
    string Status,
    int Batch,
    string? StartedAt,
    string? FinishedAt,
    long? DurationMs,
    string? Note
)
{
    internal static IReadOnlyList<MachineJson> Of(IReadOnlyList<SeenDeployment> machines) =>
        [.. machines.Where(one => one.Entry.Child is not null).Select(one => Of(one, one.Entry.Child!))];

    private static MachineJson Of(SeenDeployment seen, ChildPlace place) =>
        new(
            place.Machine,
            seen.Entry.Id,
            seen.Entry.Status.Name(),
            place.Batch + 1,
            DeploymentJson.TimeOf(seen.Entry.StartedAt),
            DeploymentJson.TimeOf(seen.Entry.FinishedAt),
            seen.Entry.DurationMs,
            seen.Note
        );
}

/// <summary>A deployment that follows another one.</summary>
internal sealed record ChainedJson(string Service, string Id);

internal sealed record StepJson(
    string Command,
    string Status,
    int? ExitCode,
    int Attempts,
    string StartedAt,
    long? DurationMs,
    string? Message,
    string? Hook
)
{
    internal static IReadOnlyList<StepJson> Of(IReadOnlyList<StepResult> steps) => [.. steps.Select(Of)];

    internal static StepJson Of(StepResult step) =>
        new(
            step.Command,
            step.Status.Name(),
            step.ExitCode,
            step.Attempts,
            DeploymentJson.TimeOf(step.StartedAt)!,
            (long?)step.Duration?.TotalMilliseconds,
            step.Message,
            step.Hook
        );
}

internal sealed record TriggerJson(
    string? Address,
    string Method,
    string? Who,
    string? DeliveryId,
    string? Event,
    string? Ref,
    string? Commit,
    string? Actor,
    string? CommitSubject,
    string? CommitUrl,
    string? RollbackTo,
    string? After,
    string? Machine
)
{
    internal static TriggerJson Of(DeploymentTrigger trigger) =>
        new(
            trigger.Address,
            trigger.Method,
            trigger.Who,
            trigger.DeliveryId,
            trigger.Event,
            trigger.Ref,
            trigger.Commit,
            trigger.Actor,
            trigger.CommitSubject,
            trigger.CommitUrl,
            trigger.RollbackTo,
            trigger.After,
            trigger.OnMachine
        );
}

/// <summary>A page of history.</summary>
internal sealed record DeploymentListJson(IReadOnlyList<DeploymentJson> Deployments);

/// <summary>A service as it is configured, without its secrets, and what it does now.</summary>
/// <param name="Next">When it will be deployed by itself, the earliest first; null for never.</param>
internal sealed record ServiceJson(
    string Name,
    string Pwd,
    IReadOnlyList<string> Commands,
    int Parallel,
    string WhenBusy,
    int MaxQueued,
    string Respond,
    int Running,
    int Queued,
    PauseJson? Paused,
    LiveJson? Live,
    IReadOnlyList<string>? Next,
    IReadOnlyList<CredentialJson>? Tokens
);

/// <summary>What is deployed now: the newest success.</summary>
/// <param name="Id">Of the deployment.</param>
/// <param name="Since">Its end.</param>
/// <param name="RollbackTo">The deployment that brought this version first; null where this one did.</param>
internal sealed record LiveJson(
    string Id,
    string? Commit,
    string? Ref,
    IReadOnlyDictionary<string, string>? Variables,
    string? Since,
    string? Who,
    string? RollbackTo
)
{
    internal static LiveJson Of(DeploymentEntry entry) =>
        new(
            entry.Id,
            entry.Trigger.Commit,
            entry.Trigger.Ref,
            entry.ShownValues.Count > 0 ? entry.ShownValues : null,
            DeploymentJson.TimeOf(entry.FinishedAt),
            entry.Trigger.Who,
            entry.Trigger.RollbackTo
        );
}

/// <summary>A credential of a service, without what it is proven by.</summary>
internal sealed record CredentialJson(string Name, IReadOnlyList<string> May, string? Until, string? LastUsedAt)
{
    internal static IReadOnlyList<CredentialJson> Of(ServiceConfiguration service, CredentialUses uses) =>
        [
            .. service.Credentials.Known.Select(known => new CredentialJson(
                known.Name,
                RightsReader.NamesOf(known.May),
                DeploymentJson.TimeOf(known.Until),
                DeploymentJson.TimeOf(uses.LastOf(service.Name, known.Name))
            )),
        ];
}

internal sealed record ServiceListJson(IReadOnlyList<ServiceJson> Services);

/// <summary>The answer to a deployment that is recorded, and not waited for any longer.</summary>
internal sealed record AcceptedJson(
    string Id,
    string Status,
    int? QueuedAhead,
    WaitJson? WaitsFor,
    IReadOnlyList<string>? Unfilled,
    IReadOnlyList<string>? Unused
)
{
    internal static AcceptedJson Of(Deployment deployment, int? queuedAhead, WaitReason? waitsFor) =>
        new(
            deployment.Id,
            (deployment.StartedAt is null ? deployment.Accepted.Status : DeploymentStatus.Running).Name(),
            queuedAhead,
            WaitJson.Of(waitsFor),
            DeploymentJson.UnlessEmpty(deployment.Accepted.Unfilled),
            DeploymentJson.UnlessEmpty(deployment.Accepted.Unused)
        );

    /// <summary>Of one that has succeeded before.</summary>
    /// <param name="id">Of it.</param>
    /// <param name="entry">Null where it is forgotten.</param>
    internal static AcceptedJson OfSucceeded(string id, DeploymentEntry? entry) =>
        new(
            id,
            DeploymentStatus.Succeeded.Name(),
            QueuedAhead: null,
            WaitsFor: null,
            DeploymentJson.UnlessEmpty(entry?.Unfilled ?? []),
            DeploymentJson.UnlessEmpty(entry?.Unused ?? [])
        );
}

/// <summary>The answer when the service's policy refuses.</summary>
internal sealed record BusyJson(string Message, string ServiceName, string Id);
