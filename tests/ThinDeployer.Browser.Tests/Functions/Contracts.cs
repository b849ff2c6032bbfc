using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Browser.Tests.Pages;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Functions.Tests.Contracts;

namespace ThinDeployer.Browser.Tests.Functions;

// The page of the Functions app under every contract.

[CollectionDefinition(Name)]
public sealed class Visits : ICollectionFixture<Chromium>
{
    internal const string Name = "functions";
}

[Collection(Visits.Name)]
public sealed class SignInTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : SignInContract<FunctionsApp>(server, chromium);

[Collection(Visits.Name)]
public sealed class DeployFormTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : DeployFormContract<FunctionsApp>(server, chromium);

[Collection(Visits.Name)]
public sealed class LiveTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : LiveContract<FunctionsApp>(server, chromium);

[Collection(Visits.Name)]
public sealed class QueueTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : QueueContract<FunctionsApp>(server, chromium);

[Collection(Visits.Name)]
public sealed class HistoryTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : HistoryContract<FunctionsApp>(server, chromium);

[Collection(Visits.Name)]
public sealed class HostileNameTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : HostileNameContract<FunctionsApp>(server, chromium);

[Collection(Visits.Name)]
public sealed class AccessTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : AccessContract<FunctionsApp>(server, chromium);

[Collection(Visits.Name)]
public sealed class LogTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : LogContract<FunctionsApp>(server, chromium);

[Collection(Visits.Name)]
public sealed class ReadingTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : ReadingContract<FunctionsApp>(server, chromium);

[Collection(Visits.Name)]
public sealed class DecidingTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : DecidingContract<FunctionsApp>(server, chromium);

[Collection(Visits.Name)]
public sealed class FleetTests(SharedServer<FunctionsApp> server, Chromium chromium)
    : FleetContract<FunctionsApp>(server, chromium);
