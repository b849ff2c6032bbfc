using System.Globalization;

namespace ThinDeployer.Machines;

/// <summary>How the clock of this machine stands to the front's: else the time at which an order is over would mean nothing.</summary>
internal sealed class FrontClock(TimeProvider time)
{
    /// <summary>Further apart, nothing is deployed. Either way.</summary>
    internal static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private long _last;

    /// <summary>By so much the front's is ahead; null before anything was heard of it.</summary>
    private TimeSpan? _ahead;

    /// <summary>The front has said what its clock shows.</summary>
    /// <param name="at">Milliseconds since 1970.</param>
    /// <returns>False for what is not newer than what was heard before.</returns>
    internal bool Hear(long at)
    {
        lock (_lock)
        {
            if (at <= _last || at > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            {
                return false;
            }

            _last = at;
            _ahead = DateTimeOffset.FromUnixTimeMilliseconds(at) - time.GetUtcNow();
            return true;
        }
    }

    /// <summary>
    /// Why no order can be taken, as part of a sentence; null where one can. Before the front was heard, an order tells by
    /// itself only that this clock is behind: it may have waited for long.
    /// </summary>
    /// <param name="signedAt">When the order was signed, by the front's clock.</param>
    internal string? WhyNot(DateTimeOffset signedAt)
    {
        var now = time.GetUtcNow();
        TimeSpan ahead;
        lock (_lock)
        {
            ahead = _ahead ?? (signedAt > now ? signedAt - now : TimeSpan.Zero);
        }

        return ahead.Duration() <= Tolerance
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"the clock of this machine is {ahead.Duration().TotalMinutes:0} min {(ahead > TimeSpan.Zero ? "behind" : "ahead of")} that of the front"
            );
    }
}
