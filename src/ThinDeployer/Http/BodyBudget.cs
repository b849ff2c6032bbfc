namespace ThinDeployer.Http;

/// <summary>
/// Bytes that the bodies of all who are not yet admitted may hold together. Counted as they come, not as they are
/// announced: a promise costs a stranger nothing.
/// </summary>
internal sealed class BodyBudget(long bytes)
{
    /// <summary>64 MiB.</summary>
    internal const long Default = 64 * 1024 * 1024;

    private long _left = bytes;

    /// <summary>The whole; a body that is larger can never be read.</summary>
    internal long Bytes { get; } = bytes;

    internal long Left => Interlocked.Read(ref _left);

    /// <summary>The share of one body.</summary>
    internal BodyShare Open() => new(this);

    /// <summary>False, and nothing taken, when there is not so much left.</summary>
    private bool TryTake(long count)
    {
        if (Interlocked.Add(ref _left, -count) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _left, count);
        return false;
    }

    /// <summary>What one body has taken; it is given back when this is disposed. Not for several threads at once.</summary>
    internal sealed class BodyShare(BodyBudget budget) : IDisposable
    {
        private long _taken;

        internal bool TryTake(int count)
        {
            if (!budget.TryTake(count))
            {
                return false;
            }

            _taken += count;
            return true;
        }

        public void Dispose()
        {
            Interlocked.Add(ref budget._left, _taken);
            _taken = 0;
        }
    }
}
