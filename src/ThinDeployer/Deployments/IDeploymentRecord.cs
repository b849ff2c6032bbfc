using ThinDeployer.Output;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Deployments;

/// <summary>
/// The durable record. Each task comes when what it saves is on disk; it fails with
/// <see cref="RecordUnavailableException"/> when it can't be saved now, and then nothing of it was saved.
/// </summary>
internal interface IDeploymentRecord
{
    /// <summary>Where the output of deployments is.</summary>
    OutputStore Outputs { get; }

    /// <summary>The folder of the files that steps read a request's body from; there may be none yet.</summary>
    string PayloadFolder { get; }

    /// <summary>As <see cref="PayloadFolder"/>, of the files that steps write summaries to.</summary>
    string SummaryFolder { get; }

    /// <summary>The highest sequence number ever given; 0 before the first.</summary>
    long LastSequence { get; }

    /// <summary>Why the last attempt to save something failed; null when it did not.</summary>
    string? Trouble { get; }

    /// <summary>Whether it was seen to be gone; <see cref="Trouble"/> tells it, too.</summary>
    bool IsRemoved { get; }

    /// <summary>How long the write that is going on has taken so far; zero where there is none.</summary>
    TimeSpan Writing { get; }

    /// <summary>Attempts to save something that failed so far.</summary>
    long Failures { get; }

    /// <summary>What it takes on the disk, in bytes, without output.</summary>
    long Bytes { get; }

    /// <param name="entry">Queued, or running at once.</param>
    /// <param name="superseded">Ids of queued ones that end as superseded by it, at the time of its acceptance.</param>
    /// <param name="origin">What is saved with it; null for nothing.</param>
    Task AcceptAsync(DeploymentEntry entry, IReadOnlyList<string> superseded, DeploymentOrigin? origin = null);

    /// <param name="entry">Of one that was queued, with the time of its start.</param>
    /// <param name="first">The step that begins; null for none.</param>
    Task StartAsync(DeploymentEntry entry, StepResult? first);

    /// <summary>
    /// Saves <see cref="DeploymentEntry.Steps"/> and, behind them, <see cref="DeploymentEntry.Hooks"/>, before another one
    /// begins.
    /// </summary>
    Task SaveStepsAsync(string id, IReadOnlyList<StepResult> steps);

    /// <summary>
    /// Saves <see cref="DeploymentEntry.Outcome"/>, and the steps with those of hooks behind them, before the first one of a
    /// hook begins.
    /// </summary>
    Task DecideAsync(string id, DeploymentStatus outcome, IReadOnlyList<StepResult> steps);

    /// <summary>
    /// Saves an end, and forgets the oldest ended deployments of the service, with their output, so that
    /// <paramref name="keep"/> of them stay.
    /// </summary>
    Task EndAsync(DeploymentEntry entry, int keep);

    /// <summary>What shall follow deployments, and has not been taken up yet, in its order.</summary>
    IReadOnlyList<ChainLink> DueLinks();

    /// <summary>Forgets a link that can't be followed.</summary>
    Task DropLinkAsync(ChainLink link);

    /// <summary>Saves what was decided about one that has not begun, and whether it still waits for more than its turn.</summary>
    Task DecideGateAsync(DeploymentEntry entry);

    /// <param name="service">A name, or <see cref="Pause.All"/>.</param>
    /// <param name="pause">Null for one that goes on.</param>
    Task PauseAsync(string service, Pause? pause);

    /// <summary>What is paused, by the name of the service or <see cref="Pause.All"/>.</summary>
    IReadOnlyDictionary<string, Pause> Pauses();

    /// <summary>
    /// Keeps the output of a deployment, even if that is forgotten meanwhile, until what comes back is disposed of.
    /// </summary>
    IDisposable HoldOutput(string id);

    /// <summary>
    /// Clears <see cref="DeploymentEntry.NeedsRollback"/>, and saves the steps with those of hooks behind them, before the
    /// rollback begins. Until it has ended well, it counts as failed; without a step of it, there is none.
    /// </summary>
    Task BeginRollbackAsync(string id, IReadOnlyList<StepResult> steps);

    /// <summary>
    /// Services whose last rollback did not succeed, and that have not been deployed well since; each with the id of the
    /// deployment.
    /// </summary>
    IReadOnlyDictionary<string, string> FailedRollbacks();

    /// <summary>Keeps a request that deployed nothing, and forgets the oldest of its service.</summary>
    Task KeepDeliveryAsync(Delivery delivery, int keep);

    /// <summary>How far the schedules have come.</summary>
    IReadOnlyList<ScheduleMark> Schedules();

    /// <summary>Saves how far schedules have come, without a deployment, and forgets others.</summary>
    Task SaveSchedulesAsync(IReadOnlyList<ScheduleMark> marks, IReadOnlyList<ScheduleMark> gone);

