namespace ThinDeployer.Http;

/// <summary>
/// How slowly the body of somebody who is not let in yet may come. What counts are the last seconds: Kestrel's rate is an average since the
/// start, so who sends much at first may then be silent for hours.
/// </summary>
internal sealed class BodyPace : IDisposable
{
    /// <summary>For the whole, however fast it comes.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    /// <summary>All that a fast beginning is worth: a line may stall for so long.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Bytes a second.</summary>
    private const double Slowest = 2 * 1024;

    /// <summary>
    /// Who holds much must bring much: half of the rate that would have brought it within the time limit, which who keeps that limit never
    /// falls below.
    /// </summary>
    private static readonly double Most = 2 * TimeLimit.TotalSeconds;

    private readonly CancellationTokenSource _late;
    private readonly TimeProvider _time;
    private readonly long _begin;
    private TimeSpan _due = Window;
    private long _length;

    internal BodyPace(TimeProvider time)
    {
        _time = time;
        _begin = time.GetTimestamp();
        _late = new CancellationTokenSource(Window, time);
    }

    /// <summary>Cancelled when the next bytes are too late.</summary>
    internal CancellationToken Late => _late.Token;

    /// <summary>So many bytes have come.</summary>
    internal void Came(int count)
    {
        _length += count;
        var now = _time.GetElapsedTime(_begin);
        var earned = TimeSpan.FromSeconds(count / Math.Max(Slowest, _length / Most));
        _due = Min(_due + earned, now + Window);
        var left = Min(_due, TimeLimit) - now;
        _late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    public void Dispose() => _late.Dispose();

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
