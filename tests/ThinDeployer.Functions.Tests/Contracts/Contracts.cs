using ThinDeployer.Contract.Tests.Deploying;
using ThinDeployer.Contract.Tests.Guarding;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Leaking;
using ThinDeployer.Contract.Tests.Live;
using ThinDeployer.Contract.Tests.Queueing;
using ThinDeployer.Contract.Tests.Reloading;
using ThinDeployer.Contract.Tests.Running;
using ThinDeployer.Contract.Tests.Watching;

namespace ThinDeployer.Functions.Tests.Contracts;

// The Functions app under every contract.

public sealed class HelloTests(SharedServer<FunctionsHost> server) : HelloContract<FunctionsHost>(server);

public sealed class HealthCheckTests(SharedServer<FunctionsHost> server) : HealthCheckContract<FunctionsHost>(server);

public sealed class LogTests(SharedServer<FunctionsHost> server) : LogContract<FunctionsHost>(server)
{
    protected override bool LogsToConsole => false;
}

public sealed class ServiceNameTests(SharedServer<FunctionsHost> server) : ServiceNameContract<FunctionsHost>(server);

public sealed class BodyLimitTests(SharedServer<FunctionsHost> server) : BodyLimitContract<FunctionsHost>(server);

public sealed class CredentialTests(SharedServer<FunctionsHost> server) : CredentialContract<FunctionsHost>(server);

public sealed class ArgumentTests(SharedServer<FunctionsHost> server) : ArgumentContract<FunctionsHost>(server);

public sealed class RequestPatternTests(SharedServer<FunctionsHost> server)
    : RequestPatternContract<FunctionsHost>(server);

public sealed class WhenTests(SharedServer<FunctionsHost> server) : WhenContract<FunctionsHost>(server);

public sealed class DeployAnswerTests(SharedServer<FunctionsHost> server) : DeployAnswerContract<FunctionsHost>(server);

public sealed class OutputTests(SharedServer<FunctionsHost> server) : OutputContract<FunctionsHost>(server);

public sealed class StepProcessTests(SharedServer<FunctionsHost> server) : StepProcessContract<FunctionsHost>(server);

public sealed class StepEnvironmentTests(SharedServer<FunctionsHost> server)
    : StepEnvironmentContract<FunctionsHost>(server);

public sealed class PlaceholderTests(SharedServer<FunctionsHost> server) : PlaceholderContract<FunctionsHost>(server);

public sealed class OriginalConfigurationTests(SharedServer<FunctionsHost> server)
    : OriginalConfigurationContract<FunctionsHost>(server);

public sealed class TurnTests(SharedServer<FunctionsHost> server) : TurnContract<FunctionsHost>(server);

public sealed class RefusalTests(SharedServer<FunctionsHost> server) : RefusalContract<FunctionsHost>(server);

public sealed class SignatureTests(SharedServer<FunctionsHost> server) : SignatureContract<FunctionsHost>(server);

public sealed class DeliveryTests(SharedServer<FunctionsHost> server) : DeliveryContract<FunctionsHost>(server);

public sealed class TokenTests(SharedServer<FunctionsHost> server) : TokenContract<FunctionsHost>(server);

public sealed class NotificationTests(SharedServer<FunctionsHost> server) : NotificationContract<FunctionsHost>(server);

public sealed class AnswerAtOnceTests(SharedServer<FunctionsHost> server) : AnswerAtOnceContract<FunctionsHost>(server);

public sealed class PolicyTests(SharedServer<FunctionsHost> server) : PolicyContract<FunctionsHost>(server);

public sealed class HistoryTests(SharedServer<FunctionsHost> server) : HistoryContract<FunctionsHost>(server);

public sealed class LimitTests(SharedServer<FunctionsHost> server) : LimitContract<FunctionsHost>(server);

public sealed class LiveLogTests(SharedServer<FunctionsHost> server) : LiveLogContract<FunctionsHost>(server);

public sealed class LogRangeTests(SharedServer<FunctionsHost> server) : LogRangeContract<FunctionsHost>(server);

public sealed class OutputStreamTests(SharedServer<FunctionsHost> server) : OutputStreamContract<FunctionsHost>(server);

public sealed class CancelTests(SharedServer<FunctionsHost> server) : CancelContract<FunctionsHost>(server);

public sealed class RerunTests(SharedServer<FunctionsHost> server) : RerunContract<FunctionsHost>(server);

public sealed class LockTests(SharedServer<FunctionsHost> server) : LockContract<FunctionsHost>(server);

public sealed class RunAsTests(SharedServer<FunctionsHost> server) : RunAsContract<FunctionsHost>(server);

public sealed class FollowerLoadTests(SharedServer<FunctionsHost> server) : FollowerLoadContract<FunctionsHost>(server);

public sealed class ReloadTests(SharedServer<FunctionsHost> server) : ReloadContract<FunctionsHost>(server);

public sealed class MaskingTests(SharedServer<FunctionsHost> server) : MaskingContract<FunctionsHost>(server);

public sealed class JsonLogTests(SharedServer<FunctionsHost> server) : JsonLogContract<FunctionsHost>(server);

public sealed class FailureLimitTests(SharedServer<FunctionsHost> server) : FailureLimitContract<FunctionsHost>(server);

public sealed class UndeclaredProxyTests(SharedServer<FunctionsHost> server)
    : UndeclaredProxyContract<FunctionsHost>(server);

public sealed class HiddenServiceTests(SharedServer<FunctionsHost> server)
    : HiddenServiceContract<FunctionsHost>(server);

public sealed class ForeignSiteTests(SharedServer<FunctionsHost> server) : ForeignSiteContract<FunctionsHost>(server);

public sealed class AllowGetTests(SharedServer<FunctionsHost> server) : AllowGetContract<FunctionsHost>(server);

public sealed class StrangerBodyTests(SharedServer<FunctionsHost> server) : StrangerBodyContract<FunctionsHost>(server);

public sealed class SessionTests(SharedServer<FunctionsHost> server) : SessionContract<FunctionsHost>(server);

public sealed class InheritanceTests(SharedServer<FunctionsHost> server) : InheritanceContract<FunctionsHost>(server);

public sealed class CircleTests(SharedServer<FunctionsHost> server) : CircleContract<FunctionsHost>(server);
