using System.Globalization;

namespace ThinDeployer.Tests.Schedules;

/// <summary>When a schedule is due, found by a look at each minute of the wall clock. It shares no code with what it is held against.</summary>
internal sealed class SlowCalendar
{
    private readonly HashSet<int>[] _fields;
    private readonly bool _isInterval;
    private readonly TimeZoneInfo _zone;

    internal SlowCalendar(string cron, TimeZoneInfo zone)
    {
        var texts = cron.Split(' ');
        (int Lowest, int Highest)[] ranges = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];
        _fields = [.. texts.Select((text, place) => Numbers(text, ranges[place].Lowest, ranges[place].Highest))];
        _isInterval = texts.Take(2).Any(text => text.AsSpan().ContainsAny('*', '-', '/'));
        _zone = zone;
    }

    /// <summary>In order, each once.</summary>
    internal IReadOnlyList<DateTimeOffset> Within(DateTimeOffset after, DateTimeOffset until)
    {
        var found = new SortedSet<DateTimeOffset>();
        var first = TimeZoneInfo.ConvertTime(after, _zone).DateTime.Date.AddDays(-1);
        var last = TimeZoneInfo.ConvertTime(until, _zone).DateTime.Date.AddDays(2);
        for (var wall = first; wall < last; wall = wall.AddMinutes(1))
        {
            if (IsWritten(wall))
            {
                found.UnionWith(Instants(wall).Where(instant => instant > after && instant <= until));
            }
        }

        return [.. found];
    }

    /// <summary>
    /// What is skipped comes when the clock goes on. What comes twice counts the first time, and again only for an interval.
    /// </summary>
    private IEnumerable<DateTimeOffset> Instants(DateTime wall)
    {
        while (_zone.IsInvalidTime(wall))
        {
            wall = wall.AddMinutes(1);
        }

        if (!_zone.IsAmbiguousTime(wall))
        {
            yield return new DateTimeOffset(wall, _zone.GetUtcOffset(wall));
            yield break;
        }

        var instants = _zone
            .GetAmbiguousTimeOffsets(wall)
            .Select(offset => new DateTimeOffset(wall, offset))
            .Order()
            .ToList();
        foreach (var instant in instants.Take(_isInterval ? 2 : 1))
        {
            yield return instant;
        }
    }

    private bool IsWritten(DateTime wall) =>
        _fields[0].Contains(wall.Minute)
        && _fields[1].Contains(wall.Hour)
        && _fields[2].Contains(wall.Day)
        && _fields[3].Contains(wall.Month)
        && (_fields[4].Contains((int)wall.DayOfWeek) || (wall.DayOfWeek is DayOfWeek.Sunday && _fields[4].Contains(7)));

    private static HashSet<int> Numbers(string text, int lowest, int highest)
    {
        var numbers = new HashSet<int>();
        foreach (var part in text.Split(','))
        {
            var (range, step) = part.Split('/') is [var left, var right] ? (left, Number(right)) : (part, 1);
            var (from, to) =
                range == "*" ? (lowest, highest)
                : range.Split('-') is [var begin, var end] ? (Number(begin), Number(end))
                : part.Contains('/') ? (Number(range), highest)
                : (Number(range), Number(range));
            for (var number = from; number <= to; number += step)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
