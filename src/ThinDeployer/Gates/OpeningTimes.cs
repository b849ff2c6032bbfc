namespace ThinDeployer.Gates;

/// <summary>
/// When a service may be deployed: always but in what is denied; and where something is allowed, only then. A moment counts
/// by the clock of the wall in the zone of a window, so that an hour that comes twice a year counts twice, and one that is
/// left out never.
/// </summary>
internal sealed class OpeningTimes(IReadOnlyList<Window> windows)
{
    /// <summary>How far is looked ahead.</summary>
    internal static readonly TimeSpan Horizon = TimeSpan.FromDays(400);

    /// <summary>So much is looked through at once.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromDays(7);

    /// <summary>Found once: the same question comes from each deployment that waits.</summary>
    private volatile Found? _found;

    internal static OpeningTimes Always { get; } = new([]);

    internal bool IsAlways => windows.Count == 0;

    internal bool IsOpen(DateTimeOffset at)
    {
        var isAllowed = windows.All(window => !window.IsAllowed);
        foreach (var window in windows)
        {
            if (window.Holds(at))
            {
                if (!window.IsAllowed)
                {
                    return false;
                }

                isAllowed = true;
            }
        }

        return isAllowed;
    }

    /// <summary>The first moment from now on at which it is open: now, if it is. Null for none within <see cref="Horizon"/>.</summary>
    internal DateTimeOffset? NextOpening(DateTimeOffset now)
    {
        if (IsOpen(now))
        {
            return now;
        }

        if (
            _found is { } found
            && found.Asked <= now
            && (found.At is null ? now - found.Asked < Window.Day : now < found.At)
        )
        {
            return found.At;
        }

        var next = Search(now);
        _found = new Found(now, next);
        return next;
    }

    /// <summary>It opens only where a window begins or ends, and where a clock is set.</summary>
    private DateTimeOffset? Search(DateTimeOffset now)
    {
        for (var from = now; from < now + Horizon; from += AtOnce)
        {
            // A local day begins up to a day before or after that of UTC, and a window may end on the next one.
            var days = Enumerable.Range(-2, (AtOnce.Days + 4)).Select(day => from.UtcDateTime.Date.AddDays(day));
            var borders = days.SelectMany(day => windows.SelectMany(window => window.Borders(day)))
                .Where(border => border > now && border >= from && border < from + AtOnce)
                .Order();
            foreach (var border in borders)
            {
                if (IsOpen(border))
                {
                    return border;
                }
            }
        }

        return null;
    }

    private sealed record Found(DateTimeOffset Asked, DateTimeOffset? At);
}
