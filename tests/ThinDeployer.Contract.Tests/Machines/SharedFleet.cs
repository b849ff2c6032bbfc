namespace ThinDeployer.Contract.Tests.Machines;

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
