using ThinDeployer.Output;

namespace ThinDeployer.Deployments;

/// <summary>
/// What is known of deployments, and what can be done to one that there is. Whether one is live or kept is decided here,
/// and nowhere else.
/// </summary>
internal sealed class Desk(DeploymentQueue queue, IDeploymentRecord record, IRollouts rollouts)
{
    private const string Latest = "latest";

    /// <summary>Fewer would be a guess. Characters.</summary>
    private const int ShortestBeginning = 4;

    /// <summary>Deployments that are read at once where many may have to be looked at.</summary>
    private const int Page = 50;

    /// <summary>As the record keeps it; null where there is none of this id.</summary>
    internal DeploymentEntry? Find(string id) => record.Find(id);

    /// <summary>As it stands at this moment.</summary>
    internal SeenDeployment Now(DeploymentEntry entry) =>
        new(
            entry.Status.IsEnd() || Live(entry) is not { } live
                ? entry
                : entry with
                {
                    Steps = [.. live.Steps.Where(step => step.Hook is null)],
                    Hooks = [.. live.Steps.Where(step => step.Hook is not null)],
                    CancelledBy = live.CancelledBy,
                    OutputBytes = live.Output.Length,
                },
            entry.Status is DeploymentStatus.Queued ? queue.QueuedAhead(entry.Service, entry.Id) : null,
            entry.Status is DeploymentStatus.Running ? rollouts.WhyWaits(entry.Id)
                : entry.Status.IsEnd() ? null
                : queue.WhyWaits(entry.Service, entry.Id)
        )
        {
            Note = entry.Child is null ? null : entry.Child.Note ?? rollouts.NoteOf(entry),
        };

    /// <summary>As <see cref="Now"/>, with how it stands on each machine.</summary>
    internal SeenDeployment Whole(DeploymentEntry entry) => Now(entry) with { Machines = Machines(entry) };

    /// <summary>Of a whole that has begun on other machines: how it stands on each, in the order of the rollout. Else empty.</summary>
    internal IReadOnlyList<SeenDeployment> Machines(DeploymentEntry entry) =>
        entry.Child is null && entry.StartedAt is not null ? [.. record.Children(entry.Id).Select(Now)] : [];

    /// <summary>Decides whether the next batch of a rollout begins.</summary>
    internal Task<DecisionAnswer> DecideBatchAsync(DeploymentEntry entry, GateDecision decision, bool goesOn) =>
        rollouts.DecideAsync(entry.Id, decision, goesOn);

    /// <summary>Finds what a person means, who does not write a whole id.</summary>
    /// <param name="written">An id, the beginning of one, or <c>latest</c>.</param>
    /// <param name="service">Whose latest; null for that of all.</param>
    /// <param name="services">Those whose deployments may be found; null for all.</param>
    /// <returns>None, one, or two where it is not clear.</returns>
    internal IReadOnlyList<SeenDeployment> Seek(string written, string? service, IReadOnlyCollection<string>? services)
    {
        if (Find(written) is { } exact)
        {
            return MaySee(exact.Service) ? [Whole(exact)] : [];
        }

        if (written == Latest)
        {
            var whose =
                service is null ? services
                : MaySee(service) ? [service]
                : [];
            return Whole(record.List(new DeploymentFilter(whose, Status: null, Before: null, Limit: 1)));
        }

        var beginning = written.ToLowerInvariant();
        return beginning.Length >= ShortestBeginning && beginning.All(IsOfId)
            ? Whole(record.FindByBeginning(beginning, services, limit: 2))
            : [];

        bool MaySee(string one) => services?.Contains(one) ?? true;
    }

    /// <summary>Newest first by acceptance, each without <see cref="DeploymentEntry.WrittenSummary"/> and its times.</summary>
    internal IReadOnlyList<SeenDeployment> List(DeploymentFilter filter) => [.. record.List(filter).Select(Now)];

    /// <summary>What of these services runs now, and what waits and why, each in the order of acceptance.</summary>
    /// <param name="services">Null for all.</param>
    internal QueueView Queue(IReadOnlyCollection<string>? services) =>
        queue.View(service => services?.Contains(service) ?? true);

