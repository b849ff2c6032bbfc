namespace ThinDeployer.Telemetry;

/// <summary>How long things took, counted by bounds. Its owner's lock guards it.</summary>
internal sealed class DurationHistogram
{
    /// <summary>Seconds, from a symbolic link that is set to a build of some hours.</summary>
    private static readonly double[] Bounds = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14400];

    private readonly long[] _counts;

    internal DurationHistogram()
        : this(new long[Bounds.Length + 1]) { }

    private DurationHistogram(long[] counts) => _counts = counts;

    internal long Count { get; private set; }

    /// <summary>Of all together.</summary>
    internal double Seconds { get; private set; }

    /// <summary>Upper bounds in seconds, each with how many took no longer; the last one is infinite.</summary>
    internal IEnumerable<(double Bound, long Count)> Buckets
    {
        get
        {
            var count = 0L;
            for (var i = 0; i < _counts.Length; i++)
            {
                count += _counts[i];
                yield return (i < Bounds.Length ? Bounds[i] : double.PositiveInfinity, count);
            }
        }
    }

    internal DurationHistogram Copy() => new([.. _counts]) { Count = Count, Seconds = Seconds };

    internal void Add(TimeSpan duration)
    {
        var seconds = Math.Max(0, duration.TotalSeconds);
        var place = Array.FindIndex(Bounds, bound => seconds <= bound);
        _counts[place < 0 ? Bounds.Length : place]++;
        Count++;
        Seconds += seconds;
    }
}
