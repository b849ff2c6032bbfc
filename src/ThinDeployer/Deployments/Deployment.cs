using System.Text;
using ThinDeployer.Gates;
using ThinDeployer.Output;
using ThinDeployer.Security;
using ThinDeployer.Shell;
using ThinDeployer.Steps;

namespace ThinDeployer.Deployments;

/// <summary>One run of a service's commands, from its acceptance to its end.</summary>
#pragma warning disable CA1001 // The source has neither a timer nor a handle, and a late caller may still cancel.
internal sealed class Deployment
#pragma warning restore CA1001
{
    private readonly IDeploymentRecord _record;
    private readonly CancellationTokenSource _cancel = new();
    private string? _cancelledBy;

    /// <summary>Who waits goes on at once, on the thread that ended it: an answer needs no other one.</summary>
    private readonly TaskCompletionSource<DeploymentResult?> _end = new();

    private Deployment(DeploymentEntry accepted, DeploymentPlan plan, DeploymentOutput output, IDeploymentRecord record)
    {
        _record = record;
        Accepted = accepted;
        Plan = plan;
        GatePlan = plan.Gate;
        Output = output;
        Payload = new PayloadFile(
            record.PayloadFolder,
            accepted.Id,
            accepted.Trigger.PayloadBytes > 0 ? file => CopyPayload(accepted.Id, file, record) : null
        );
        Summary = new SummaryFile(record.SummaryFolder, accepted.Id);
    }

    /// <summary>As it was when it was accepted, with what was decided about it since.</summary>
    internal DeploymentEntry Accepted { get; private set; }

    /// <summary>By the configuration of now, as long as it waits for it.</summary>
    internal GatePlan GatePlan { get; set; }

    internal string Id => Accepted.Id;

    internal string Service => Accepted.Service;

    internal long Sequence => Accepted.Sequence;

    /// <summary>What it does; it keeps this plan even if the configuration changes.</summary>
    internal DeploymentPlan Plan { get; }

    internal DeploymentOutput Output { get; }

    /// <summary>
    /// For one who reads its output beyond its end. From then on it may be forgotten at any time, by the end of another one.
    /// </summary>
    internal IDisposable HoldOutput() => _record.HoldOutput(Id);

    /// <summary>For the steps. Who runs them removes it.</summary>
    internal PayloadFile Payload { get; }

    /// <summary>From the steps. Who runs them takes it.</summary>
    internal SummaryFile Summary { get; }

    /// <summary>
    /// Whether its acceptance, or its start, is on disk: true as soon as it is, false when it can't be. Until then no
    /// command of it may run. Never faults.
    /// </summary>
    internal Task<bool> IsOnDisk { get; set; } = Task.FromResult(true);

    /// <summary>Null until its first step may begin.</summary>
    internal Moment? Started { get; set; }

    internal DateTimeOffset? StartedAt => Started?.At;

    /// <summary>
    /// Comes when the deployment has ended and its end is on disk; null when the server ends before. Never faults.
    /// </summary>
    internal Task<DeploymentResult?> End => _end.Task;

    /// <summary>Makes one from a request. Nothing without an admission can be deployed.</summary>
    internal static Deployment New(
        Admission admission,
        DeploymentPlan plan,
        DeploymentCall call,
        long sequence,
        DateTimeOffset acceptedAt,
        IDeploymentRecord record
    )
    {
        var id = call.Origin.Order?.Id ?? Guid.CreateVersion7(acceptedAt).ToString();
        var gate = DeploymentGate.Of(plan, call.Passed, acceptedAt);
        var entry = new DeploymentEntry
        {
            Sequence = sequence,
            Id = id,
            Service = admission.Service,
            Status = DeploymentGate.Ahead(plan.Gate, gate, acceptedAt) is null
                ? DeploymentStatus.Queued
                : DeploymentStatus.Waiting,
            Gate = gate,
            AcceptedAt = acceptedAt,
            Trigger = call.Trigger with { Who = admission.Who, PayloadBytes = call.Origin.Payload.Length },
            Values = call.Values,
            ShownValues = plan.Shown(call.Values),
            Unfilled = plan.Unfilled(call.Values),
            Unused = call.Unused,
        };
        return Restored(entry, plan, record);
    }

    /// <summary>What was decided about it is on disk.</summary>
    internal void Decided(DeploymentEntry now) => Accepted = now;

    /// <summary>What it must wait for before its turn; null where it need not.</summary>
    internal WaitReason? Ahead(DateTimeOffset now) => DeploymentGate.Ahead(GatePlan, Accepted.Gate, now);

    /// <summary>Takes one up again that was accepted before the program began, and has not started.</summary>
    internal static Deployment Restored(DeploymentEntry entry, DeploymentPlan plan, IDeploymentRecord record) =>
        new(
            entry,
            plan,
            new DeploymentOutput(new OutputFiles(record.Outputs, entry.Id), plan.Limits.MaximumOutput, plan.Secrets),
            record
        );

    /// <summary>Takes one up again that had started, for what is still to be done after it.</summary>
    internal static Deployment Interrupted(DeploymentEntry entry, DeploymentPlan plan, IDeploymentRecord record) =>
        new(
            entry,
            plan,
            DeploymentOutput.Continue(
                new OutputFiles(record.Outputs, entry.Id),
                plan.Limits.MaximumOutput,
                plan.Secrets,
                entry.Summary,
                entry.Service
            ),
            record
        );

    /// <summary>The steps that began, those of its hooks and the one that runs included, while it runs.</summary>
    internal IReadOnlyList<StepResult> Steps =>
        [.. Output.Marks.Cast<StepMark>().GroupBy(mark => mark.Number).Select(step => step.Last().Step)];

    /// <summary>As the record keeps it when it starts.</summary>
    internal DeploymentEntry Begun(DateTimeOffset startedAt) =>
        Accepted with
        {
            Status = DeploymentStatus.Running,
            StartedAt = startedAt,
        };

    /// <summary>
    /// The first one as the record keeps it when the deployment starts: saved together, they cost no second commit. Null for
    /// one of other machines.
    /// </summary>
    internal StepResult? FirstStep(DateTimeOffset startedAt) =>
        Plan.Rollout is not null
            ? null
            : StepResult.Begun(Plan.Secrets.Masked(Plan.Steps[0].Source), startedAt) with
            {
                OutputStart = Encoding.UTF8.GetByteCount(DeploymentOutput.StartLine(Service)) + 1,
            };

    /// <summary>Comes when someone cancels it.</summary>
    internal CancellationToken Cancelled => _cancel.Token;

    internal bool IsCancelled => _cancel.IsCancellationRequested;

    /// <summary>As <see cref="DeploymentEntry.CancelledBy"/>, from the moment when someone cancels it.</summary>
    internal string? CancelledBy => Volatile.Read(ref _cancelledBy);

    /// <summary>Stops what runs of it. Once only: what then follows, such as its rollback, is left alone.</summary>
    internal Task CancelAsync(string by)
    {
        Interlocked.CompareExchange(ref _cancelledBy, by, comparand: null);
        return _cancel.CancelAsync();
    }

    internal ShellCommand Render(CommandTemplate command) => command.Render(ValueOf);

    /// <summary>Not for a caller that holds a lock: whoever waits goes on within.</summary>
    /// <param name="result">Null when the server ends before the deployment.</param>
    internal void Finish(DeploymentResult? result)
    {
        if (_end.TrySetResult(result))
        {
            Output.Wake();
        }
    }

    /// <summary>What its steps need of it.</summary>
    internal StepOwner ForSteps() =>
        new(
            Id,
            Service,
            Plan.Common,
            Plan.Limits.StopGrace,
            [.. Accepted.Values.Where(value => Plan.Variables?.Contains(value.Key) == true)],
            OriginOf(Accepted.Trigger),
            Output,
            Payload,
            Summary,
            Accepted.Trigger.TraceParent?.ToString(),
            IsOnDisk
        );

    /// <summary>What is known. What begins with a dash is left out: a command would take it for an option.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> OriginOf(DeploymentTrigger trigger)
    {
        (string Name, string? Value)[] known =
        [
            ("DEPLOYMENT_REF", trigger.Ref),
            ("DEPLOYMENT_COMMIT", trigger.Commit),
            ("DEPLOYMENT_EVENT", trigger.Event),
            ("DEPLOYMENT_ACTOR", trigger.Actor),
            ("DEPLOYMENT_WHO", trigger.Who),
            ("DEPLOYMENT_ROLLBACK_TO", trigger.RollbackTo),
        ];
        return
        [
            .. known
                .Where(one => one.Value is { Length: > 0 } value && value[0] is not '-')
                .Select(one => KeyValuePair.Create(one.Name, one.Value!)),
        ];
    }

    /// <exception cref="IOException">The record can't be read.</exception>
    private static bool CopyPayload(string id, Stream file, IDeploymentRecord record)
    {
        try
        {
            return record.CopyPayload(id, file);
        }
        catch (RecordUnavailableException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    private PlaceholderValue? ValueOf(string name)
    {
        if (Accepted.Values.TryGetValue(name, out var value))
        {
            return new PlaceholderValue(value, IsDefault: false);
        }

        return Plan.Defaults.TryGetValue(name, out var byDefault)
            ? new PlaceholderValue(byDefault, IsDefault: true)
            : null;
    }
}

/// <summary>What a request asks for.</summary>
/// <param name="Trigger">The request; who asks is known from the admission.</param>
/// <param name="Values">For placeholders, by name.</param>
/// <param name="Origin">What is saved with it.</param>
internal sealed record DeploymentCall(
    DeploymentTrigger Trigger,
    IReadOnlyDictionary<string, string> Values,
    DeploymentOrigin Origin
)
{
    /// <summary>Names of arguments that have no effect, masked.</summary>
    internal IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Who lets it begin outside of the windows of its service; null for nobody.</summary>
    internal GateDecision? Passed { get; init; }
}

/// <summary>How a deployment ended.</summary>
/// <param name="Entry">As the record keeps it.</param>
/// <param name="Output">Where it can be read.</param>
internal sealed record DeploymentResult(DeploymentEntry Entry, OutputContent Output)
{
    internal DeploymentStatus Status => Entry.Status;
}

/// <summary>How a step ended.</summary>
/// <param name="Command">As written in the configuration, and masked.</param>
/// <param name="ExitCode">Null where it did not start or was stopped.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Message">Why it failed; null where it succeeded.</param>
/// <param name="Duration">Of all attempts and the time between them; null while it runs.</param>
/// <param name="OutputStart">Where in the output it begins; null where that is not known.</param>
/// <param name="OutputEnd">As <paramref name="OutputStart"/>.</param>
/// <param name="Hook"><c>verify</c>, <c>on_failure</c> or <c>on_success</c>, whose step it is; null for one of <c>commands</c>.</param>
internal sealed record StepResult(
    string Command,
    DeploymentStatus Status,
    int? ExitCode,
    int Attempts,
    string? Message,
    DateTimeOffset StartedAt,
    TimeSpan? Duration,
    long? OutputStart = null,
    long? OutputEnd = null,
    string? Hook = null
)
{
    /// <summary>One that runs.</summary>
    /// <param name="command">Masked.</param>
    /// <param name="at">Now.</param>
    internal static StepResult Begun(string command, DateTimeOffset at) =>
        new(command, DeploymentStatus.Running, ExitCode: null, Attempts: 1, Message: null, at, Duration: null);

    /// <summary>One that ran when the server ended.</summary>
    internal StepResult CutOff() =>
        this with
        {
            Status = DeploymentStatus.Interrupted,
            Message = "The server ended while this step ran",
        };
}
