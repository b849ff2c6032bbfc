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

namespace ThinDeployer.Contract.Tests.Standalone;

// The standalone server under every contract.

public sealed class HelloTests(SharedServer<StandaloneServer> server) : HelloContract<StandaloneServer>(server);

public sealed class HealthCheckTests(SharedServer<StandaloneServer> server)
    : HealthCheckContract<StandaloneServer>(server);

public sealed class LogTests(SharedServer<StandaloneServer> server) : LogContract<StandaloneServer>(server);

public sealed class ServiceNameTests(SharedServer<StandaloneServer> server)
    : ServiceNameContract<StandaloneServer>(server);

public sealed class BodyLimitTests(SharedServer<StandaloneServer> server) : BodyLimitContract<StandaloneServer>(server);

public sealed class BodyMemoryTests(SharedServer<StandaloneServer> server)
    : BodyMemoryContract<StandaloneServer>(server);

public sealed class CredentialTests(SharedServer<StandaloneServer> server)
    : CredentialContract<StandaloneServer>(server);

public sealed class RefusalTests(SharedServer<StandaloneServer> server) : RefusalContract<StandaloneServer>(server);

public sealed class SignatureTests(SharedServer<StandaloneServer> server) : SignatureContract<StandaloneServer>(server);

public sealed class DeliveryTests(SharedServer<StandaloneServer> server) : DeliveryContract<StandaloneServer>(server);

public sealed class TokenTests(SharedServer<StandaloneServer> server) : TokenContract<StandaloneServer>(server);

public sealed class ArgumentTests(SharedServer<StandaloneServer> server) : ArgumentContract<StandaloneServer>(server);

public sealed class RequestPatternTests(SharedServer<StandaloneServer> server)
    : RequestPatternContract<StandaloneServer>(server);

public sealed class WhenTests(SharedServer<StandaloneServer> server) : WhenContract<StandaloneServer>(server);

public sealed class NotificationTests(SharedServer<StandaloneServer> server)
    : NotificationContract<StandaloneServer>(server);

public sealed class ReportTests(SharedServer<StandaloneServer> server) : ReportContract<StandaloneServer>(server);

public sealed class NotifyTests(SharedServer<StandaloneServer> server) : NotifyContract<StandaloneServer>(server);

public sealed class DeployAnswerTests(SharedServer<StandaloneServer> server)
    : DeployAnswerContract<StandaloneServer>(server);

public sealed class OutputTests(SharedServer<StandaloneServer> server) : OutputContract<StandaloneServer>(server);

public sealed class StepProcessTests(SharedServer<StandaloneServer> server)
    : StepProcessContract<StandaloneServer>(server);

public sealed class PlainWordsTests(SharedServer<StandaloneServer> server)
    : PlainWordsContract<StandaloneServer>(server);

public sealed class StepEnvironmentTests(SharedServer<StandaloneServer> server)
    : StepEnvironmentContract<StandaloneServer>(server);

public sealed class PlaceholderTests(SharedServer<StandaloneServer> server)
    : PlaceholderContract<StandaloneServer>(server);

public sealed class OriginalConfigurationTests(SharedServer<StandaloneServer> server)
    : OriginalConfigurationContract<StandaloneServer>(server);

public sealed class TurnTests(SharedServer<StandaloneServer> server) : TurnContract<StandaloneServer>(server);

public sealed class AnswerAtOnceTests(SharedServer<StandaloneServer> server)
    : AnswerAtOnceContract<StandaloneServer>(server);

public sealed class PolicyTests(SharedServer<StandaloneServer> server) : PolicyContract<StandaloneServer>(server);

public sealed class HistoryTests(SharedServer<StandaloneServer> server) : HistoryContract<StandaloneServer>(server);

public sealed class LimitTests(SharedServer<StandaloneServer> server) : LimitContract<StandaloneServer>(server);

public sealed class LiveLogTests(SharedServer<StandaloneServer> server) : LiveLogContract<StandaloneServer>(server);

public sealed class LogRangeTests(SharedServer<StandaloneServer> server) : LogRangeContract<StandaloneServer>(server);

public sealed class OutputStreamTests(SharedServer<StandaloneServer> server)
    : OutputStreamContract<StandaloneServer>(server);

public sealed class CancelTests(SharedServer<StandaloneServer> server) : CancelContract<StandaloneServer>(server);

public sealed class RerunTests(SharedServer<StandaloneServer> server) : RerunContract<StandaloneServer>(server);

public sealed class RollbackTests(SharedServer<StandaloneServer> server) : RollbackContract<StandaloneServer>(server);

public sealed class LockTests(SharedServer<StandaloneServer> server) : LockContract<StandaloneServer>(server);

