using System.Globalization;

namespace ThinDeployer.Audit;

/// <summary>
/// Notes addresses that failed too often. Strangers choose how many those are, so only a few an hour have an entry of their own:
/// else they could push out all others.
/// </summary>
internal sealed class RefusedStrangers(AuditTrail trail, TimeProvider time)
{
    /// <summary>Addresses with an entry of their own, in a window.</summary>
    internal const int MostNamed = 10;

    internal static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private DateTimeOffset _begin;
    private long _more;

    /// <summary>An address is not heard any more for a while.</summary>
    internal void Refuse(string address)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (now - _begin >= Window || now < _begin)
            {
                SumUp();
                _begin = now;
            }

            if (_named.Contains(address))
            {
                return;
            }

            if (_named.Count < MostNamed)
            {
                _named.Add(address);
                trail.Note(Entry() with { Address = address });
            }
            else
            {
                _more++;
            }
        }
    }

    private void SumUp()
    {
        if (_more > 0)
        {
            var reason = string.Create(
                CultureInfo.InvariantCulture,
                $"{_more} times more in the hour from {_begin.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, by addresses without an entry"
            );
            trail.Note(Entry() with { Reason = reason });
        }

        _named.Clear();
        _more = 0;
    }

    private static AuditEntry Entry() => new(AuditAction.RefusedOften, AuditResult.Refused);
}