    /// <summary>The newest of each service, in short, newest first; those of one service follow each other.</summary>
    internal IReadOnlyList<PastDeployment> Newest(IReadOnlyCollection<string> services, int each) =>
        record.Newest(services, each);

    /// <summary>Of each service the newest, and the newest that succeeded.</summary>
    internal IReadOnlyList<SeenDeployment> Standing(IReadOnlyCollection<string> services) =>
        [.. record.Standing(services).Select(Now)];

    /// <summary>Of each machine and service the newest, and the newest that succeeded.</summary>
    internal IReadOnlyList<StandingOnMachine> StandingOfMachines() =>
        [
            .. record
                .StandingOfMachines()
                .GroupBy(entry => (entry.Child!.Machine, entry.Service))
                .OrderBy(one => one.Key.Machine, StringComparer.Ordinal)
                .ThenBy(one => one.Key.Service, StringComparer.Ordinal)
                .Select(one => StandingOnMachine.Of([.. one])),
        ];

    /// <summary>
    /// What is live of each service: the newest that succeeded, and not on one of its machines only, as <see cref="List"/> gives
    /// them.
    /// </summary>
    internal IReadOnlyList<DeploymentEntry> Live(IReadOnlyCollection<string> services) =>
        [
            .. record
                .Standing(services)
                .Where(entry => entry is { Status: DeploymentStatus.Succeeded, Trigger.OnMachine: null }),
        ];

    /// <summary>What a rollback goes back to that names nothing; null where there is nothing earlier.</summary>
    internal DeploymentEntry? BeforeLive(string service) => LiveVersion.Before(Successes(service));

    /// <summary>How services were deployed last; those that never were are missing.</summary>
    internal IReadOnlyDictionary<string, LastEnd> LastEnds(IReadOnlyCollection<string> services) =>
        record.LastEnds(services);

    /// <summary>How many of a service run and wait.</summary>
    internal (int Running, int Waiting) Load(string service) => queue.Load(service);

    /// <summary>One that neither runs nor has ended.</summary>
    internal Deployment? Waiting(DeploymentEntry entry) => Live(entry) is { StartedAt: null } waiting ? waiting : null;

    /// <summary>What a service is paused by, itself or all of them; null where it is not.</summary>
    /// <param name="service">A name, or <see cref="Pause.All"/>.</param>
    internal Pause? PauseOf(string service) => queue.PauseOf(service);

    /// <summary>What one waits for; null for one that does not.</summary>
    internal WaitReason? WhyWaits(Deployment deployment) => queue.WhyWaits(deployment.Service, deployment.Id);

    /// <summary>Those that come before it; null for one that does not wait.</summary>
    internal int? QueuedAhead(Deployment deployment) =>
        deployment.StartedAt is null ? queue.QueuedAhead(deployment.Service, deployment.Id) : null;

    /// <summary>The one that runs and must end before it can begin, whatever else does; null where there is none.</summary>
    internal Deployment? OnlyOneInFrontOf(Deployment deployment) => queue.OnlyOneInFrontOf(deployment);

    /// <summary>
    /// Stops one that runs, or takes one that waits out of the queue. What runs is still running when this comes back.
    /// </summary>
    /// <param name="entry">The deployment.</param>
    /// <param name="by">Who wants that.</param>
    internal Task<CancelAnswer> CancelAsync(DeploymentEntry entry, string by) =>
        entry.Child is null ? queue.CancelAsync(entry.Service, entry.Id, by) : rollouts.CancelChildAsync(entry, by);

    /// <summary>
    /// Keeps its output, even if the deployment is forgotten meanwhile, until what comes back is disposed of.
    /// </summary>
    internal IDisposable HoldOutput(string id) => record.HoldOutput(id);

    /// <summary>Its output from the beginning to the end, as it comes; null where its end is not recorded yet.</summary>
    internal FollowedOutput? Follow(DeploymentEntry entry) =>
        Live(entry) is { } live ? FollowedOutput.Of(live)
        : Ended(entry) is { } ended ? FollowedOutput.Of(Kept(ended))
        : null;

