using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// One part of the budget. Where it is full, the address that holds the most gives way, with its largest body, to any that would hold
/// less: who sends much and lingers can fill it, but keeps nobody else out. Under the lock of the budget.
/// </summary>
/// <remarks>What is given up is garbage a moment later, and what is read to its end is decided at once: nobody waits for either.</remarks>
internal sealed class BodyPool(long bytes)
{
    private readonly Dictionary<FailureKey, Holder> _holders = [];

    /// <summary>Bytes.</summary>
    internal long Left { get; private set; } = bytes;

    /// <summary>False, and nothing taken, when the share's own address is the one to give way.</summary>
    /// <param name="share">Who asks.</param>
    /// <param name="count">Bytes.</param>
    /// <param name="most">Bytes that its address may hold.</param>
    internal bool TryTake(BodyBudget.BodyShare share, long count, long most)
    {
        var own = _holders.GetValueOrDefault(share.Key)?.Bytes + count ?? count;
        if (own > most)
        {
            return false;
        }

        while (Left < count)
        {
            var largest = _holders.Values.MaxBy(holder => holder.Bytes);
            if (largest is null || largest.Bytes <= own)
            {
                return false;
            }

            largest.Shares.MaxBy(held => held.Bytes)!.GiveWay();
        }

        if (!_holders.TryGetValue(share.Key, out var holder))
        {
            _holders.Add(share.Key, holder = new Holder());
        }

        holder.Shares.Add(share);
        holder.Bytes += count;
        Left -= count;
        return true;
    }

    /// <summary>All that a share holds here.</summary>
    internal void GiveBack(BodyBudget.BodyShare share)
    {
        var holder = _holders[share.Key];
        holder.Shares.Remove(share);
        holder.Bytes -= share.Bytes;
        Left += share.Bytes;
        if (holder.Shares.Count == 0)
        {
            _holders.Remove(share.Key);
        }
    }

    /// <summary>All bodies of an address.</summary>
    private sealed class Holder
    {
        internal HashSet<BodyBudget.BodyShare> Shares { get; } = [];

        internal long Bytes { get; set; }
    }
}
