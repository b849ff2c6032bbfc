using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using ThinDeployer.Audit;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Outbox;
using ThinDeployer.Output;
using ThinDeployer.Rollouts;
using ThinDeployer.Security;

namespace ThinDeployer.Storage;

/// <summary>The record in one SQLite file of the data folder, which must be held as long as this lives.</summary>
/// <remarks>
/// What asks for the impossible, such as an id given twice or one that is not there, fails with another exception than
/// <see cref="RecordUnavailableException"/>. Reading fails with that one where the file is damaged or its disk is.
/// Durations of steps are kept in whole milliseconds.
/// </remarks>
internal sealed partial class SqliteRecord : IDeploymentRecord, IAsyncDisposable
{
    /// <summary>How soon a record that is gone is noticed.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private static readonly string Removed = RecordWriter.Sentence(RecordFile.Removed);

    private readonly RecordReader _reader;
    private readonly RolloutReader _rollouts;
    private readonly RecordWriter _writer;
    private readonly StoredOutputs _logs;
    private readonly Reserve _reserve;
    private readonly ILogger _logger;
    private readonly RecordFile _file;
    private readonly ITimer _watch;
    private long _lastSequence;
    private long _failures;
    private volatile string? _trouble;
    private volatile bool _mayShrink;

    private readonly OutboxSender? _outbox;

    private SqliteRecord(
        RecordFile file,
        DataFolder folder,
        ILogger logger,
        OutboxSender? outbox,
        Action<SqliteConnection>? beforeGroup
    )
    {
        _logger = logger;
        _outbox = outbox;
        _file = file;
        _reader = new RecordReader(file);
        _rollouts = new RolloutReader(_reader);
        Outputs = new OutputStore(folder.OutputFolder, TimeProvider.System);
        PayloadFolder = folder.At("payloads");
        SummaryFolder = folder.At("summaries");
        _lastSequence = _reader.LastSequence();
        _logs = new StoredOutputs(folder.OutputFolder);
        _reader.WithKnown(_logs.RemoveOrphans);
        _reserve = new Reserve(folder.At(Reserve.Name));
        _reserve.Take();
        _writer = new RecordWriter(file, _logs, Tried, MakeRoom, beforeGroup);
        Waiting = new SqliteOutbox(new OutboxReader(_reader), _writer);
        Uses = new SqliteCredentialUses(_reader, _writer);
        Audit = new SqliteAudit(_reader, _writer);
        Machines = new SqliteMachines(_reader, _writer);
        Orders = new SqliteOrders(_reader, _writer);
        _watch = TimeProvider.System.CreateTimer(
            _ =>
            {
                Watch();
                Shrink();
            },
            state: null,
            Look,
            Look
        );
    }

    public OutputStore Outputs { get; }

    /// <summary>What waits for somebody.</summary>
    internal IOutboxRecord Waiting { get; }

    /// <summary>When each credential was used last.</summary>
    internal ICredentialUseRecord Uses { get; }

    /// <summary>Who did what.</summary>
    internal IAuditRecord Audit { get; }

    /// <summary>The machines of a front.</summary>
    internal IMachineRecord Machines { get; }

    /// <summary>The orders of a machine.</summary>
    internal IOrderRecord Orders { get; }

    public string PayloadFolder { get; }

    public string SummaryFolder { get; }

    public long LastSequence => Interlocked.Read(ref _lastSequence);

    public string? Trouble
    {
        get
        {
            // Who asks wants to know it now, and not when it is looked at next.
            Watch();
            return _trouble;
        }
    }

    public bool IsRemoved => _trouble == Removed;

    public long Failures => Interlocked.Read(ref _failures);

    public long Bytes => _file.Bytes;

    public TimeSpan Writing => _writer.Writing;

    /// <summary>Transactions committed so far.</summary>
    internal long Commits => _writer.Commits;

    /// <summary>
    /// Opens the record of a folder, made where there is none, and removes the output that belongs to no deployment.
    /// </summary>
    /// <param name="outbox">Has something to tell of changes, and is told when it is saved; null where nobody has.</param>
    /// <param name="beforeGroup">Null but in tests, which make the writing connection fail by it.</param>
    /// <exception cref="StorageException">The file can't be used.</exception>
    internal static SqliteRecord Open(
        DataFolder folder,
        ILogger<SqliteRecord> logger,
        OutboxSender? outbox = null,
        Action<SqliteConnection>? beforeGroup = null
    )
    {
        var file = new RecordFile(folder);
        file.Prepare(Schema.Steps);
        try
        {
            return new SqliteRecord(file, folder, logger, outbox, beforeGroup);
        }
        catch (RecordUnavailableException fault)
        {
            throw new StorageException($"{file.Path}: {fault.Message}", fault);
        }
    }

