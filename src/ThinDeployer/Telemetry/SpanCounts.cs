namespace ThinDeployer.Telemetry;

/// <summary>What became of the spans of traces since the start of the program.</summary>
internal sealed class SpanCounts
{
    private long _sent;
    private long _dropped;
    private long _rejected;

    internal long Sent => Interlocked.Read(ref _sent);

    /// <summary>Those that found no room, and those that nobody took in time.</summary>
    internal long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Those of a batch that was taken, which its collector would not have.</summary>
    internal long Rejected => Interlocked.Read(ref _rejected);

    internal void Send(long count) => Interlocked.Add(ref _sent, count);

    internal void Drop(long count) => Interlocked.Add(ref _dropped, count);

    internal void Reject(long count) => Interlocked.Add(ref _rejected, count);
}