public sealed class UnfilledTests(SharedServer<StandaloneServer> server) : UnfilledContract<StandaloneServer>(server);

public sealed class UnstorableOutputTests(SharedServer<StandaloneServer> server)
    : UnstorableOutputContract<StandaloneServer>(server);

public sealed class HookTests(SharedServer<StandaloneServer> server) : HookContract<StandaloneServer>(server);

public sealed class VerifyTests(SharedServer<StandaloneServer> server) : VerifyContract<StandaloneServer>(server);

public sealed class SummaryTests(SharedServer<StandaloneServer> server) : SummaryContract<StandaloneServer>(server);

public sealed class RunAsTests(SharedServer<StandaloneServer> server) : RunAsContract<StandaloneServer>(server);

public sealed class FollowerLoadTests(SharedServer<StandaloneServer> server)
    : FollowerLoadContract<StandaloneServer>(server);

public sealed class ReloadTests(SharedServer<StandaloneServer> server) : ReloadContract<StandaloneServer>(server);

public sealed class MaskingTests(SharedServer<StandaloneServer> server) : MaskingContract<StandaloneServer>(server);

public sealed class JsonLogTests(SharedServer<StandaloneServer> server) : JsonLogContract<StandaloneServer>(server);

public sealed class FailureLimitTests(SharedServer<StandaloneServer> server)
    : FailureLimitContract<StandaloneServer>(server);

public sealed class HiddenServiceTests(SharedServer<StandaloneServer> server)
    : HiddenServiceContract<StandaloneServer>(server);

public sealed class ForeignSiteTests(SharedServer<StandaloneServer> server)
    : ForeignSiteContract<StandaloneServer>(server);

public sealed class AllowGetTests(SharedServer<StandaloneServer> server) : AllowGetContract<StandaloneServer>(server);

public sealed class RightsTests(SharedServer<StandaloneServer> server) : RightsContract<StandaloneServer>(server);

public sealed class IdentityTests(SharedServer<StandaloneServer> server) : IdentityContract<StandaloneServer>(server);

public sealed class StrangerBodyTests(SharedServer<StandaloneServer> server)
    : StrangerBodyContract<StandaloneServer>(server);

public sealed class RefusalFloodTests(SharedServer<StandaloneServer> server)
    : RefusalFloodContract<StandaloneServer>(server);

public sealed class ServerLinesTests(SharedServer<StandaloneServer> server)
    : ServerLinesContract<StandaloneServer>(server);

public sealed class SessionTests(SharedServer<StandaloneServer> server) : SessionContract<StandaloneServer>(server);

public sealed class InheritanceTests(SharedServer<StandaloneServer> server)
    : InheritanceContract<StandaloneServer>(server);

public sealed class MetricsTests(SharedServer<StandaloneServer> server) : MetricsContract<StandaloneServer>(server);

public sealed class TraceTests(SharedServer<StandaloneServer> server) : TraceContract<StandaloneServer>(server);

public sealed class OtlpTests(SharedServer<StandaloneServer> server) : OtlpContract<StandaloneServer>(server);

public sealed class LogLinesTests(SharedServer<StandaloneServer> server) : LogLinesContract<StandaloneServer>(server);

public sealed class ChangesTests(SharedServer<StandaloneServer> server) : ChangesContract<StandaloneServer>(server);

public sealed class ForgedActionTests(SharedServer<StandaloneServer> server)
    : ForgedActionContract<StandaloneServer>(server);

public sealed class PageHeaderTests(SharedServer<StandaloneServer> server)
    : PageHeaderContract<StandaloneServer>(server);

public sealed class SignInTests(SharedServer<StandaloneServer> server) : SignInContract<StandaloneServer>(server);

public sealed class ApprovalTests(SharedServer<StandaloneServer> server) : ApprovalContract<StandaloneServer>(server);

public sealed class WindowTests(SharedServer<StandaloneServer> server) : WindowContract<StandaloneServer>(server);

public sealed class PauseTests(SharedServer<StandaloneServer> server) : PauseContract<StandaloneServer>(server);

public sealed class ScheduleTests(SharedServer<StandaloneServer> server) : ScheduleContract<StandaloneServer>(server);

public sealed class ChainTests(SharedServer<StandaloneServer> server) : ChainContract<StandaloneServer>(server);

public sealed class AuditTests(SharedServer<StandaloneServer> server) : AuditContract<StandaloneServer>(server);

public sealed class MachinesTests(SharedServer<StandaloneServer> server) : MachinesContract<StandaloneServer>(server);

[Collection(OneFleetBroker.Name)]
public sealed class RolloutTests(SharedBroker broker, SharedFleet fleet)
    : RolloutContract<StandaloneServer>(broker, fleet);