    /// <summary>So much of its output as there is, and whether that is all.</summary>
    internal (OutputContent Content, bool IsComplete) OutputOf(DeploymentEntry entry) =>
        Live(entry) is { } live ? (live.Output.Content, false) : (Kept(Ended(entry) ?? entry).Output, true);

    /// <summary>When its output came: of one that runs, what came so far.</summary>
    internal OutputTimes TimesOf(DeploymentEntry entry) =>
        Live(entry) is { } live ? live.Output.Times : OutputTimes.Decode((Ended(entry) ?? entry).EncodedTimes);

    /// <summary>One that has ended, with its output.</summary>
    internal DeploymentResult Kept(DeploymentEntry entry) => new(entry, entry.OutputIn(record.Outputs));

    /// <summary>The body of the request for one; null where it had one that is not kept any more.</summary>
    internal byte[]? PayloadOf(DeploymentEntry entry)
    {
        using var payload = new MemoryStream();
        return entry.Trigger.PayloadBytes == 0 || record.CopyPayload(entry.Id, payload) ? payload.ToArray() : null;
    }

    /// <summary>What came in for a service, newest first.</summary>
    internal IReadOnlyList<Delivery> Deliveries(string service) => record.Deliveries(service);

    /// <summary>Of a service, newest first; read as far as they are looked at.</summary>
    private IEnumerable<DeploymentEntry> Successes(string service)
    {
        for (string? before = null; ; )
        {
            var page = record.List(new DeploymentFilter([service], DeploymentStatus.Succeeded, before, Page));
            foreach (var entry in page.Where(entry => entry.Trigger.OnMachine is null))
            {
                yield return entry;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            before = page[^1].Id;
        }
    }

    /// <summary>Of one that was found as lists give it, all that is known; it may be forgotten meanwhile.</summary>
    private IReadOnlyList<SeenDeployment> Whole(IReadOnlyList<DeploymentEntry> found) =>
        found is [var one] ? [Whole(Find(one.Id) ?? one)] : [.. found.Select(Now)];

    /// <summary>Null for one that neither runs nor waits.</summary>
    private Deployment? Live(DeploymentEntry entry) =>
        entry.Child is null ? queue.Find(entry.Service, entry.Id) : rollouts.FindChild(entry.Id);

    /// <summary>Null for one that has not ended; it may have since it was read.</summary>
    private DeploymentEntry? Ended(DeploymentEntry entry) =>
        entry.Status.IsEnd() ? entry
        : record.Find(entry.Id) is { } now && now.Status.IsEnd() ? now
        : null;

    private static bool IsOfId(char character) => char.IsAsciiHexDigitLower(character) || character is '-';
}

/// <summary>A deployment as it stands: what the record keeps, with what is newer of one that runs.</summary>
/// <param name="QueuedAhead">Deployments that come before it; null for one that does not wait.</param>
/// <param name="WaitsFor">Null for one that does not wait.</param>
internal sealed record SeenDeployment(DeploymentEntry Entry, int? QueuedAhead, WaitReason? WaitsFor)
{
    /// <summary>Of a machine's deployment: what there is to say of it. Null for nothing.</summary>
    internal string? Note { get; init; }

    /// <summary>As <see cref="Desk.Machines"/>, where one deployment is asked for.</summary>
    internal IReadOnlyList<SeenDeployment> Machines { get; init; } = [];
}

/// <summary>A service on one machine.</summary>
/// <param name="Newest">Its newest deployment there.</param>
/// <param name="Live">The newest that succeeded there; null for none.</param>
internal sealed record StandingOnMachine(DeploymentEntry Newest, DeploymentEntry? Live)
{
    internal string Machine => Newest.Child!.Machine;

    internal string Service => Newest.Service;

    internal static StandingOnMachine Of(IReadOnlyList<DeploymentEntry> entries)
    {
        // Ids are in the order of time.
        var sorted = entries.OrderByDescending(entry => entry.Id, StringComparer.Ordinal).ToList();
        return new StandingOnMachine(sorted[0], sorted.Find(entry => entry.Status is DeploymentStatus.Succeeded));
    }
}
