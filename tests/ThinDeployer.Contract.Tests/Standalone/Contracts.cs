using ThinDeployer.Contract.Tests.Deploying;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Watching;

namespace ThinDeployer.Contract.Tests.Standalone;

// The standalone server under every contract.

public sealed class HelloTests(SharedServer<StandaloneServer> server) : HelloContract<StandaloneServer>(server);

public sealed class HealthCheckTests(SharedServer<StandaloneServer> server)
    : HealthCheckContract<StandaloneServer>(server);

public sealed class LogTests(SharedServer<StandaloneServer> server) : LogContract<StandaloneServer>(server);

public sealed class ServiceNameTests(SharedServer<StandaloneServer> server)
    : ServiceNameContract<StandaloneServer>(server);

public sealed class BodyLimitTests(SharedServer<StandaloneServer> server) : BodyLimitContract<StandaloneServer>(server);

public sealed class CredentialTests(SharedServer<StandaloneServer> server)
    : CredentialContract<StandaloneServer>(server);

public sealed class ArgumentTests(SharedServer<StandaloneServer> server) : ArgumentContract<StandaloneServer>(server);

public sealed class RequestPatternTests(SharedServer<StandaloneServer> server)
    : RequestPatternContract<StandaloneServer>(server);

public sealed class NotificationTests(SharedServer<StandaloneServer> server)
    : NotificationContract<StandaloneServer>(server);
