using System.Collections.Concurrent;

namespace ThinDeployer.Outbox;

/// <summary>What became of what was to be told since the start of the program, by kind of target.</summary>
/// <param name="kinds">Those that there are: a count that is first seen at 1 looks as if it had not grown.</param>
internal sealed class OutboxCounts(params IReadOnlyList<string> kinds)
{
    private readonly ConcurrentDictionary<string, Tally> _kinds = new(
        kinds.Select(kind => KeyValuePair.Create(kind, new Tally())),
        StringComparer.Ordinal
    );

    internal IReadOnlyList<OutboxCount> All =>
        [.. _kinds.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value.Read(one.Key))];

    internal void Send(string kind) => Interlocked.Increment(ref Of(kind).Sent);

    /// <summary>It never will.</summary>
    internal void Fail(string kind) => Interlocked.Increment(ref Of(kind).Failed);

    /// <summary>They found no room.</summary>
    internal void Drop(string kind, int count) => Interlocked.Add(ref Of(kind).Dropped, count);

    private Tally Of(string kind) => _kinds.GetOrAdd(kind, _ => new Tally());

    private sealed class Tally
    {
#pragma warning disable S1104 // Interlocked needs the place itself.
        internal long Sent;
        internal long Failed;
        internal long Dropped;
#pragma warning restore S1104

        internal OutboxCount Read(string kind) =>
            new(kind, Interlocked.Read(ref Sent), Interlocked.Read(ref Failed), Interlocked.Read(ref Dropped));
    }
}

internal sealed record OutboxCount(string Kind, long Sent, long Failed, long Dropped);
