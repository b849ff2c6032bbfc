using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>
/// Bytes that the bodies of all who are not yet admitted may hold together. Counted as they come, not as they are
/// announced: a promise costs a stranger nothing. Small bodies have a part of their own, so that none waits for large ones.
/// </summary>
internal sealed class BodyBudget(long large = BodyBudget.Large, long small = BodyBudget.Small)
{
    /// <summary>Bytes of a body that counts as small.</summary>
    internal const int SmallBody = 64 * 1024;

    /// <summary>64 MiB.</summary>
    private const long Large = 64 * 1024 * 1024;

    /// <summary>16 MiB.</summary>
    private const long Small = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly BodyPool _large = new(large);
    private readonly BodyPool _small = new(small);

    /// <summary>The whole of it; a body that is larger can never be read.</summary>
    internal long Largest { get; } = large;

    internal (long Large, long Small) Left
    {
        get
        {
            lock (_lock)
            {
                return (_large.Left, _small.Left);
            }
        }
    }

    /// <summary>The share of one body.</summary>
    /// <param name="key">Whose bodies are counted together.</param>
    /// <param name="most">Bytes that all of this key may hold in each part.</param>
    internal BodyShare Open(FailureKey key, long most = long.MaxValue) => new(this, key, most);

    /// <summary>What one body has taken; it is given back when this is disposed. Not for several threads at once.</summary>
    internal sealed class BodyShare(BodyBudget budget, FailureKey key, long most) : IDisposable
    {
        // It has neither a timer nor a handle, so nobody must dispose of it.
        private readonly CancellationTokenSource _gaveWay = new();
        private BodyPool? _pool;

        internal FailureKey Key => key;

        /// <summary>Bytes; under the lock of the budget.</summary>
        internal long Bytes { get; private set; }

        /// <summary>Cancelled when all that it took went to somebody else.</summary>
        internal CancellationToken GaveWay => _gaveWay.Token;

        /// <summary>False when there is not so much left for it; then what it had is given back.</summary>
        internal bool TryTake(int count)
        {
            lock (budget._lock)
            {
                if (_gaveWay.IsCancellationRequested)
                {
                    return false;
                }

                var wanted = Bytes + count;
                var pool = wanted > SmallBody ? budget._large : budget._small;
                if (pool != _pool)
                {
                    GiveBack();
                }

                if (!pool.TryTake(this, wanted - Bytes, most))
                {
                    GiveBack();
                    return false;
                }

                (_pool, Bytes) = (pool, wanted);
                return true;
            }
        }

        /// <summary>Under the lock of the budget.</summary>
        internal void GiveWay()
        {
            GiveBack();

            // Not here and now: who is told would give back, and take, while the room is being made.
            _ = _gaveWay.CancelAsync();
        }

        public void Dispose()
        {
            lock (budget._lock)
            {
                GiveBack();
            }
        }

        private void GiveBack()
        {
            _pool?.GiveBack(this);
            (_pool, Bytes) = (null, 0);
        }
    }
}
