using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Audit;
using ThinDeployer.Deployments;
using ThinDeployer.Machines;
using ThinDeployer.Output;
using ThinDeployer.Schedules;
using ThinDeployer.Storage;
using ThinDeployer.Tests.Deployments;
using ThinDeployer.Tests.Storage;

namespace ThinDeployer.Tests.Schedules;

/// <summary>A scheduler above a real queue and a real record, with a clock that goes when the test says so.</summary>
internal sealed class ScheduledServer : IAsyncDisposable
{
    private readonly RecordHarness _record;
    private IReadOnlyList<ScheduledService>? _services;
    private DeploymentQueue? _queue;
    private Scheduler? _scheduler;

    private ScheduledServer(RecordHarness record, DateTimeOffset begin)
    {
        _record = record;
        Time = new FakeTimeProvider(begin);
        Audit = new AuditTrail(Time, NullLogger<AuditTrail>.Instance);
    }

    internal FakeTimeProvider Time { get; }

    /// <summary>What was deployed, and when.</summary>
    internal ConcurrentQueue<DeploymentEntry> Deployed { get; } = [];

    internal IEnumerable<DateTimeOffset> DeployedAt => Deployed.Select(entry => entry.AcceptedAt);

    internal ConcurrentQueue<string> Log { get; } = [];

    internal AuditTrail Audit { get; }

    /// <summary>Comes when deployments may end.</summary>
    internal Task MayEnd { get; set; } = Task.CompletedTask;

    internal static async Task<ScheduledServer> StartAsync(DateTimeOffset begin, params ScheduledService[] services)
    {
        var server = new ScheduledServer(await RecordHarness.StartAsync(), begin);
        server.Configure(services);
        server.Begin();
        return server;
    }

    internal static ScheduledService Service(string name, WhenBusy whenBusy, params Schedule[] schedules) =>
        new(
            name,
            SampleCall.Plan(new QueuePolicy(1, whenBusy, MaximumWaiting: 9, AnswersAtOnce: true), commands: "true"),
            schedules
        );

    internal static Schedule Every(string cron, string zone = "UTC", bool makesUp = true) =>
        new(cron, TimeZoneInfo.FindSystemTimeZoneById(zone), new Dictionary<string, string>(), makesUp);

    internal void Configure(params ScheduledService[]? services) => _services = services;

    internal Task<TimeSpan> LookAsync() => _scheduler!.LookAsync();

    /// <summary>Lets the clock go on, and looks as often as the scheduler wants.</summary>
    internal async Task GoOnAsync(TimeSpan span)
    {
        var end = Time.GetUtcNow() + span;
        while (true)
        {
            var pause = await LookAsync();
            var now = Time.GetUtcNow();
            if (now >= end)
            {
                return;
            }

            Time.Advance(pause < end - now ? pause : end - now);
        }
    }

    /// <summary>Another server on the same record.</summary>
    internal async Task RestartAsync(TimeSpan down)
    {
        await StopAsync();
        await _record.ReopenAsync();
        Time.Advance(down);
        Begin();
    }

    /// <summary>From now on, nothing can be taken in.</summary>
    internal void ShutOutputs(Func<bool> mayOpen) => _record.Record.Outputs.Shut(mayOpen);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _record.DisposeAsync();
    }

    private void Begin()
    {
        var record = _record.Record;
        var patient = new PatientRecord(record, Time, NullLogger<PatientRecord>.Instance);
        _queue = new DeploymentQueue(
            (deployment, _) => RunAsync(record, deployment),
            record,
            patient,
            new DeploymentListeners([new Listener(Deployed)]),
            maximumRunning: 100,
            Time,
            NullLogger<DeploymentQueue>.Instance
        );
        _queue.Open();
        var room = new EngineRoom();
        var decisions = new Decisions(
            _queue,
            record,
            new DeploymentListeners([]),
            _ => null,
            Time,
            NullLogger<Decisions>.Instance
        );
        room.Enter(new OpenEngine(_queue, record, decisions, new NoMachines(record, Time)));
        _scheduler = new Scheduler(
            room,
            new Intake(room),
            () => _services,
            Audit,
            Time,
            new LineLogger<Scheduler>((_, line, exception) => Log.Enqueue(line + exception))
        );
    }

    private async Task StopAsync()
    {
        _scheduler?.Dispose();
        if (_queue is not null)
        {
            await _queue.StopAsync(TimeSpan.FromSeconds(10));
            _queue.Dispose();
        }
    }

    private async Task<DeploymentResult?> RunAsync(SqliteRecord record, Deployment deployment)
    {
        await deployment.IsOnDisk;
        await MayEnd;
        var entry = deployment.Begun(Time.GetUtcNow()) with
        {
            Status = DeploymentStatus.Succeeded,
            FinishedAt = Time.GetUtcNow(),
            InlineOutput = "",
        };
        await record.EndAsync(entry, keep: 10);
        return new DeploymentResult(entry, OutputContent.Of(""));
    }

    private sealed class Listener(ConcurrentQueue<DeploymentEntry> accepted) : IDeploymentListener
    {
        public void Accepted(Deployment deployment, int? queuedAhead) => accepted.Enqueue(deployment.Accepted);
    }
}
