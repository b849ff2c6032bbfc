using System.Globalization;
using ThinDeployer.Yaml;

namespace ThinDeployer.Gates;

/// <summary>Reads <c>approval</c>, <c>windows</c> and <c>when_closed</c>.</summary>
internal static class GateReader
{
    private const int MaximumWindows = 100;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(365);

    /// <param name="service">Its keys.</param>
    /// <param name="names">Of its credentials that have one.</param>
    internal static GatePlan Read(MapReader service, IReadOnlyCollection<string> names)
    {
        var approval = Approval(service, names);
        var windows = Windows(service);
        var refuses = service.Choice("when_closed", "wait", "refuse") == "refuse";
        return new GatePlan(approval, windows, refuses);
    }

    private static ApprovalRule? Approval(MapReader service, IReadOnlyCollection<string> names)
    {
        return service.Map("approval") is { } keys ? ReadApproval(keys, names) : null;
    }

    internal static ApprovalRule ReadApproval(MapReader keys, IReadOnlyCollection<string> names)
    {
        var by = new List<string>();
        foreach (var item in keys.List("by"))
        {
            if (item is not YamlText { Text.Length: > 0 } name)
            {
                keys.Context.Mistake(item.Place, "an entry of \"by\" must be the name of a token");
            }
            else if (!names.Contains(name.Text))
            {
                keys.Context.Mistake(item.Place, Unknown(name.Text, names));
            }
            else
            {
                by.Add(name.Text);
            }
        }

        var count = keys.Integer("count", 1, 1, 100);
        if (by.Count > 0 && count > by.Count)
        {
            keys.Context.Mistake(
                keys.Node("count")?.Place ?? keys.Place,
                $"\"count\" is {count}, but \"by\" names only {by.Count}"
            );
        }

        var rule = new ApprovalRule(
            by,
            count,
            keys.Duration("timeout", TimeSpan.FromHours(24), TimeSpan.FromSeconds(1), LongestTimeout),
            keys.Boolean("self", byDefault: false)
        );
        keys.Finish();
        return rule;
    }

    private static string Unknown(string name, IReadOnlyCollection<string> names) =>
        $"\"by\" names {Quote.Of(name)}, which is no token of this service; "
        + (
            names.Count == 0
                ? "give its tokens names by a map, such as token: {alice: …}"
                : $"its tokens are {string.Join(", ", names.Select(Quote.Of))}"
        );

    private static OpeningTimes Windows(MapReader service)
    {
        var items = service.List("windows");
        if (items.Count > MaximumWindows)
        {
            service.Context.Mistake(
                items[MaximumWindows].Place,
                $"\"windows\" must have at most {MaximumWindows} entries"
            );
        }

        var windows = new List<Window>();
        foreach (var item in items.Take(MaximumWindows))
        {
            if (ReadWindow(item, service.Context) is { } window)
            {
                windows.Add(window);
            }
        }

        return windows.Count == 0 ? OpeningTimes.Always : new OpeningTimes(windows);
    }

    /// <summary>Null after a mistake. <c>{allow: {days: …}}</c> is what the manual shows; <c>{allow: true, days: …}</c> says the same.</summary>
    private static Window? ReadWindow(YamlNode item, ReadingContext context)
    {
        var before = context.Problems.Mistakes;
        var keys = item switch
        {
            YamlMap { Entries: [{ Key.Text: "allow" or "deny", Value: YamlMap times }] } => new MapReader(
                times,
                context
            ),
            YamlMap flat => new MapReader(flat, context),
            _ => null,
        };
        var isNested = item is YamlMap { Entries: [{ Key.Text: "allow" or "deny", Value: YamlMap }] };
        var isAllowed = isNested && ((YamlMap)item).Entries[0].Key.Text == "allow";
        if (keys is not null && !isNested)
        {
            isAllowed = keys.Boolean("allow", byDefault: false);
            if (isAllowed == keys.Boolean("deny", byDefault: false))
            {
                keys = null;
            }
        }

        if (keys is null)
        {
            context.Mistake(
                item.Place,
                "an entry of \"windows\" must have \"allow\" or \"deny\", such as "
                    + "{allow: {days: [mon-fri], from: \"09:00\", to: \"17:00\", time_zone: Europe/Berlin}}"
            );
            return null;
        }

        var window = ReadTimes(keys, isAllowed);
        return context.Problems.Mistakes > before ? null : window;
    }

    internal static Window ReadTimes(MapReader keys, bool isAllowed)
    {
        var days = Days(keys);
        var from = Time(keys, "from", TimeSpan.Zero);
        var to = Time(keys, "to", Window.Day);
        var zone = keys.TimeZone("time_zone");
        if (from == to || from == Window.Day)
        {
            keys.Context.Mistake(
                keys.Place,
                "\"from\" and \"to\" leave no time between them; a whole day needs neither"
            );
        }

        keys.Finish();
        return new Window(isAllowed, days, from, to, zone);
    }

    private static TimeSpan Time(MapReader keys, string key, TimeSpan byDefault)
    {
        if (keys.Text(key) is not { } text)
        {
            return byDefault;
        }

        if (text == "24:00")
        {
            return Window.Day;
        }

        if (
            TimeOnly.TryParseExact(
                text,
                ["HH:mm", "H:mm"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var time
            )
        )
        {
            return time.ToTimeSpan();
        }

        keys.Context.Mistake(
            keys.Node(key)!.Place,
            $"\"{key}\" must be a time from \"00:00\" to \"24:00\", such as \"09:30\""
        );
        return byDefault;
    }

    private static WindowDays Days(MapReader keys)
    {
        var week = new HashSet<DayOfWeek>();
        var dates = new List<(DateOnly, DateOnly)>();
        foreach (var node in keys.Node("days") is YamlText { Text.Length: > 0 } one ? [one] : keys.List("days"))
        {
            if (node is not YamlText text || !(TryWeek(text.Text, week) || TryDates(text.Text, dates)))
            {
                keys.Context.Mistake(
                    node.Place,
                    "an entry of \"days\" must be a day such as mon, days such as mon-fri, a date such as 2026-12-24, or "
                        + "dates such as 2026-12-24..2027-01-01"
                );
            }
        }

        return new WindowDays(week, dates);
    }

    private static bool TryWeek(string text, HashSet<DayOfWeek> week)
    {
        var ends = text.Split('-', 2);
        if (DayOf(ends[0]) is not { } first || DayOf(ends[^1]) is not { } last)
        {
            return false;
        }

        for (var day = first; ; day = (DayOfWeek)(((int)day + 1) % 7))
        {
            week.Add(day);
            if (day == last)
            {
                return true;
            }
        }
    }

    /// <summary>By three letters, or its whole English name.</summary>
    private static DayOfWeek? DayOf(string text)
    {
        foreach (var day in Enum.GetValues<DayOfWeek>())
        {
            var name = day.ToString();
            if (
                text.Equals(name, StringComparison.OrdinalIgnoreCase)
                || text.Equals(name[..3], StringComparison.OrdinalIgnoreCase)
            )
            {
                return day;
            }
        }

        return null;
    }

    private static bool TryDates(string text, List<(DateOnly First, DateOnly Last)> dates)
    {
        var ends = text.Split("..", 2);
        if (!TryDate(ends[0], out var first) || !TryDate(ends[^1], out var last) || last < first)
        {
            return false;
        }

        dates.Add((first, last));
        return true;
    }

    private static bool TryDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
