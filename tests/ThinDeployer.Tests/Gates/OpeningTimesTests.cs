using CsCheck;
using ThinDeployer.Gates;

namespace ThinDeployer.Tests.Gates;

/// <summary>Held against a calendar that is looked up minute by minute.</summary>
public sealed class OpeningTimesTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>One in each hemisphere whose clocks are set, one by half an hour, one at midnight, and one that never is.</summary>
    private static readonly string[] Zones =
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "America/Santiago",
    ];

    /// <summary>Near the days on which clocks are set.</summary>
    private static readonly DateTimeOffset[] Places =
    [
        new(2026, 3, 28, 12, 0, 0, TimeSpan.Zero),
        new(2026, 10, 24, 12, 0, 0, TimeSpan.Zero),
        new(2026, 3, 7, 20, 0, 0, TimeSpan.Zero),
        new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
        new(2026, 4, 4, 0, 0, 0, TimeSpan.Zero),
        new(2026, 10, 3, 0, 0, 0, TimeSpan.Zero),
        new(2026, 4, 23, 12, 0, 0, TimeSpan.Zero),
        new(2026, 12, 30, 12, 0, 0, TimeSpan.Zero),
    ];

    private static readonly Gen<WindowDays> Days = Gen.OneOf(
        Gen.Const(new WindowDays(new HashSet<DayOfWeek>(), [])),
        Gen.Int[0, 6].List[1, 3].Select(days => new WindowDays(days.Select(day => (DayOfWeek)day).ToHashSet(), [])),
        Gen.Int[0, 300]
            .Select(Gen.Int[0, 3])
            .Select(
                (first, length) =>
                {
                    var date = new DateOnly(2026, 3, 1).AddDays(first);
                    return new WindowDays(new HashSet<DayOfWeek>(), [(date, date.AddDays(length))]);
                }
            )
    );

    private static readonly Gen<Window> Windows = Gen
        .Bool.Select(Days, Gen.Int[0, 47], Gen.Int[0, 48], Gen.Int[0, 5])
        .Where(one => one.Item3 != one.Item4)
        .Select(one => new Window(
            one.Item1,
            one.Item2,
            one.Item3 * TimeSpan.FromMinutes(30),
            one.Item4 * TimeSpan.FromMinutes(30),
            TimeZoneInfo.FindSystemTimeZoneById(Zones[one.Item5])
        ));

    [Fact]
    public void The_next_opening_is_the_first_minute_that_is_open() =>
        Windows
            .List[1, 4]
            .Select(Gen.Int[0, Places.Length - 1], Gen.Int[0, 2 * 24 * 60])
            .Sample(
                (windows, place, minutes) =>
                {
                    var times = new OpeningTimes(windows);
                    var now = Places[place] + (minutes * Minute);
                    var expected = Enumerable
                        .Range(0, 6 * 24 * 60)
                        .Select(minute => now + (minute * Minute))
                        .Where(at => IsOpen(windows, at))
                        .Cast<DateTimeOffset?>()
                        .FirstOrDefault();

                    var found = times.NextOpening(now);

                    if (expected is { } at)
                    {
                        Assert.Equal(at, found);
                    }
                    else
                    {
                        Assert.True(found is null || found > now.AddDays(6).AddMinutes(-1), $"{found} after {now}");
                    }
                },
                iter: 300
            );

    [Fact]
    public void An_hour_that_comes_twice_counts_twice_and_one_that_is_left_out_never()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var times = new OpeningTimes([
            new Window(
                true,
                new WindowDays(new HashSet<DayOfWeek>(), []),
                new TimeSpan(2, 0, 0),
                new TimeSpan(3, 0, 0),
                berlin
            ),
        ]);

        Assert.True(times.IsOpen(new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero)));
        Assert.True(times.IsOpen(new DateTimeOffset(2026, 10, 25, 1, 30, 0, TimeSpan.Zero)));
        Assert.Equal(
            new DateTimeOffset(2026, 3, 30, 0, 0, 0, TimeSpan.Zero),
            times.NextOpening(new DateTimeOffset(2026, 3, 29, 0, 30, 0, TimeSpan.Zero))
        );
    }

    [Fact]
    public void One_that_never_opens_says_so_and_what_is_always_open_opens_now()
    {
        var now = Places[0];
        var past = new WindowDays(new HashSet<DayOfWeek>(), [(new DateOnly(2001, 1, 1), new DateOnly(2001, 1, 2))]);

        Assert.Null(
            new OpeningTimes([new Window(true, past, TimeSpan.Zero, Window.Day, TimeZoneInfo.Utc)]).NextOpening(now)
        );
        Assert.Equal(now, OpeningTimes.Always.NextOpening(now));
    }

    /// <summary>By the words of the manual.</summary>
    private static bool IsOpen(IReadOnlyList<Window> windows, DateTimeOffset at)
    {
        var holding = windows.Where(Holds).ToList();
        return holding.All(window => window.IsAllowed)
            && (holding.Count > 0 || windows.All(window => !window.IsAllowed));

        bool Holds(Window window)
        {
            var local = TimeZoneInfo.ConvertTime(at, window.Zone);
            var today = DateOnly.FromDateTime(local.DateTime);
            var isToday = window.Days.Has(today);
            var wasYesterday = window.Days.Has(today.AddDays(-1));
            var time = local.TimeOfDay;
            return window.From < window.To
                ? isToday && time >= window.From && time < window.To
                : (isToday && time >= window.From) || (wasYesterday && time < window.To);
        }
    }
}
