namespace ThinDeployer.Testing;

/// <summary>One broker for all tests of a collection, which run one after the other; each has a virtual host of its own.</summary>
public sealed class SharedBroker : IAsyncLifetime
{
    private TestBroker? _broker;

    internal TestBroker Broker => _broker!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async Task DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}
