using System.Runtime.InteropServices;

namespace ThinDeployer.Security;

/// <summary>
/// Counts failed attempts, so many a minute for each key; a key's minute begins with its first failure. What is refused
/// for the count is not counted, so that the time to wait holds.
/// </summary>
/// <remarks>
/// The table has a fixed size, whatever strangers send. Where it is full, a newcomer takes the place with the fewest
/// failures, <b>with its count and its minute</b> (as in Metwally's space-saving counters). So a place lets no more
/// through in a minute than one key may, whoever shares it; a key at its limit is never pushed out, by any number of
/// others; and where all places are at their limit, newcomers are too: a flood from a million addresses can't make room
/// to guess, it can only bring the limit forward.
/// </remarks>
internal sealed class FailureLimiter
{
    /// <summary>Keys that share a part of the table; the one with the fewest failures is found among them.</summary>
    private const int PlacesOfSet = 8;

    private const int DefaultSets = 8 * 1024;
    private const int MaximumLocks = 64;
    private const int Seconds = 60;

    private readonly int _perMinute;
    private readonly TimeProvider _time;
    private readonly long _minute;
    private readonly Place[] _places;
    private readonly Lock[] _locks;
    private Action<FailureKey>? _tell;

    /// <param name="perMinute">Failures; 0 for no limit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="sets">A power of two; each has 8 places of 32 bytes. By default they take 2 MiB.</param>
    internal FailureLimiter(int perMinute, TimeProvider time, int sets = DefaultSets)
    {
        _perMinute = perMinute;
        _time = time;
        _minute = time.TimestampFrequency * Seconds;
        _places = perMinute > 0 ? new Place[sets * PlacesOfSet] : [];
        _locks = [.. Enumerable.Range(0, Math.Min(sets, MaximumLocks)).Select(_ => new Lock())];
    }

    /// <summary>From now on, tells once a minute of a key that is refused for the count.</summary>
    internal void TellRefused(Action<FailureKey> listener) => _tell += listener;

    /// <summary>Seconds until this key may fail again, 1 to 60; null when it may now.</summary>
    internal int? WaitOf(FailureKey key) => Look(key, isFailure: false);

    /// <summary>Counts a failure. As <see cref="WaitOf"/> before it: null when it was within the limit.</summary>
    internal int? Fail(FailureKey key) => Look(key, isFailure: true);

    /// <summary>
    /// What follows from an attempt: seconds to wait, or null when it is answered as it is. A failure is counted. Success
    /// neither counts nor forgives, and over the limit it must wait too if its credential could have been guessed: else
    /// the answer would tell which guess was right.
    /// </summary>
    internal int? Judge(FailureKey key, bool isRight, bool canBeGuessed) =>
        !isRight ? Fail(key)
        : canBeGuessed ? WaitOf(key)
        : null;

    private int? Look(FailureKey key, bool isFailure)
    {
        if (_perMinute == 0)
        {
            return null;
        }

        // All 128 bits go in apart: the hash of a long folds its halves, which whoever has many addresses could use.
        var hash = HashCode.Combine((uint)key.Address, (uint)(key.Address >> 32), (uint)key.More, key.More >> 32);
        var set = hash & ((_places.Length / PlacesOfSet) - 1);
        var now = _time.GetTimestamp();
        int wait;
        lock (_locks[set & (_locks.Length - 1)])
        {
            ref var place = ref Find(_places.AsSpan(set * PlacesOfSet, PlacesOfSet), key, now);
            var isOver = IsOver(place, now);
            if (isOver || place.Count < _perMinute)
            {
                place = isFailure ? new Place(key, isOver ? now : place.Begin, isOver ? 1 : place.Count + 1) : place;
                return null;
            }

            wait = SecondsUntil(place.Begin + _minute, now);
            if (place.Key != key || place.Count > _perMinute)
            {
                return wait;
            }

            // Beyond the limit by one: it is told of.
            place = place with
            {
                Count = place.Count + 1,
            };
        }

        _tell?.Invoke(key);
        return wait;
    }

    /// <summary>The place of the key; else a free one; else that with the fewest failures, of these the oldest.</summary>
    private ref Place Find(Span<Place> set, FailureKey key, long now)
    {
        var best = 0;
        for (var i = 0; i < set.Length; i++)
        {
            if (set[i].Count > 0 && set[i].Key == key)
            {
                return ref set[i];
            }

            if (Rank(set[i], now).CompareTo(Rank(set[best], now)) < 0)
            {
                best = i;
            }
        }

        return ref set[best];
    }

    private (int Count, long Begin) Rank(in Place place, long now) =>
        IsOver(place, now) ? (0, 0) : (place.Count, place.Begin);

    private bool IsOver(in Place place, long now) => place.Count == 0 || now - place.Begin >= _minute;

    private int SecondsUntil(long end, long now) =>
        (int)((end - now + _time.TimestampFrequency - 1) / _time.TimestampFrequency);

    /// <param name="Begin">Of its minute, as a timestamp.</param>
    /// <param name="Count">Failures in it; 0 for a place that nobody took yet.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(FailureKey Key, long Begin, int Count);
}
