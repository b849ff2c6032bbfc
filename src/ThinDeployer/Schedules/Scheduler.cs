using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Audit;
using ThinDeployer.Deployments;
using ThinDeployer.Security;

namespace ThinDeployer.Schedules;

/// <summary>
/// Deploys what is due. How far each schedule has come is saved together with the deployment, so that a crash neither loses a
/// due time nor deploys twice for one.
/// </summary>
/// <param name="scheduled">Those of now, the same list while nothing changes; null while the configuration can't be used.</param>
internal sealed partial class Scheduler(
    EngineRoom room,
    Intake intake,
    Func<IReadOnlyList<ScheduledService>?> scheduled,
    AuditTrail audit,
    TimeProvider time,
    ILogger<Scheduler> logger
) : BackgroundService
{
    /// <summary>What a deployment of a schedule has in place of an HTTP method.</summary>
    internal const string Method = "SCHEDULE";

    internal const string Event = "schedule";

    /// <summary>The clock may be set, or the machine sleep: it is looked at so often, whatever is due next.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A timer may come some milliseconds too soon.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>While the record is closed, or can't be written.</summary>
    private static readonly TimeSpan ClosedPause = TimeSpan.FromSeconds(1);

    /// <summary>What is later than this was missed.</summary>
    internal static readonly TimeSpan Punctual = TimeSpan.FromMinutes(1);

    /// <summary>What was due so far in the future was due by a clock that was wrong.</summary>
    private static readonly TimeSpan WrongClock = TimeSpan.FromDays(1);

    /// <summary>Many wishes to look at once are one.</summary>
    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>As the record has them; null before they are read.</summary>
    private Dictionary<(string Service, string Schedule), DateTimeOffset>? _handled;

    /// <summary>What the marks were last brought in line with.</summary>
    private IReadOnlyList<ScheduledService>? _followed;

    private DateTimeOffset _looked = time.GetUtcNow();

    /// <summary>The due times that can't be taken up now, so that the log says it once.</summary>
    private readonly Dictionary<(string Service, string Schedule), DateTimeOffset> _putOff = [];

    /// <summary>Looks now, whatever was planned.</summary>
    internal void LookNow() => _wishes.Writer.TryWrite(true);

    /// <summary>Never throws: an exception would end the program.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(_ => LookNow(), state: null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        try
        {
            while (await _wishes.Reader.ReadAsync(stoppingToken))
            {
                timer.Change(await LookAsync(), Timeout.InfiniteTimeSpan);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what is due meanwhile was missed.
        }
    }

    /// <summary>Takes up what is due.</summary>
    /// <returns>How long until it must be looked again.</returns>
    internal async Task<TimeSpan> LookAsync()
    {
        try
        {
            return room.Open is { Record: var record } && scheduled() is { } services
                ? await LookAsync(record, services)
                : ClosedPause;
        }
        catch (RecordUnavailableException)
        {
            // The record says so itself.
            return ClosedPause;
        }
#pragma warning disable CA1031 // Whatever it is, the next look may be better.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(logger, exception);
            return LongestPause;
        }
    }

    private async Task<TimeSpan> LookAsync(IDeploymentRecord record, IReadOnlyList<ScheduledService> services)
    {
        var now = time.GetUtcNow();
        await FollowAsync(record, services, now);
        var pause = LongestPause;
        foreach (var service in services)
        {
            foreach (var schedule in service.Schedules)
            {
                await TakeUpAsync(record, service, schedule, now);
                pause = Shorter(pause, UntilNext(service.Name, schedule, now));
            }
        }

        _looked = now;
        return _putOff.Count > 0 ? ClosedPause : pause;
    }

    /// <summary>What is new, or written otherwise, begins now; what is gone is forgotten, and would begin anew.</summary>
    private async Task FollowAsync(
        IDeploymentRecord record,
        IReadOnlyList<ScheduledService> services,
        DateTimeOffset now
    )
    {
        _handled ??= record.Schedules().ToDictionary(mark => (mark.Service, mark.Schedule), mark => mark.DueAt);
        if (ReferenceEquals(services, _followed))
        {
            return;
        }

        var wanted = services
            .SelectMany(service => service.Schedules.Select(schedule => (service.Name, schedule.Key)))
            .ToHashSet();
        var begun = wanted.Where(one => !_handled.ContainsKey(one)).ToList();
        var gone = _handled.Keys.Where(one => !wanted.Contains(one)).ToList();
        if (begun.Count + gone.Count > 0)
        {
            await record.SaveSchedulesAsync([.. begun.Select(MarkOf)], [.. gone.Select(MarkOf)]);
        }

        gone.ForEach(one => _handled.Remove(one));
        gone.ForEach(one => _putOff.Remove(one));
        begun.ForEach(one => _handled.Add(one, now));
        _followed = services;

        ScheduleMark MarkOf((string Service, string Schedule) one) => new(one.Service, one.Schedule, now);
    }

    private async Task TakeUpAsync(
        IDeploymentRecord record,
        ScheduledService service,
        Schedule schedule,
        DateTimeOffset now
    )
    {
        var key = (service.Name, schedule.Key);
        if (schedule.Within(HandledUntil(key, now), now) is not var (first, due))
        {
            _putOff.Remove(key);
            return;
        }

        var isLate = now - due > Punctual;
        var mark = new ScheduleMark(service.Name, schedule.Key, due);
        if (isLate && !schedule.MakesUp)
        {
            await record.SaveSchedulesAsync([mark], []);
            Log.Skipped(logger, service.Name, schedule.ToString(), first, due);
            Note(service, AuditResult.Refused, deployment: null, "missed");
            Handled(key, due);
            return;
        }

        switch (await intake.TakeAsync(Admission.BySchedule(service.Name), service.Plan, CallOf(schedule, mark)))
        {
            case QueueAnswer.Accepted(var deployment):
                Note(service, AuditResult.Accepted, deployment.Id, schedule.ToString());
                if (isLate || first != due)
                {
                    Log.MadeUp(logger, service.Name, schedule.ToString(), first, due, deployment.Id);
                }

                Handled(key, due);
                break;
            case QueueAnswer.Closed(var reason):
                PutOff(key, service.Name, schedule, due, reason);
                break;
            case QueueAnswer.NotSaved(var reason):
                PutOff(key, service.Name, schedule, due, reason);
                break;
            case var refused:
                await record.SaveSchedulesAsync([mark], []);
                var why = refused.Decision ?? "refused";
                Log.Refused(logger, service.Name, schedule.ToString(), due, why);
                Note(service, AuditResult.Refused, refused.DeploymentId, why);
                Handled(key, due);
                break;
        }
    }

    private void Note(ScheduledService service, string result, string? deployment, string reason) =>
        audit.Note(
            new AuditEntry(AuditAction.Deploy, result)
            {
                Who = Event,
                Service = service.Name,
                DeploymentId = deployment,
                Reason = reason,
            }
        );

    private static DeploymentCall CallOf(Schedule schedule, ScheduleMark mark) =>
        new(
            new DeploymentTrigger(Address: null, Method, Who: null) { Event = Event },
            schedule.Values,
            DeploymentOrigin.None with
            {
                Due = mark,
            }
        );

    /// <summary>
    /// A clock that was far ahead when something was due must not keep it from being due again. It may be the clock of now that
    /// is wrong, so the mark stays until something is.
    /// </summary>
    private DateTimeOffset HandledUntil((string Service, string Schedule) key, DateTimeOffset now) =>
        _handled![key] is var handled && handled - now > WrongClock ? _looked : handled;

    private void Handled((string Service, string Schedule) key, DateTimeOffset due)
    {
        _handled![key] = due;
        _putOff.Remove(key);
    }

    private void PutOff(
        (string Service, string Schedule) key,
        string service,
        Schedule schedule,
        DateTimeOffset due,
        string reason
    )
    {
        if (!_putOff.TryGetValue(key, out var told) || told != due)
        {
            _putOff[key] = due;
            Log.NotNow(logger, service, schedule.ToString(), due, reason);
        }
    }

    private TimeSpan? UntilNext(string service, Schedule schedule, DateTimeOffset now)
    {
        var handled = HandledUntil((service, schedule.Key), now);
        return schedule.Next(handled > now ? handled : now) - now;
    }

    private static TimeSpan Shorter(TimeSpan pause, TimeSpan? other) =>
        other is not { } shorter || shorter >= pause ? pause
        : shorter > ShortestPause ? shorter
        : ShortestPause;

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The schedule {Schedule} of {Service} was missed, first at {First:u} and last at {Due:u}: made up for, once, by deployment {Id}"
        )]
        internal static partial void MadeUp(
            ILogger logger,
            string service,
            string schedule,
            DateTimeOffset first,
            DateTimeOffset due,
            string id
        );

        [LoggerMessage(
            LogLevel.Warning,
            "The schedule {Schedule} of {Service} was missed, first at {First:u} and last at {Due:u}: skipped, as it says"
        )]
        internal static partial void Skipped(
            ILogger logger,
            string service,
            string schedule,
            DateTimeOffset first,
            DateTimeOffset due
        );

        [LoggerMessage(
            LogLevel.Warning,
            "The schedule {Schedule} of {Service} was due at {Due:u}, and nothing was deployed: {Reason}"
        )]
        internal static partial void Refused(
            ILogger logger,
            string service,
            string schedule,
            DateTimeOffset due,
            string reason
        );

        [LoggerMessage(
            LogLevel.Warning,
            "The schedule {Schedule} of {Service} is due since {Due:u}, and waits: {Reason}"
        )]
        internal static partial void NotNow(
            ILogger logger,
            string service,
            string schedule,
            DateTimeOffset due,
            string reason
        );

        [LoggerMessage(LogLevel.Error, "What is due can't be deployed")]
        internal static partial void Faulted(ILogger logger, Exception exception);
    }
}
