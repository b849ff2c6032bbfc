using ThinDeployer.Deployments;
using ThinDeployer.Lines;

namespace ThinDeployer.Pages.Log;

/// <summary>Those that somebody watches, and no others.</summary>
internal sealed class WatchedStates(OutputLines lines)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, WatchedState> _byId = new(StringComparer.Ordinal);

    /// <param name="desk">Knows the deployment.</param>
    /// <param name="entry">The deployment.</param>
    /// <param name="watch">What is done meanwhile.</param>
    internal async Task WatchAsync(Desk desk, DeploymentEntry entry, Func<WatchedState, Task> watch)
    {
        WatchedState? state;
        lock (_lock)
        {
            if (!_byId.TryGetValue(entry.Id, out state))
            {
                _byId[entry.Id] = state = new WatchedState(desk, entry, lines);
            }

            state.Enter();
        }

        try
        {
            await watch(state);
        }
        finally
        {
            lock (_lock)
            {
                if (state.Leave())
                {
                    _byId.Remove(entry.Id);
                    state.Dispose();
                }
            }
        }
    }
}
