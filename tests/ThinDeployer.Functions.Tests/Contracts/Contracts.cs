using ThinDeployer.Contract.Tests.Auditing;
using ThinDeployer.Contract.Tests.Deciding;
using ThinDeployer.Contract.Tests.Deploying;
using ThinDeployer.Contract.Tests.Guarding;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Leaking;
using ThinDeployer.Contract.Tests.Live;
using ThinDeployer.Contract.Tests.Machines;
using ThinDeployer.Contract.Tests.Paging;
using ThinDeployer.Contract.Tests.Queueing;
using ThinDeployer.Contract.Tests.Reloading;
using ThinDeployer.Contract.Tests.Running;
using ThinDeployer.Contract.Tests.Scheduling;
using ThinDeployer.Contract.Tests.Watching;
using ThinDeployer.Testing;

namespace ThinDeployer.Functions.Tests.Contracts;

// The Functions app under every contract.

public sealed class HelloTests(SharedServer<FunctionsApp> server) : HelloContract<FunctionsApp>(server);

public sealed class HealthCheckTests(SharedServer<FunctionsApp> server) : HealthCheckContract<FunctionsApp>(server);

public sealed class LogTests(SharedServer<FunctionsApp> server) : LogContract<FunctionsApp>(server)
{
    protected override bool LogsToConsole => false;
}

public sealed class ServiceNameTests(SharedServer<FunctionsApp> server) : ServiceNameContract<FunctionsApp>(server);

public sealed class BodyLimitTests(SharedServer<FunctionsApp> server) : BodyLimitContract<FunctionsApp>(server);

public sealed class CredentialTests(SharedServer<FunctionsApp> server) : CredentialContract<FunctionsApp>(server);

public sealed class BodyMemoryTests(SharedServer<FunctionsApp> server) : BodyMemoryContract<FunctionsApp>(server);

public sealed class ArgumentTests(SharedServer<FunctionsApp> server) : ArgumentContract<FunctionsApp>(server);

public sealed class RequestPatternTests(SharedServer<FunctionsApp> server)
    : RequestPatternContract<FunctionsApp>(server);

public sealed class WhenTests(SharedServer<FunctionsApp> server) : WhenContract<FunctionsApp>(server);

public sealed class DeployAnswerTests(SharedServer<FunctionsApp> server) : DeployAnswerContract<FunctionsApp>(server);

public sealed class OutputTests(SharedServer<FunctionsApp> server) : OutputContract<FunctionsApp>(server);

public sealed class StepProcessTests(SharedServer<FunctionsApp> server) : StepProcessContract<FunctionsApp>(server);

public sealed class PlainWordsTests(SharedServer<FunctionsApp> server) : PlainWordsContract<FunctionsApp>(server);

public sealed class StepEnvironmentTests(SharedServer<FunctionsApp> server)
    : StepEnvironmentContract<FunctionsApp>(server);

public sealed class PlaceholderTests(SharedServer<FunctionsApp> server) : PlaceholderContract<FunctionsApp>(server);

public sealed class OriginalConfigurationTests(SharedServer<FunctionsApp> server)
    : OriginalConfigurationContract<FunctionsApp>(server);

public sealed class TurnTests(SharedServer<FunctionsApp> server) : TurnContract<FunctionsApp>(server);

public sealed class RefusalTests(SharedServer<FunctionsApp> server) : RefusalContract<FunctionsApp>(server);

public sealed class SignatureTests(SharedServer<FunctionsApp> server) : SignatureContract<FunctionsApp>(server);

public sealed class DeliveryTests(SharedServer<FunctionsApp> server) : DeliveryContract<FunctionsApp>(server);

public sealed class TokenTests(SharedServer<FunctionsApp> server) : TokenContract<FunctionsApp>(server);

public sealed class NotificationTests(SharedServer<FunctionsApp> server) : NotificationContract<FunctionsApp>(server);

public sealed class ReportTests(SharedServer<FunctionsApp> server) : ReportContract<FunctionsApp>(server);

public sealed class NotifyTests(SharedServer<FunctionsApp> server) : NotifyContract<FunctionsApp>(server);

public sealed class AnswerAtOnceTests(SharedServer<FunctionsApp> server) : AnswerAtOnceContract<FunctionsApp>(server);

public sealed class PolicyTests(SharedServer<FunctionsApp> server) : PolicyContract<FunctionsApp>(server);

public sealed class HistoryTests(SharedServer<FunctionsApp> server) : HistoryContract<FunctionsApp>(server);

public sealed class LimitTests(SharedServer<FunctionsApp> server) : LimitContract<FunctionsApp>(server);

public sealed class LiveLogTests(SharedServer<FunctionsApp> server) : LiveLogContract<FunctionsApp>(server);

public sealed class LogRangeTests(SharedServer<FunctionsApp> server) : LogRangeContract<FunctionsApp>(server);

public sealed class OutputStreamTests(SharedServer<FunctionsApp> server) : OutputStreamContract<FunctionsApp>(server);

public sealed class CancelTests(SharedServer<FunctionsApp> server) : CancelContract<FunctionsApp>(server);

