using System.Runtime.InteropServices;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// Decides which requests of strangers get a line of their own in the log, and counts the others, for some seconds at a
/// time. Its size has a bound, whatever addresses they come from.
/// </summary>
internal sealed class RequestTally
{
    /// <summary>How long it counts until that is told.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Lines for one address and one kind of answer: five a second.</summary>
    internal const int LinesOfAddress = 50;

    /// <summary>Lines for all together, the first of each address apart.</summary>
    internal const int LinesOfAll = 1_000;

    /// <summary>Addresses and kinds of answers. What is beyond is counted by its kind only.</summary>
    internal const int MaximumPlaces = 4 * 1024;

    private readonly Lock _lock = new();
    private Dictionary<Key, Place> _places = [];
    private Dictionary<AnswerKind, long> _others = [];
    private int _lines;

    /// <summary>Counts one.</summary>
    /// <param name="client">Who asked.</param>
    /// <param name="answer">What it got.</param>
    /// <param name="begins">Whether it is the first of its period.</param>
    internal Tallied Add(ClientAddress client, AnswerKind answer, out bool begins)
    {
        lock (_lock)
        {
            begins = _places.Count == 0;
            var key = new Key(FailureKey.Of(client.Address), answer);
            if (_places.TryGetValue(key, out var place))
            {
                return Again(place);
            }

            if (_places.Count == MaximumPlaces)
            {
                _others[answer] = _others.GetValueOrDefault(answer) + 1;
                return Tallied.Counted;
            }

            _places.Add(key, new Place(client) { Lines = 1 });
            return Tallied.First;
        }
    }

    /// <summary>What was only counted, most first; a new period begins.</summary>
    /// <param name="maximum">So many at most are told of by address.</param>
    internal List<CountedRequests> Take(int maximum)
    {
        Dictionary<Key, Place> places;
        Dictionary<AnswerKind, long> others;
        lock (_lock)
        {
            (places, _places) = (_places, []);
            (others, _others) = (_others, []);
            _lines = 0;
        }

        var counted = places
            .Where(place => place.Value.Count > 0)
            .OrderByDescending(place => place.Value.Count)
            .Select(place => new CountedRequests(place.Value.Client, place.Key.Answer, place.Value.Count))
            .ToList();
        foreach (var rest in counted.Skip(maximum))
        {
            others[rest.Answer] = others.GetValueOrDefault(rest.Answer) + rest.Count;
        }

        return
        [
            .. counted.Take(maximum),
            .. others.Select(other => new CountedRequests(Client: null, other.Key, other.Value)),
        ];
    }

    private Tallied Again(Place place)
    {
        if (place.Lines == LinesOfAddress || _lines == LinesOfAll)
        {
            place.Count++;
            return Tallied.Counted;
        }

        place.Lines++;
        _lines++;
        return Tallied.Line;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Key(FailureKey Address, AnswerKind Answer)
    {
        /// <summary>All bits go in apart, by a hash that is seeded anew by each process: strangers choose addresses.</summary>
        public override int GetHashCode() =>
            HashCode.Combine(
                (uint)Address.Address,
                (uint)(Address.Address >> 32),
                Address.More,
                Answer.Status,
                Answer.Reason
            );
    }

    private sealed class Place(ClientAddress client)
    {
        internal ClientAddress Client => client;

        internal int Lines { get; set; }

        internal long Count { get; set; }
    }
}

/// <summary>What requests are counted by; there are few of it.</summary>
/// <param name="Reason">A code; null where there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerKind(int Status, string? Reason);

/// <summary>What becomes of one request.</summary>
internal enum Tallied
{
    /// <summary>It gets a line: the first of its address with such an answer.</summary>
    First,

    /// <summary>It gets a line.</summary>
    Line,

    /// <summary>It gets none.</summary>
    Counted,
}

/// <summary>Requests that got no line.</summary>
/// <param name="Client">One of those whose address is counted as this one; null for many others.</param>
internal sealed record CountedRequests(ClientAddress? Client, AnswerKind Answer, long Count);
