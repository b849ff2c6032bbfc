namespace ThinDeployer.Tests.Broker;

[CollectionDefinition(Name)]
public sealed class OneBroker : ICollectionFixture<SharedBroker>
{
    internal const string Name = "a broker";
}
