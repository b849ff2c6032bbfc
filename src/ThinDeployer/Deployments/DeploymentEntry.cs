using ThinDeployer.Output;

namespace ThinDeployer.Deployments;

/// <summary>A deployment as the record keeps it.</summary>
internal sealed record DeploymentEntry
{
    /// <summary>The order of acceptance. Ids are not in order within a millisecond.</summary>
    internal required long Sequence { get; init; }

    /// <summary>A UUID version 7 (RFC 9562), in lower case.</summary>
    internal required string Id { get; init; }

    internal required string Service { get; init; }

    internal required DeploymentStatus Status { get; init; }

    /// <summary>Times have milliseconds.</summary>
    internal required DateTimeOffset AcceptedAt { get; init; }

    internal DateTimeOffset? StartedAt { get; init; }

    internal DateTimeOffset? FinishedAt { get; init; }

    /// <summary>From its start to its end, as it was measured; null before, and where nobody could.</summary>
    internal TimeSpan? Duration { get; init; }

    /// <summary>Milliseconds, as they were measured, else by the clock of the wall; null before its end, and for one that never began.</summary>
    internal long? DurationMs =>
        Duration is { } measured ? measured.Ticks / TimeSpan.TicksPerMillisecond
        : FinishedAt - StartedAt is { } seen ? Math.Max(0, seen.Ticks / TimeSpan.TicksPerMillisecond)
        : null;

    internal required DeploymentTrigger Trigger { get; init; }

    /// <summary>What the request gave for placeholders, by name.</summary>
    internal required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>
    /// What filled its placeholders and variables, masked and shortened for people to see. Secrets are those of the time of
    /// its acceptance.
    /// </summary>
    internal IReadOnlyDictionary<string, string> ShownValues { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of placeholders that stay as written, because nothing gives them a value.</summary>
    internal IReadOnlyList<string> Unfilled { get; init; } = [];

    /// <summary>Names of the request's arguments that have no effect, masked, and not all where there are many.</summary>
    internal IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Those that began. Of one that runs, a full disk may have kept the newest out.</summary>
    internal IReadOnlyList<StepResult> Steps { get; init; } = [];

    /// <summary>As <see cref="Steps"/>, of its <c>verify</c>, and behind them of its <c>on_failure</c> or <c>on_success</c>.</summary>
    internal IReadOnlyList<StepResult> Hooks { get; init; } = [];

    /// <summary>Of <see cref="Hooks"/>, those that belong to its end.</summary>
    internal IEnumerable<StepResult> EndHooks => Hooks.Where(step => step.Hook is not Hook.Verify);

    /// <summary>What it was found by not to be as it must; null where nothing was.</summary>
    internal StepResult? FailedCheck =>
        Hooks.FirstOrDefault(step => step is { Hook: Hook.Verify, Status: not DeploymentStatus.Succeeded });

    /// <summary>The hook of its end, once it has begun; null before, and where none did.</summary>
    internal string? EndHook => EndHooks.FirstOrDefault()?.Hook;

    /// <summary>How its hook ended; null where none did.</summary>
    internal DeploymentStatus? HookStatus { get; init; }

    /// <summary>The hook that ran and did not succeed; null where none did.</summary>
    internal string? FailedHook => HookStatus is null or DeploymentStatus.Succeeded ? null : Hook.Of(Status);

    /// <summary>The id of the one that took its place; null unless it is superseded.</summary>
    internal string? SupersededBy { get; init; }

    /// <summary>
    /// Who stopped it, or its hook: the name of the token, else the address; or the id of the newer deployment that took its
    /// turn. Null where nobody did.
    /// </summary>
    internal string? CancelledBy { get; init; }

    /// <summary>
    /// How it will end, decided while its <c>on_failure</c> or <c>on_success</c> still runs; null before. A crash then
    /// does not change the end, and does not make the hook run again.
    /// </summary>
    internal DeploymentStatus? Outcome { get; init; }

    /// <summary>It was interrupted, and its <c>on_failure</c> has not begun yet.</summary>
    internal bool NeedsRollback { get; init; }

    /// <summary>The services that follow it; only of one that ends now, with whose end this is saved.</summary>
    internal IReadOnlyList<string> Follows { get; init; } = [];

    /// <summary>What followed it so far.</summary>
    internal IReadOnlyList<ChainedDeployment> Followed { get; init; } = [];

    /// <summary>What was decided about it before its turn; null where nothing had to be.</summary>
    internal DeploymentGate? Gate { get; init; }

    /// <summary>Of a deployment of one machine: its place in the whole. Null for all others.</summary>
    internal ChildPlace? Child { get; init; }

    /// <summary>Bytes of its output, with what was cut out of it.</summary>
    internal long OutputBytes { get; init; }

    /// <summary>Bytes that were cut out of its output.</summary>
    internal long OutputCutBytes { get; init; }

    /// <summary>Bytes of its output before the place where the middle was cut out; null where nothing was.</summary>
    internal long? OutputHeadBytes { get; init; }

    /// <summary>The whole output of one whose steps printed nothing, which therefore has no file; null for others.</summary>
    internal string? InlineOutput { get; init; }

    /// <summary>When its output came (<see cref="OutputTimes.Encoded"/>); null where that was not noted, or all came at once.</summary>
    internal byte[]? EncodedTimes { get; init; }

    /// <summary>What its steps wrote for people to remember it by, masked and bounded; null where they wrote nothing.</summary>
    internal string? WrittenSummary { get; init; }

    /// <summary>What is known of its output.</summary>
    internal OutputSummary Summary =>
        new(OutputBytes, OutputCutBytes, OutputHeadBytes, InlineOutput) { Times = EncodedTimes };

    /// <summary>All of its output, once it has ended.</summary>
    internal OutputContent OutputIn(OutputStore outputs) =>
        InlineOutput is { } inline ? OutputContent.Of(inline) : new OutputFiles(outputs, Id).Content(OutputHeadBytes);

    /// <summary>With what is known of its output now.</summary>
    internal DeploymentEntry With(OutputSummary summary) =>
        this with
        {
            OutputBytes = summary.TotalBytes,
            OutputCutBytes = summary.CutBytes,
            OutputHeadBytes = summary.Head,
            InlineOutput = summary.Inline,
            EncodedTimes = summary.Times,
        };
}

/// <summary>What made a deployment begin.</summary>
/// <param name="Address">The IP address of who asked.</param>
/// <param name="Method">Of the HTTP request.</param>
/// <param name="Who">The name of the credential; null where the configuration gives none.</param>
internal sealed record DeploymentTrigger(string? Address, string Method, string? Who)
{
    /// <summary>What the sender calls this request; one that comes again deploys once.</summary>
    internal string? DeliveryId { get; init; }

