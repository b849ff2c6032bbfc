namespace ThinDeployer.Deployments;

/// <summary>A point in time by both clocks: that of the wall says when, and may be set; the other how long since.</summary>
internal sealed record Moment(DateTimeOffset At, long Timestamp)
{
    internal static Moment Now(TimeProvider time) => new(time.GetUtcNow(), time.GetTimestamp());
}