    /// <summary>Saves that a rollout begins, with a deployment for each machine, none of which has an order yet.</summary>
    /// <param name="id">Of the whole.</param>
    /// <param name="rollout">As it begins.</param>
    /// <param name="children">In order; each with <see cref="DeploymentEntry.Child"/>. Their sequence numbers are those of the whole.</param>
    Task BeginRolloutAsync(string id, RolloutState rollout, IReadOnlyList<DeploymentEntry> children);

    /// <summary>Saves how far a rollout may go.</summary>
    Task SaveRolloutAsync(string id, RolloutState rollout);

    /// <summary>Null for one that has not begun, and for what is none.</summary>
    RolloutState? FindRollout(string id);

    /// <summary>Saves how a machine's deployment stands, its end included.</summary>
    Task SaveChildAsync(DeploymentEntry child);

    /// <summary>Those of a whole, in the order of the rollout, as <see cref="List"/> gives entries.</summary>
    IReadOnlyList<DeploymentEntry> Children(string id);

    /// <summary>Of each machine and service the newest, and the newest that succeeded, as <see cref="List"/> gives them.</summary>
    IReadOnlyList<DeploymentEntry> StandingOfMachines();

    /// <summary>Null where there is none of this id. Those of machines are found, too, and by nothing else but their whole.</summary>
    DeploymentEntry? Find(string id);

    /// <summary>Those whose ids begin so, in the order of the ids, as <see cref="List"/> gives them.</summary>
    /// <param name="beginning">Of an id, in lower case.</param>
    /// <param name="services">Null for those of all services.</param>
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<DeploymentEntry> FindByBeginning(string beginning, IReadOnlyCollection<string>? services, int limit);

    /// <summary>
    /// The id of the deployment that a delivery started and that waits, runs or succeeded; null where there is none. Only
    /// the newest of a service are remembered.
    /// </summary>
    /// <param name="service">Whose.</param>
    /// <param name="deliveryId">As the sender gives it.</param>
    /// <param name="since">Those accepted before are forgotten.</param>
    string? FindDelivered(string service, string deliveryId, DateTimeOffset since);

    /// <summary>Writes the body of the request for a deployment. False where none was kept.</summary>
    bool CopyPayload(string id, Stream to);

    /// <summary>What came in for a service, newest first.</summary>
    IReadOnlyList<Delivery> Deliveries(string service);

    /// <summary>
    /// Newest first by acceptance, without <see cref="DeploymentEntry.WrittenSummary"/> and
    /// <see cref="DeploymentEntry.EncodedTimes"/>, which may be long.
    /// </summary>
    IReadOnlyList<DeploymentEntry> List(DeploymentFilter filter);

    /// <summary>The newest of each service, in short, newest first; those of one service follow each other.</summary>
    /// <param name="services">Whose.</param>
    /// <param name="each">At most so many of each.</param>
    IReadOnlyList<PastDeployment> Newest(IReadOnlyCollection<string> services, int each);

    /// <summary>Of each service the newest, and the newest that succeeded, as <see cref="List"/> gives them.</summary>
    IReadOnlyList<DeploymentEntry> Standing(IReadOnlyCollection<string> services);

    /// <summary>How services were deployed last; those that never were are missing.</summary>
    IReadOnlyDictionary<string, LastEnd> LastEnds(IReadOnlyCollection<string> services);

    /// <summary>What is queued or running, or needs a rollback, in the order of acceptance.</summary>
    IReadOnlyList<DeploymentEntry> Unfinished();
}

/// <summary>Which deployments are wanted.</summary>
/// <param name="Services">Null for those of all services.</param>
/// <param name="Status">Null for any.</param>
/// <param name="Before">The id of a deployment: only those accepted before it. Null for no such bound.</param>
/// <param name="Limit">At most so many.</param>
internal sealed record DeploymentFilter(
    IReadOnlyCollection<string>? Services,
    DeploymentStatus? Status,
    string? Before,
    int Limit
)
{
    /// <summary>The name of the credential that asked for them; null for any.</summary>
    internal string? Who { get; init; }

    /// <summary>Accepted then, or later; null for no such bound.</summary>
    internal DateTimeOffset? Since { get; init; }
}

/// <summary>The record can't be written now, for example because the disk is full. The message says why.</summary>
internal sealed class RecordUnavailableException : Exception
{
    public RecordUnavailableException() { }

    public RecordUnavailableException(string message)
        : base(message) { }

    public RecordUnavailableException(string message, Exception innerException)
        : base(message, innerException) { }

    internal static RecordUnavailableException Closed() =>
        new("The record is closed, because the server is shutting down.");
}
