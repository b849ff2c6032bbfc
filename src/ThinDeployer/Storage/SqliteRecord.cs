using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using ThinDeployer.Deployments;
using ThinDeployer.Output;

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
    private readonly RecordWriter _writer;
    private readonly StoredOutputs _logs;
    private readonly Reserve _reserve;
    private readonly ILogger _logger;
    private readonly RecordFile _file;
    private readonly ITimer _watch;
    private long _lastSequence;
    private volatile string? _trouble;
    private volatile bool _mayShrink;

    private SqliteRecord(RecordFile file, DataFolder folder, ILogger logger, Action<SqliteConnection>? beforeGroup)
    {
        _logger = logger;
        _file = file;
        _reader = new RecordReader(file);
        Outputs = new OutputStore(folder.OutputFolder, TimeProvider.System);
        PayloadFolder = folder.At("payloads");
        _lastSequence = _reader.LastSequence();
        _logs = new StoredOutputs(folder.OutputFolder);
        _reader.WithKnown(_logs.RemoveOrphans);
        _reserve = new Reserve(folder.At(Reserve.Name));
        _reserve.Take();
        _writer = new RecordWriter(file, _logs, Troubled, MakeRoom, beforeGroup);
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

    public string PayloadFolder { get; }

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

    public TimeSpan Writing => _writer.Writing;

    /// <summary>Transactions committed so far.</summary>
    internal long Commits => _writer.Commits;

    /// <summary>
    /// Opens the record of a folder, made where there is none, and removes the output that belongs to no deployment.
    /// </summary>
    /// <param name="beforeGroup">Null but in tests, which make the writing connection fail by it.</param>
    /// <exception cref="StorageException">The file can't be used.</exception>
    internal static SqliteRecord Open(
        DataFolder folder,
        ILogger<SqliteRecord> logger,
        Action<SqliteConnection>? beforeGroup = null
    )
    {
        var file = new RecordFile(folder);
        file.Prepare(Schema.Steps);
        try
        {
            return new SqliteRecord(file, folder, logger, beforeGroup);
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

        // The caller holds the queue.
        await _writer.SaveAsync(
            statements =>
            {
                statements.Accept(entry, origin ?? DeploymentOrigin.None);
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
    }

    public Task StartAsync(string id, DateTimeOffset startedAt, StepResult first) =>
        SaveAsync(statements => statements.Start(id, startedAt, first));

    public Task SaveStepsAsync(string id, IReadOnlyList<StepResult> steps) =>
        SaveAsync(statements => statements.SaveSteps(id, steps));

    public Task DecideAsync(string id, DeploymentStatus outcome, IReadOnlyList<StepResult> steps) =>
        SaveAsync(statements => statements.Decide(id, outcome, steps));

    public Task BeginRollbackAsync(string id, IReadOnlyList<StepResult> steps) =>
        SaveAsync(statements => statements.BeginRollback(id, steps));

    public IReadOnlyDictionary<string, string> FailedRollbacks() => _reader.FailedRollbacks();

    public Task EndAsync(DeploymentEntry entry, int keep)
    {
        // SQLite would read a negative number as no row at all.
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        return _writer.SaveAsync(
            statements =>
            {
                statements.End(entry);
                _mayShrink |= entry.Trigger.PayloadBytes > DeliveryStatements.KeptPayload;
                return statements.Retention.Forget(entry.Service, entry.Id, keep);
            },
            mayBlock: true
        );
    }

    public IDisposable HoldOutput(string id) => _logs.Hold(id);

    public Task KeepDeliveryAsync(Delivery delivery, int keep) =>
        SaveAsync(statements => statements.Deliveries.Keep(delivery, keep), isOfWhatRuns: false);

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

    public IReadOnlyList<DeploymentEntry> Unfinished() => _reader.Unfinished();

    /// <summary>Saves what waits, and closes the file. The data folder is not released.</summary>
    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();

        // The last connection to close moves the write-ahead log into the file, and only one that writes can.
        await _reader.CloseAsync();
        await _writer.DisposeAsync();
    }

    private Task SaveAsync(Action<WriteStatements> write, bool isOfWhatRuns = true) =>
        _writer.SaveAsync(
            statements =>
            {
                write(statements);
                return [];
            },
            mayBlock: true,
            isOfWhatRuns
        );

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
