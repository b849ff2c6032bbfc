namespace ThinDeployer.Output;

/// <summary>
/// Notes when an output comes, closely as long as it is new. What goes on for long has marks that are further from each other,
/// because their number has a bound.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="sinceStart">Since the start of the deployment, now.</param>
/// <param name="before">What was noted of an output that goes on.</param>
/// <remarks>Not for use by two threads at once.</remarks>
internal sealed class OutputClock(TimeProvider time, TimeSpan sinceStart, OutputTimes before)
{
    /// <summary>Between two marks, as long as these are few. Milliseconds.</summary>
    internal const long ShortestDistance = 100;

    internal const int MostMarks = 1000;

    private readonly long _begun = time.GetTimestamp();
    private readonly List<OutputTime> _marks = [.. before.Marks];

    /// <summary>Milliseconds.</summary>
    private long _distance = ShortestDistance;

    internal OutputTimes Times => new([.. _marks]);

    /// <summary>What comes now stands from here on.</summary>
    internal void Note(long position)
    {
        // What was to stand there could not be stored.
        while (_marks.Count > 0 && _marks[^1].Position >= position)
        {
            _marks.RemoveAt(_marks.Count - 1);
        }

        var now = (sinceStart + time.GetElapsedTime(_begun)).Ticks / TimeSpan.TicksPerMillisecond;
        if (_marks.Count > 0 && now - _marks[^1].Milliseconds < _distance)
        {
            return;
        }

        _marks.Add(new OutputTime(position, Math.Max(0, now)));
        while (_marks.Count > MostMarks)
        {
            _distance *= 2;
            Thin();
        }
    }

    /// <summary>Keeps those that there were if the distance had been this one from the start: no gap is lost by that.</summary>
    private void Thin()
    {
        var kept = 1;
        for (var index = 1; index < _marks.Count; index++)
        {
            if (_marks[index].Milliseconds - _marks[kept - 1].Milliseconds >= _distance)
            {
                _marks[kept++] = _marks[index];
            }
        }

        _marks.RemoveRange(kept, _marks.Count - kept);
    }
}