    public async Task AcceptAsync(
        DeploymentEntry entry,
        IReadOnlyList<string> superseded,
        DeploymentOrigin? origin = null
    )
    {
        if (Outputs.IsShut && Outputs.Trouble() is { } trouble)
        {
            // What room there is, is for what runs.
            throw new RecordUnavailableException(trouble);
        }

        var told = ToldOf(entry, superseded);

        // The caller holds the queue.
        await _writer.SaveAsync(
            statements =>
            {
                statements.Accept(entry, origin ?? DeploymentOrigin.None);
                told.Save(statements);
                foreach (var id in superseded)
                {
                    statements.Supersede(id, entry);
                }

                return [];
            },
            mayBlock: false,
            isOfWhatRuns: false
        );
        Given(entry.Sequence);
        told.Saved();
    }

    public Task BeginRolloutAsync(string id, RolloutState rollout, IReadOnlyList<DeploymentEntry> children) =>
        SaveAsync(statements => statements.Rollouts.Begin(id, rollout, children));

    public Task SaveRolloutAsync(string id, RolloutState rollout) =>
        SaveAsync(statements => statements.Rollouts.Save(id, rollout));

    public RolloutState? FindRollout(string id) => _rollouts.Find(id);

    /// <remarks>Nobody is told of it: that is the whole's.</remarks>
    public Task SaveChildAsync(DeploymentEntry child) => SaveAsync(statements => statements.Rollouts.SaveChild(child));

    public IReadOnlyList<DeploymentEntry> Children(string id) => _rollouts.Children(id);

    public IReadOnlyList<DeploymentEntry> StandingOfMachines() => _rollouts.Standing();

    public Task StartAsync(DeploymentEntry entry, StepResult? first)
    {
        var told = ToldOf(entry, DeploymentChange.Started);
        return told.AfterAsync(
            SaveAsync(statements =>
            {
                statements.Start(entry.Id, entry.StartedAt!.Value, first);
                told.Save(statements);
            })
        );
    }

    public Task SaveStepsAsync(string id, IReadOnlyList<StepResult> steps) =>
        SaveAsync(statements => statements.SaveSteps(id, steps));

    public Task DecideAsync(string id, DeploymentStatus outcome, IReadOnlyList<StepResult> steps) =>
        SaveAsync(statements => statements.Decide(id, outcome, steps));

    public Task BeginRollbackAsync(string id, IReadOnlyList<StepResult> steps) =>
        SaveAsync(statements => statements.BeginRollback(id, steps));

    public Task DecideGateAsync(DeploymentEntry entry) => SaveAsync(statements => statements.Gates.Decide(entry));

    public Task PauseAsync(string service, Pause? pause) =>
        SaveAsync(statements => statements.Gates.Pause(service, pause));

    public IReadOnlyDictionary<string, Pause> Pauses() => _reader.Pauses();

    public IReadOnlyDictionary<string, string> FailedRollbacks() => _reader.FailedRollbacks();

    public Task EndAsync(DeploymentEntry entry, int keep)
    {
        // SQLite would read a negative number as no row at all.
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        var told = ToldOf(entry, DeploymentChange.Ended);
        return told.AfterAsync(
            _writer.SaveAsync(
                statements =>
                {
                    statements.End(entry);
                    told.Save(statements);
                    _mayShrink |= entry.Trigger.PayloadBytes > DeliveryStatements.KeptPayload;
                    return statements.Retention.Forget(entry.Service, entry.Id, keep);
                },
                mayBlock: true
            )
        );
    }

    public IDisposable HoldOutput(string id) => _logs.Hold(id);

    public Task KeepDeliveryAsync(Delivery delivery, int keep) =>
        SaveAsync(statements => statements.Deliveries.Keep(delivery, keep), isOfWhatRuns: false);

    public IReadOnlyList<ScheduleMark> Schedules() => _reader.Schedules();

    public IReadOnlyList<ChainLink> DueLinks() => _reader.DueLinks();

    public Task DropLinkAsync(ChainLink link) => SaveAsync(statements => statements.Chains.Drop(link));

    public Task SaveSchedulesAsync(IReadOnlyList<ScheduleMark> marks, IReadOnlyList<ScheduleMark> gone) =>
        SaveAsync(
            statements =>
            {
                foreach (var mark in gone)
                {
                    statements.Schedules.Forget(mark);
                }

                foreach (var mark in marks)
                {
                    statements.Schedules.Save(mark);
                }
            },
            isOfWhatRuns: false
        );

    public string? FindDelivered(string service, string deliveryId, DateTimeOffset since) =>
        _reader.FindDelivered(service, deliveryId, since);

    public bool CopyPayload(string id, Stream to) => _reader.CopyPayload(id, to);

