namespace ThinDeployer.Contract.Tests.Machines;

/// <summary>
/// One broker for all tests of the collection, which run one after the other; each fleet has a virtual host of its own.
/// </summary>
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

[CollectionDefinition(Name)]
public sealed class OneFleetBroker : ICollectionFixture<SharedBroker>
{
    internal const string Name = "a fleet";
}

/// <summary>One fleet for all tests of a class; the class says with which configuration.</summary>
public sealed class SharedFleet : IAsyncLifetime
{
    private Fleet? _fleet;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Starts it the first time. The tests of a class come one after the other.</summary>
    internal async Task<Fleet> GetAsync(Func<Task<Fleet>> start) => _fleet ??= await start();

    public async Task DisposeAsync()
    {
        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }
    }
}
