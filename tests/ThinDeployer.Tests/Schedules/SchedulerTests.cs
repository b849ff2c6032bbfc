using System.Globalization;
using ThinDeployer.Deployments;
using static ThinDeployer.Tests.Schedules.ScheduledServer;

namespace ThinDeployer.Tests.Schedules;

/// <summary>What the scheduler deploys, by a clock that the tests move, on a real record.</summary>
public sealed class SchedulerTests
{
    private static readonly DateTimeOffset Begin = Utc("2026-01-01T00:00:30");

    [Fact]
    public async Task A_year_goes_by_and_each_due_time_has_its_one_deployment()
    {
        (string Cron, string Zone)[] written =
        [
            ("30 2 * * *", "Europe/Berlin"),
            ("30 2 * * *", "Australia/Sydney"),
            ("0 */6 * * *", "America/New_York"),
            ("15 4 1 * *", "UTC"),
            ("0 12 * * 0", "America/Santiago"),
        ];
        await using var server = await StartAsync(
            Begin,
            [.. written.Select((one, place) => Service($"s{place}", WhenBusy.Queue, Every(one.Cron, one.Zone)))]
        );

        await server.GoOnAsync(TimeSpan.FromDays(365));

        var end = server.Time.GetUtcNow();
        for (var place = 0; place < written.Length; place++)
        {
            var (cron, zone) = written[place];
            var model = new SlowCalendar(cron, TimeZoneInfo.FindSystemTimeZoneById(zone));
            var deployed = server.Deployed.Where(entry => entry.Service == $"s{place}");
            Assert.Equal(model.Within(Begin, end), deployed.Select(entry => entry.AcceptedAt).Order());
        }

        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task A_deployment_says_that_a_schedule_made_it()
    {
        var values = new Dictionary<string, string> { ["branch"] = "main" };
        await using var server = await StartAsync(
            Begin,
            Service("shop", WhenBusy.Queue, Every("* * * * *") with { Values = values })
        );

        await server.GoOnAsync(TimeSpan.FromSeconds(45));

        var entry = Assert.Single(server.Deployed);
        Assert.Equal(
            ("SCHEDULE", "schedule", "schedule", null),
            (entry.Trigger.Method, entry.Trigger.Event, entry.Trigger.Who, entry.Trigger.Address)
        );
        Assert.Equal(values, entry.Values);
    }

    [Theory]
    [InlineData("0 3 * * *", true, "2026-01-03T10:00:30", "made up for, once")]
    [InlineData("0 3 * * *", false, null, "skipped, as it says")]
    [InlineData("* * * * *", true, "2026-01-03T10:00:30", "made up for, once")]
    // The last one is not late, and so was not missed.
    [InlineData("* * * * *", false, "2026-01-03T10:00:30", "made up for, once")]
    public async Task What_was_missed_is_made_up_for_once_or_skipped_and_said(
        string cron,
        bool makesUp,
        string? at,
        string said
    )
    {
        await using var server = await StartAsync(
            Begin,
            Service("shop", WhenBusy.Queue, Every(cron, makesUp: makesUp))
        );
        await server.LookAsync();

        await server.RestartAsync(down: TimeSpan.FromHours(58));
        await server.LookAsync();
        await server.LookAsync();

        Assert.Equal(at is null ? [] : [Utc(at)], server.DeployedAt);
        Assert.Contains(said, Assert.Single(server.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_absence_misses_nothing()
    {
        await using var server = await StartAsync(
            Utc("2026-01-01T02:59:50"),
            Service("shop", WhenBusy.Queue, Every("0 3 * * *", makesUp: false))
        );
        await server.LookAsync();

        await server.RestartAsync(down: TimeSpan.FromSeconds(40));
        await server.LookAsync();

        Assert.Single(server.Deployed);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task What_is_new_or_changed_begins_now_and_never_in_the_past()
    {
        await using var server = await StartAsync(Begin, Service("shop", WhenBusy.Queue, Every("0 3 * * *")));
        await server.LookAsync();

        // Each was due meanwhile, but was not there.
        await server.RestartAsync(down: TimeSpan.FromHours(1));
        server.Configure(Service("shop", WhenBusy.Queue, Every("30 0 * * *"), Every("0 1 * * *", "Europe/London")));
        await server.LookAsync();
        server.Configure(Service("other", WhenBusy.Queue, Every("30 0 * * *")));
        await server.LookAsync();
        server.Time.Advance(TimeSpan.FromHours(30));
        server.Configure(Service("shop", WhenBusy.Queue, Every("0 3 * * *")));
        await server.LookAsync();

        Assert.Empty(server.Deployed);
        Assert.Empty(server.Log);
        await server.GoOnAsync(TimeSpan.FromDays(1));
        Assert.Equal([Utc("2026-01-03T03:00:00")], server.DeployedAt);
    }

    [Fact]
    public async Task A_configuration_with_mistakes_forgets_nothing_and_deploys_nothing()
    {
        await using var server = await StartAsync(Begin, Service("shop", WhenBusy.Queue, Every("0 3 * * *")));
        await server.LookAsync();

        server.Configure(services: null);
        await server.GoOnAsync(TimeSpan.FromHours(4));
        Assert.Empty(server.Deployed);

        server.Configure(Service("shop", WhenBusy.Queue, Every("0 3 * * *")));
        await server.LookAsync();
        Assert.Single(server.Deployed);
    }

    [Fact]
    public async Task A_busy_service_refuses_what_is_due_and_the_log_says_so()
    {
        var end = new TaskCompletionSource();
        await using var server = await StartAsync(Begin, Service("shop", WhenBusy.Reject, Every("* * * * *")));
        server.MayEnd = end.Task;

        await server.GoOnAsync(TimeSpan.FromMinutes(3));
        end.SetResult();

        Assert.Single(server.Deployed);
        Assert.Equal(2, server.Log.Count);
        Assert.All(server.Log, line => Assert.EndsWith("nothing was deployed: busy", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clock_that_jumps_makes_nothing_due_twice()
    {
        await using var server = await StartAsync(Begin, Service("shop", WhenBusy.Queue, Every("0 * * * *")));
        await server.GoOnAsync(TimeSpan.FromHours(2));
        Assert.Equal(2, server.Deployed.Count);

        // Back by an hour: what was due was due.
        server.Time.AdjustTime(server.Time.GetUtcNow() - TimeSpan.FromHours(1));
        await server.GoOnAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, server.Deployed.Count);

        // Forward by some: they were missed.
        server.Time.AdjustTime(server.Time.GetUtcNow() + TimeSpan.FromHours(5.5));
        await server.LookAsync();
        await server.LookAsync();
        Assert.Equal(3, server.Deployed.Count);
        Assert.Single(server.Log);
    }

    [Fact]
    public async Task A_clock_that_was_years_ahead_does_not_keep_a_schedule_from_being_due()
    {
        await using var server = await StartAsync(
            Utc("2036-01-01T00:00:00"),
            Service("shop", WhenBusy.Queue, Every("0 * * * *"))
        );
        await server.GoOnAsync(TimeSpan.FromHours(1));

        server.Time.AdjustTime(Begin);
        await server.GoOnAsync(TimeSpan.FromHours(2));

        Assert.Equal(
            [Utc("2036-01-01T01:00:00"), Utc("2026-01-01T01:00:00"), Utc("2026-01-01T02:00:00")],
            server.DeployedAt
        );
    }

    [Fact]
    public async Task A_clock_that_is_wrong_for_a_moment_deploys_nothing()
    {
        await using var server = await StartAsync(
            Utc("2026-01-01T02:30:00"),
            Service("shop", WhenBusy.Queue, Every("0 3 * * *"))
        );
        await server.GoOnAsync(TimeSpan.FromHours(1));

        // A machine without a battery, until it asks for the time.
        server.Time.AdjustTime(Utc("1970-01-01T00:00:10"));
        await server.RestartAsync(down: TimeSpan.FromSeconds(20));
        await server.GoOnAsync(TimeSpan.FromMinutes(1));
        server.Time.AdjustTime(Utc("2026-01-01T04:00:00"));
        await server.GoOnAsync(TimeSpan.FromMinutes(1));

        Assert.Single(server.Deployed);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task What_can_t_be_taken_up_yet_is_taken_up_later_and_said_once()
    {
        await using var server = await StartAsync(Begin, Service("shop", WhenBusy.Queue, Every("0 * * * *")));
        await server.LookAsync();
        var mayOpen = false;
        server.ShutOutputs(() => mayOpen);

        await server.GoOnAsync(TimeSpan.FromHours(1));
        Assert.Empty(server.Deployed);
        Assert.Contains("and waits:", Assert.Single(server.Log), StringComparison.Ordinal);

        mayOpen = true;
        await server.LookAsync();
        Assert.Single(server.Deployed);
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", CultureInfo.InvariantCulture);
}