    /// <summary>What the sender says that happened, such as <c>push</c>; null where it is not known.</summary>
    internal string? Event { get; init; }

    /// <summary>Such as <c>refs/heads/main</c>; null where it is not known.</summary>
    internal string? Ref { get; init; }

    /// <summary>Its hash; null where it is not known.</summary>
    internal string? Commit { get; init; }

    /// <summary>Who did it, as the sender says; null where it is not known.</summary>
    internal string? Actor { get; init; }

    /// <summary>The first line of its message, cut where it is long; null where it is not known.</summary>
    internal string? CommitSubject { get; init; }

    /// <summary>Where people can look at it, by HTTP or HTTPS; null where it is not known.</summary>
    internal string? CommitUrl { get; init; }

    /// <summary>The forge's own deployment that asked for it, by its id there; null for none.</summary>
    internal string? ForgeDeployment { get; init; }

    /// <summary>The id of the deployment that it follows; null for none.</summary>
    internal string? After { get; init; }

    /// <summary>The W3C <c>traceparent</c> of who asked, in whose trace the steps go on; null for none.</summary>
    internal TraceParent? TraceParent { get; init; }

    /// <summary>
    /// As <see cref="TraceParent"/>, of what is not continued: the trace of a webhook's sender, or the deployment that is run
    /// again. Null for none.
    /// </summary>
    internal TraceParent? TraceLink { get; init; }

    /// <summary>
    /// The deployment whose version it brings back, by its id: the first of that version, which may be forgotten by now. Null
    /// for one that goes back to none.
    /// </summary>
    internal string? RollbackTo { get; init; }

    /// <summary>The only machine that is meant, of those of the service; null for all of them.</summary>
    internal string? OnMachine { get; init; }

    /// <summary>Of the request's body; 0 for none.</summary>
    internal long PayloadBytes { get; init; }
}

/// <summary>A deployment that follows another one.</summary>
internal sealed record ChainedDeployment(string Service, string Id);

/// <summary>The place of one machine's deployment in a rollout.</summary>
/// <param name="Parent">The id of the whole.</param>
/// <param name="Machine">Its name.</param>
/// <param name="Batch">From 0.</param>
internal sealed record ChildPlace(string Parent, string Machine, int Batch)
{
    /// <summary>When its order is over; null before it is sent.</summary>
    internal DateTimeOffset? Expires { get; init; }

    /// <summary>Whether its machine has said that it took the order.</summary>
    internal bool IsTaken { get; init; }

    /// <summary>Whether it was left out, which is no failure.</summary>
    internal bool IsSkipped { get; init; }

    /// <summary>Why it did not run, or is not known; null where there is nothing to say.</summary>
    internal string? Note { get; init; }

    /// <summary>Where the output stands that the machine has told, where its own output had come to <see cref="SeenBytes"/>.</summary>
    internal long SeenPosition { get; init; }

    /// <summary>As <see cref="SeenPosition"/>: they differ once the machine has cut out the middle.</summary>
    internal long SeenBytes { get; init; }
}
