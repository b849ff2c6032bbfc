using CsCheck;
using ThinDeployer.Schedules;

namespace ThinDeployer.Tests.Schedules;

/// <summary>When a schedule is due. For a long search, the environment variable <c>CsCheck_Iter</c> sets the tries.</summary>
public sealed class ScheduleTests
{
    private static readonly string[] Zones =
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/Santiago",
        "Australia/Sydney",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
    ];

    private static readonly Gen<string> Crons = Gen.Select(
        Field(0, 59),
        Field(0, 23),
        Gen.OneOf(Gen.Const("*"), Field(1, 28)),
        Gen.OneOf(Gen.Const("*"), Field(1, 12)),
        Gen.OneOf(Gen.Const("*"), Field(0, 7)),
        (minute, hour, day, month, week) => $"{minute} {hour} {day} {month} {week}"
    );

    /// <summary>Days of 2026 and 2027; the clocks of the zones are changed in some of them.</summary>
    private static readonly Gen<DateTimeOffset> Begins = Gen.Int[0, 729 * 24 * 60]
        .Select(minute => Utc("2026-01-01T00:00").AddMinutes(minute));

    [Fact]
    public void It_is_due_when_a_slow_look_at_each_minute_says_so() =>
        Gen.Select(Crons, Gen.OneOf([.. Zones.Select(Gen.Const)]), Begins)
            .Sample(
                (cron, name, begin) =>
                {
                    var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
                    var end = begin.AddDays(20);
                    Assert.Equal(new SlowCalendar(cron, zone).Within(begin, end), AllOf(cron, zone, begin, end));
                },
                iter: 400
            );

    [Fact]
    public void The_first_and_the_last_of_a_span_are_found_without_counting() =>
        Gen.Select(Crons, Gen.OneOf([.. Zones.Select(Gen.Const)]), Begins, Gen.Int[0, 60 * 24 * 60])
            .Sample(
                (cron, name, begin, minutes) =>
                {
                    var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
                    var end = begin.AddMinutes(minutes);
                    var all = AllOf(cron, zone, begin, end);
                    var found = ScheduleOf(cron, zone).Within(begin, end);
                    Assert.Equal(all.Count == 0 ? null : (all[0], all[^1]), found);
                },
                iter: 400
            );

    [Theory]
    // Berlin: at 02:00 it is 03:00.
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-03-28T12:00", "2026-03-29T01:00", "2026-03-30T00:30")]
    [InlineData("Europe/Berlin", "0 4 * * *", "2026-03-28T12:00", "2026-03-29T02:00", "2026-03-30T02:00")]
    // At 03:00 it is 02:00 again.
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-10-24T12:00", "2026-10-25T00:30", "2026-10-26T01:30")]
    [InlineData("Europe/Berlin", "0 2 25 10 *", "2026-10-24T12:00", "2026-10-25T00:00", "2027-10-25T00:00")]
    // Sydney: at 02:00 it is 03:00, in October.
    [InlineData("Australia/Sydney", "30 2 * * *", "2026-10-03T00:00", "2026-10-03T16:00", "2026-10-04T15:30")]
    // At 03:00 it is 02:00 again, in April.
    [InlineData("Australia/Sydney", "30 2 * * *", "2026-04-04T00:00", "2026-04-04T15:30", "2026-04-05T16:30")]
    // Every hour goes on, whatever the clocks say.
    [InlineData("Europe/Berlin", "0 * * * *", "2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00")]
    [InlineData("Europe/Berlin", "0 * * * *", "2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T02:00")]
    public void A_time_of_the_wall_clock_comes_once_where_clocks_are_changed(
        string zone,
        string cron,
        string after,
        string first,
        string second
    )
    {
        var schedule = ScheduleOf(cron, TimeZoneInfo.FindSystemTimeZoneById(zone));

        var next = schedule.Next(Utc(after));

        Assert.Equal(Utc(first), next);
        Assert.Equal(Utc(second), schedule.Next(next!.Value));
    }

    [Fact]
    public void What_is_written_otherwise_is_another_schedule()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Dictionary<string, string> values = new() { ["branch"] = "main" };
        Dictionary<string, string> others = new() { ["branch"] = "next" };
        Schedule[] schedules =
        [
            new("0 3 * * *", TimeZoneInfo.Utc, values, MakesUp: true),
            new("0 4 * * *", TimeZoneInfo.Utc, values, MakesUp: true),
            new("0 3 * * *", berlin, values, MakesUp: true),
            new("0 3 * * *", TimeZoneInfo.Utc, others, MakesUp: true),
            new("0 3 * * *", TimeZoneInfo.Utc, new Dictionary<string, string>(), MakesUp: true),
        ];

        Assert.Equal(schedules.Length, schedules.Select(schedule => schedule.Key).Distinct().Count());
        Assert.Equal(schedules[0].Key, (schedules[0] with { MakesUp = false }).Key);
        Assert.DoesNotContain("main", schedules[0].Key, StringComparison.Ordinal);
    }

    private static Gen<string> Field(int lowest, int highest)
    {
        var number = Gen.Int[lowest, highest];
        var range = Gen.Select(number, number, (a, b) => (From: Math.Min(a, b), To: Math.Max(a, b)))
            .Where(ends => ends.From < ends.To);
        return Gen.Frequency(
            (3, Gen.Const("*")),
            (3, number.Select(one => $"{one}")),
            (2, Gen.Select(number, number, (a, b) => $"{a},{b}")),
            (2, range.Select(ends => $"{ends.From}-{ends.To}")),
            (2, Gen.Int[2, 7].Select(step => $"*/{step}")),
            (1, Gen.Select(range, Gen.Int[2, 5], (ends, step) => $"{ends.From}-{ends.To}/{step}")),
            (1, Gen.Select(range, number, (ends, one) => $"{ends.From}-{ends.To},{one}"))
        );
    }

    private static Schedule ScheduleOf(string cron, TimeZoneInfo zone) =>
        new(cron, zone, new Dictionary<string, string>(), MakesUp: true);

    private static List<DateTimeOffset> AllOf(string cron, TimeZoneInfo zone, DateTimeOffset begin, DateTimeOffset end)
    {
        var schedule = ScheduleOf(cron, zone);
        var all = new List<DateTimeOffset>();
        for (var next = schedule.Next(begin); next <= end; next = schedule.Next(next.Value))
        {
            all.Add(next.Value);
        }

        return all;
    }

    private static DateTimeOffset Utc(string text) =>
        DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);
}
