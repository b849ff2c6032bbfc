using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Audit;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Outbox;
using ThinDeployer.Security;
using ThinDeployer.Steps;
using ThinDeployer.Storage;
using ThinDeployer.Yaml;

namespace ThinDeployer;

/// <summary>
/// Opens the record and puts the engine to work before the host's port opens, and stops it while the host still answers,
/// so that new calls get a 503 and not a closed port.
/// </summary>
internal sealed partial class EngineStart(
    EngineSettings settings,
    ConfigurationSettings source,
    CurrentConfiguration current,
    HostProfile profile,
    EngineRoom room,
    IEnumerable<IDeploymentListener> listeners,
    OutboxSender outbox,
    CredentialUses uses,
    AuditTrail audit,
    FrontDesk front,
    TimeProvider time,
    ILoggerFactory loggers,
    OrderBook? orders = null
) : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    /// <summary>Whether the configuration has become good.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Deployments, in one line of the log.</summary>
    private const int MaximumNamed = 10;

    private readonly ILogger<EngineStart> _logger = loggers.CreateLogger<EngineStart>();
    private readonly CancellationTokenSource _end = new();
    private DataFolder? _folder;
    private SqliteRecord? _record;
    private Decisions? _decisions;
    private Task _opening = Task.CompletedTask;
    private bool _isDisposed;

    /// <exception cref="StorageException">The record can't be used, on a host that does not wait for it.</exception>
    /// <exception cref="MissingProgramException">A program that every step needs is not installed, on a host that does not wait.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        TellStart();
        if (profile.WaitsForRecord)
        {
            _opening = KeepOpeningAsync();
        }
        else
        {
            await OpenAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        TellStop();
        return EndAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Log.Stopped(_logger);
        return Task.CompletedTask;
    }

    /// <remarks>The container calls it once for each way in which it hands this out.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;

        // A host whose start failed, as by a port in use, never told it to stop.
        await EndAsync();
        room.Open?.Queue.Dispose();
        if (_record is not null)
        {
            _ = await audit.FlushAsync();
            await _record.DisposeAsync();
        }

        _folder?.Dispose();
        _end.Dispose();
    }

    private async Task EndAsync()
    {
        await _end.CancelAsync();
        await _opening;
        if (_decisions is { } decisions)
        {
            _decisions = null;
            await decisions.DisposeAsync();
        }

        if (room.Open is { } open)
        {
            await open.Queue.StopAsync(profile.ShutdownGrace ?? settings.ShutdownGrace);
        }
    }

    private void TellStart()
    {
        var configuration = current.Snapshot;
        var version = typeof(EngineStart).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "";
        var count = configuration.IsUsable ? configuration.Services.Count : 0;
        Log.Starts(_logger, version, source.Path, Counted.Of(count, "service"), settings.DataFolder);
        if (!configuration.IsUsable)
        {
            Log.Closed(_logger, string.Join("; ", configuration.Mistakes));
        }
    }

    private void TellStop()
    {
        var (running, waiting) = room.Open?.Queue.Load() ?? ([], 0);
        if (running.Count == 0)
        {
            Log.Stops(_logger, waiting);
            return;
        }

        var named = running.Take(MaximumNamed).Select(deployment => $"{deployment.Service} ({deployment.Id})");
        var more = running.Count > MaximumNamed ? $" and {running.Count - MaximumNamed} more" : "";
        var grace = Scalars.Written(profile.ShutdownGrace ?? settings.ShutdownGrace);
        Log.WaitsFor(_logger, grace, string.Join(", ", named) + more, waiting);
    }

    /// <summary>Never throws: an exception would end the worker for good.</summary>
    private async Task KeepOpeningAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                if (current.Snapshot.IsUsable)
                {
                    await OpenAsync(_end.Token);
                    return;
                }

                // What is queued stays queued: without its service, it could only be dropped.
                room.StayClosed("The configuration has mistakes; the health check lists them");
            }
            catch (OperationCanceledException)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, the host shows it and goes on trying.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                room.StayClosed(
                    exception is StorageException or MissingProgramException
                        ? exception.Message
                        : "The record can't be opened"
                );
                Log.Closed(_logger, exception.Message);
            }

            await Task.Delay(current.Snapshot.IsUsable ? TryAgain : LookAgain, time, _end.Token)
                .ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (OwnSession.Program is null)
        {
            throw new MissingProgramException($"No step can run: {OwnSession.WhyImpossible}.");
        }

        _folder ??= await DataFolder.OpenAsync(settings.DataFolder, DataFolder.LockPatience, time, cancellationToken);
        var record = OpenRecord(_folder);
        var all = new DeploymentListeners(listeners);
        var patient = new PatientRecord(record, time, loggers.CreateLogger<PatientRecord>());
        var processes = new StepProcesses(new StepGroups(StepGroups.Place), time);
        var launcher = await Launcher.InstallAsync(_folder.FullName, cancellationToken);
        var engine = EngineOf(processes, launcher, patient, all);
        var queue = new DeploymentQueue(
            engine.RunAsync,
            record,
            patient,
            all,
            settings.MaximumParallel,
            time,
            loggers.CreateLogger<DeploymentQueue>()
        );
        var decisions = new Decisions(queue, record, all, PlanOf, time, loggers.CreateLogger<Decisions>());
        queue.Gated = decisions.Wake;
        var recovery = new Recovery(
            record,
            queue,
            engine,
            all,
            processes,
            PlanOf,
            profile.LongestStopGrace,
            time,
            loggers.CreateLogger<Recovery>()
        );
        try
        {
            await recovery.RunAsync();
            processes.RemoveLeftovers();
        }
        catch (RecordUnavailableException exception)
        {
            // Another attempt makes a queue of its own; this one must not go on beside it.
            await queue.StopAsync(TimeSpan.Zero);
            queue.Dispose();
            throw new StorageException(exception.Message, exception);
        }

        _decisions = decisions;
        decisions.Start();
        front.Begin();
        current.TellChanges(decisions.Wake);
        room.Enter(new OpenEngine(queue, record, decisions, front.Rollouts));
    }

    private DeploymentPlan? PlanOf(string service) => current.Snapshot.Services.GetValueOrDefault(service)?.Plan;

    private DeploymentEngine EngineOf(
        StepProcesses processes,
        Launcher? launcher,
        PatientRecord patient,
        IDeploymentListener all
    ) =>
        new(
            new StepRunner(profile.LongestStopGrace, processes, launcher, time, loggers.CreateLogger<StepRunner>()),
            patient,
            all,
            time,
            loggers.CreateLogger<DeploymentEngine>()
        )
        {
            TracesSteps = settings.SendsTraces,
            Rollouts = front.Rollouts,
        };

    private SqliteRecord OpenRecord(DataFolder folder)
    {
        if (_record is null)
        {
            _record = SqliteRecord.Open(folder, loggers.CreateLogger<SqliteRecord>(), outbox);
            outbox.Open(_record.Waiting);
            uses.Open(_record.Uses);
            audit.Open(_record.Audit);
            orders?.Open(_record.Orders);
            front.Open(_record, _record.Machines);
        }

        if (_record.Outputs.Try() is { } trouble)
        {
            Log.NoOutput(_logger, trouble);
        }

        return _record;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Nothing can be deployed: {Reason}")]
        internal static partial void Closed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "{Trouble}; until it can, deployments are answered by 503")]
        internal static partial void NoOutput(ILogger logger, string trouble);

        [LoggerMessage(
            LogLevel.Information,
            "Thin Deployer {Version} starts: configuration {Configuration} with {Services}, data in {Data}"
        )]
        internal static partial void Starts(
            ILogger logger,
            string version,
            string configuration,
            string services,
            string data
        );

        [LoggerMessage(LogLevel.Information, "Stopping: nothing runs, {Waiting} deployments stay queued")]
        internal static partial void Stops(ILogger logger, int waiting);

        [LoggerMessage(
            LogLevel.Information,
            "Stopping: waits up to {Grace} for {Running}; {Waiting} deployments stay queued"
        )]
        internal static partial void WaitsFor(ILogger logger, string grace, string running, int waiting);

        [LoggerMessage(LogLevel.Information, "Stopped")]
        internal static partial void Stopped(ILogger logger);
    }
}
