namespace ThinDeployer.Contract.Tests.Proxies;

/// <summary>The proxies of a class, each started when it is used first. The tests of a class come one after the other.</summary>
public sealed class StartedProxies : IAsyncLifetime
{
    private readonly Dictionary<string, RunningProxy> _running = [];

    public Task InitializeAsync() => Task.CompletedTask;

    internal async Task<RunningProxy> RunningAsync(string proxy, Uri server)
    {
        if (!_running.TryGetValue(proxy, out var running))
        {
            running = _running[proxy] = await RunningProxy.StartAsync(ProxyProgram.All[proxy], server.Authority);
        }

        return running;
    }

    public async Task DisposeAsync()
    {
        foreach (var running in _running.Values)
        {
            await running.DisposeAsync();
        }
    }
}
