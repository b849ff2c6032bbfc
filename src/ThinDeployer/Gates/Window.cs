namespace ThinDeployer.Gates;

/// <summary>A time of some days, by the clock of a zone.</summary>
/// <param name="IsAllowed">Else it is denied.</param>
/// <param name="Days">On which it begins.</param>
/// <param name="From">Since midnight.</param>
/// <param name="To">Since midnight, at most 24 hours; not after <paramref name="From"/> for one that ends on the next day.</param>
internal sealed record Window(bool IsAllowed, WindowDays Days, TimeSpan From, TimeSpan To, TimeZoneInfo Zone)
{
    internal static readonly TimeSpan Day = TimeSpan.FromDays(1);

    internal bool Holds(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, Zone).DateTime;
        var (date, time) = (DateOnly.FromDateTime(local), local.TimeOfDay);
        return From < To
            ? time >= From && time < To && Days.Has(date)
            : (time >= From && Days.Has(date)) || (time < To && Days.Has(date.AddDays(-1)));
    }

    /// <summary>
    /// When it may begin or end on a local date, or the clock is set on the day around it; some may be nothing of the sort.
    /// </summary>
    /// <param name="date">A date, whatever its kind.</param>
    internal IEnumerable<DateTimeOffset> Borders(DateTime date)
    {
        var local = DateTime.SpecifyKind(date, DateTimeKind.Unspecified);
        foreach (var time in (TimeSpan[])[TimeSpan.Zero, From, To])
        {
            var wall = local + time;
            if (Zone.IsInvalidTime(wall))
            {
                // It is left out: what is told of the clock being set stands in.
                continue;
            }

            if (Zone.IsAmbiguousTime(wall))
            {
                foreach (var offset in Zone.GetAmbiguousTimeOffsets(wall))
                {
                    yield return new DateTimeOffset(wall, offset).ToUniversalTime();
                }
            }
            else
            {
                yield return new DateTimeOffset(wall, Zone.GetUtcOffset(wall)).ToUniversalTime();
            }
        }

        if (ClockSet(new DateTimeOffset(date, TimeSpan.Zero)) is { } set)
        {
            yield return set;
        }
    }

    /// <summary>When the clock is set within a day of UTC; null where it is not.</summary>
    private DateTimeOffset? ClockSet(DateTimeOffset begin)
    {
        var (before, after) = (begin, begin + Day);
        if (Zone.GetUtcOffset(before) == Zone.GetUtcOffset(after))
        {
            return null;
        }

        while (after - before > TimeSpan.FromSeconds(1))
        {
            var middle = before + TimeSpan.FromSeconds(Math.Floor((after - before).TotalSeconds / 2));
            (before, after) =
                Zone.GetUtcOffset(middle) == Zone.GetUtcOffset(begin) ? (middle, after) : (before, middle);
        }

        return after;
    }
}

/// <summary>Days of the week, and dates; none of either is all days.</summary>
/// <param name="Week">Days of the week.</param>
/// <param name="Dates">First and last ones, both included.</param>
internal sealed record WindowDays(IReadOnlySet<DayOfWeek> Week, IReadOnlyList<(DateOnly First, DateOnly Last)> Dates)
{
    internal bool Has(DateOnly date) =>
        (Week.Count == 0 && Dates.Count == 0)
        || Week.Contains(date.DayOfWeek)
        || Dates.Any(range => date >= range.First && date <= range.Last);
}