    public IReadOnlyList<Delivery> Deliveries(string service) => _reader.Deliveries(service);

    public DeploymentEntry? Find(string id) => _reader.Find(id);

    public IReadOnlyList<DeploymentEntry> FindByBeginning(
        string beginning,
        IReadOnlyCollection<string>? services,
        int limit
    ) => _reader.FindByBeginning(beginning, services, limit);

    public IReadOnlyList<DeploymentEntry> List(DeploymentFilter filter) => _reader.List(filter);

    public IReadOnlyList<PastDeployment> Newest(IReadOnlyCollection<string> services, int each) =>
        _reader.Newest(services, each);

    public IReadOnlyList<DeploymentEntry> Standing(IReadOnlyCollection<string> services) => _reader.Standing(services);

    public IReadOnlyDictionary<string, LastEnd> LastEnds(IReadOnlyCollection<string> services) =>
        _reader.LastEnds(services);

    public IReadOnlyList<DeploymentEntry> Unfinished() => _reader.Unfinished();

    /// <summary>Saves what waits, and closes the file. The data folder is not released.</summary>
    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();

        // The last connection to close moves the write-ahead log into the file, and only one that writes can.
        await _reader.CloseAsync();
        await _writer.DisposeAsync();
    }

    private ToldChange ToldOf(DeploymentEntry entry, DeploymentChange change) =>
        new(
            _outbox,
            ItemsOf(entry, change),
            change is DeploymentChange.Ended && entry.Status is DeploymentStatus.Succeeded ? entry.Service : null
        );

    /// <summary>Of an acceptance, with the ends of those whose place it takes.</summary>
    private ToldChange ToldOf(DeploymentEntry accepted, IReadOnlyList<string> superseded)
    {
        IEnumerable<DeploymentEntry> ends = _outbox is null
            ? []
            : superseded
                .Select(_reader.Find)
                .OfType<DeploymentEntry>()
                .Select(old => old with { Status = DeploymentStatus.Superseded, FinishedAt = accepted.AcceptedAt });
        return new ToldChange(
            _outbox,
            [
                .. ends.SelectMany(end => ItemsOf(end, DeploymentChange.Ended)),
                .. ItemsOf(accepted, DeploymentChange.Accepted),
            ],
            recovered: null
        );
    }

    private IReadOnlyList<OutboxItem> ItemsOf(DeploymentEntry entry, DeploymentChange change) =>
        _outbox?.ItemsOf(
            new ChangedDeployment(
                entry,
                change,
                () => _reader.LastEnds([entry.Service]).GetValueOrDefault(entry.Service),
                () => entry.OutputIn(Outputs)
            )
        )
        ?? [];

    private Task SaveAsync(Action<WriteStatements> write, bool isOfWhatRuns = true) =>
        _writer.SaveAsync(write, isOfWhatRuns: isOfWhatRuns);

    private void Given(long sequence)
    {
        var highest = LastSequence;
        while (sequence > highest)
        {
            Interlocked.CompareExchange(ref _lastSequence, sequence, highest);
            highest = LastSequence;
        }
    }

    /// <summary>For the end of what runs: nothing new is taken, and no output, until the reserve is full again.</summary>
    private bool MakeRoom()
    {
        if (!_reserve.GiveBack())
        {
            return false;
        }

        Outputs.Shut(_reserve.Take);
        return true;
    }

    /// <summary>What a large body took, once it is dropped.</summary>
    private void Shrink()
    {
        if (_mayShrink)
        {
            _ = SaveAsync(statements => _mayShrink = statements.Shrink(), isOfWhatRuns: false)
                .ContinueWith(done => done.Exception, TaskScheduler.Default);
        }
    }

    /// <summary>A record that was removed is noticed before somebody wants to write it, and when it is back.</summary>
    private void Watch()
    {
        if (_file.IsRemoved)
        {
            Troubled(Removed);
        }
        else if (IsRemoved)
        {
            Troubled(null);
        }
    }

    private void Tried(string? trouble)
    {
        if (trouble is not null)
        {
            Interlocked.Increment(ref _failures);
        }

        Troubled(trouble);
    }

    /// <summary>Says so once when trouble begins, and once when it is over.</summary>
    private void Troubled(string? trouble)
    {
        var before = Interlocked.Exchange(ref _trouble, trouble);
        if (trouble is null && before is not null)
        {
            Log.Recovered(_logger);
        }
        else if (trouble is not null && before is null)
        {
            Log.Failed(_logger, trouble);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Trouble}")]
        internal static partial void Failed(ILogger logger, string trouble);

        [LoggerMessage(LogLevel.Information, "Deployments are recorded again")]
        internal static partial void Recovered(ILogger logger);
    }
}
