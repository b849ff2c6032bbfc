using ThinDeployer.Deployments;
using ThinDeployer.Security;
using ThinDeployer.Shell;
using ThinDeployer.Steps;

namespace ThinDeployer.Tests.Deployments;

/// <summary>A request that was let in, and the plan of its service.</summary>
internal static class SampleCall
{
    private static readonly TokenSet Tokens = new([Token.Parse(name: null, "token")!]);

    /// <summary>Asks for nothing special.</summary>
    internal static DeploymentCall Plain { get; } =
        new(
            new DeploymentTrigger(Address: null, "POST", Who: null),
            new Dictionary<string, string>(),
            DeploymentOrigin.None
        );

    internal static Admission Admitted(string service) =>
        Admission.ByTokens(service, Tokens, [Secret.DigestOf("token"u8)], DateTimeOffset.UnixEpoch)[0];

    internal static DeploymentPlan Plan(
        QueuePolicy queue,
        string folder = "/",
        long maximumOutput = 1024,
        params IEnumerable<string> commands
    ) =>
        new(
            new StepDefaults(folder, StepVariables.None, [], RunAs: null, StepDefaults.DefaultUmask),
            [.. commands.Select(Step)],
            [],
            [],
            [],
            new Dictionary<string, string>(),
            new DeploymentLimits(TimeSpan.FromHours(1), TimeSpan.FromSeconds(1), maximumOutput),
            queue,
            Keep: 1
        );

    private static StepPlan Step(string command) =>
        new(
            CommandTemplate.Parse(command),
            Folder: null,
            StepVariables.None,
            Timeout: null,
            Retries: 0,
            TimeSpan.Zero,
            ContinueOnError: false,
            RunAs: null,
            Umask: null
        );
}
