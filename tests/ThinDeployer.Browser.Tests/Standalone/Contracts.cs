using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Browser.Tests.Pages;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Browser.Tests.Standalone;

// The page of the standalone server under every contract.

[CollectionDefinition(Name)]
public sealed class Visits : ICollectionFixture<Chromium>
{
    internal const string Name = "standalone";
}

[Collection(Visits.Name)]
public sealed class SignInTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : SignInContract<StandaloneServer>(server, chromium);

[Collection(Visits.Name)]
public sealed class DeployFormTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : DeployFormContract<StandaloneServer>(server, chromium);

[Collection(Visits.Name)]
public sealed class LiveTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : LiveContract<StandaloneServer>(server, chromium);

[Collection(Visits.Name)]
public sealed class QueueTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : QueueContract<StandaloneServer>(server, chromium);

[Collection(Visits.Name)]
public sealed class HistoryTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : HistoryContract<StandaloneServer>(server, chromium);

[Collection(Visits.Name)]
public sealed class HostileNameTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : HostileNameContract<StandaloneServer>(server, chromium);

[Collection(Visits.Name)]
public sealed class AccessTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : AccessContract<StandaloneServer>(server, chromium);

[Collection(Visits.Name)]
public sealed class LogTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : LogContract<StandaloneServer>(server, chromium);

[Collection(Visits.Name)]
public sealed class ReadingTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : ReadingContract<StandaloneServer>(server, chromium);

[Collection(Visits.Name)]
public sealed class DecidingTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : DecidingContract<StandaloneServer>(server, chromium);

[Collection(Visits.Name)]
public sealed class FleetTests(SharedServer<StandaloneServer> server, Chromium chromium)
    : FleetContract<StandaloneServer>(server, chromium);