public sealed class RerunTests(SharedServer<FunctionsApp> server) : RerunContract<FunctionsApp>(server);

public sealed class RollbackTests(SharedServer<FunctionsApp> server) : RollbackContract<FunctionsApp>(server);

public sealed class LockTests(SharedServer<FunctionsApp> server) : LockContract<FunctionsApp>(server);

public sealed class RunAsTests(SharedServer<FunctionsApp> server) : RunAsContract<FunctionsApp>(server);

public sealed class UnfilledTests(SharedServer<FunctionsApp> server) : UnfilledContract<FunctionsApp>(server);

public sealed class UnstorableOutputTests(SharedServer<FunctionsApp> server)
    : UnstorableOutputContract<FunctionsApp>(server);

public sealed class HookTests(SharedServer<FunctionsApp> server) : HookContract<FunctionsApp>(server);

public sealed class VerifyTests(SharedServer<FunctionsApp> server) : VerifyContract<FunctionsApp>(server);

public sealed class SummaryTests(SharedServer<FunctionsApp> server) : SummaryContract<FunctionsApp>(server);

public sealed class FollowerLoadTests(SharedServer<FunctionsApp> server) : FollowerLoadContract<FunctionsApp>(server);

public sealed class ReloadTests(SharedServer<FunctionsApp> server) : ReloadContract<FunctionsApp>(server);

public sealed class MaskingTests(SharedServer<FunctionsApp> server) : MaskingContract<FunctionsApp>(server);

public sealed class JsonLogTests(SharedServer<FunctionsApp> server) : JsonLogContract<FunctionsApp>(server);

public sealed class FailureLimitTests(SharedServer<FunctionsApp> server) : FailureLimitContract<FunctionsApp>(server);

public sealed class HiddenServiceTests(SharedServer<FunctionsApp> server) : HiddenServiceContract<FunctionsApp>(server);

public sealed class ForeignSiteTests(SharedServer<FunctionsApp> server) : ForeignSiteContract<FunctionsApp>(server);

public sealed class AllowGetTests(SharedServer<FunctionsApp> server) : AllowGetContract<FunctionsApp>(server);

public sealed class RightsTests(SharedServer<FunctionsApp> server) : RightsContract<FunctionsApp>(server);

public sealed class IdentityTests(SharedServer<FunctionsApp> server) : IdentityContract<FunctionsApp>(server);

public sealed class StrangerBodyTests(SharedServer<FunctionsApp> server) : StrangerBodyContract<FunctionsApp>(server);

public sealed class RefusalFloodTests(SharedServer<FunctionsApp> server) : RefusalFloodContract<FunctionsApp>(server);

public sealed class ServerLinesTests(SharedServer<FunctionsApp> server) : ServerLinesContract<FunctionsApp>(server);

public sealed class SessionTests(SharedServer<FunctionsApp> server) : SessionContract<FunctionsApp>(server);

public sealed class InheritanceTests(SharedServer<FunctionsApp> server) : InheritanceContract<FunctionsApp>(server);

public sealed class CircleTests(SharedServer<FunctionsApp> server) : CircleContract<FunctionsApp>(server);

public sealed class MetricsTests(SharedServer<FunctionsApp> server) : MetricsContract<FunctionsApp>(server);

public sealed class TraceTests(SharedServer<FunctionsApp> server) : TraceContract<FunctionsApp>(server);

public sealed class OtlpTests(SharedServer<FunctionsApp> server) : OtlpContract<FunctionsApp>(server);

public sealed class LogLinesTests(SharedServer<FunctionsApp> server) : LogLinesContract<FunctionsApp>(server);

public sealed class ChangesTests(SharedServer<FunctionsApp> server) : ChangesContract<FunctionsApp>(server);

public sealed class ForgedActionTests(SharedServer<FunctionsApp> server) : ForgedActionContract<FunctionsApp>(server);

public sealed class PageHeaderTests(SharedServer<FunctionsApp> server) : PageHeaderContract<FunctionsApp>(server);

public sealed class SignInTests(SharedServer<FunctionsApp> server) : SignInContract<FunctionsApp>(server);

public sealed class ApprovalTests(SharedServer<FunctionsApp> server) : ApprovalContract<FunctionsApp>(server);

public sealed class WindowTests(SharedServer<FunctionsApp> server) : WindowContract<FunctionsApp>(server);

public sealed class PauseTests(SharedServer<FunctionsApp> server) : PauseContract<FunctionsApp>(server);

public sealed class ScheduleTests(SharedServer<FunctionsApp> server) : ScheduleContract<FunctionsApp>(server);

public sealed class ChainTests(SharedServer<FunctionsApp> server) : ChainContract<FunctionsApp>(server);

public sealed class AuditTests(SharedServer<FunctionsApp> server) : AuditContract<FunctionsApp>(server);

public sealed class MachinesTests(SharedServer<FunctionsApp> server) : MachinesContract<FunctionsApp>(server);

public sealed class RolloutTests(SharedBroker broker, SharedFleet fleet)
    : RolloutContract<FunctionsApp>(broker, fleet),
        IClassFixture<SharedBroker>;
