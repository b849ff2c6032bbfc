using ThinDeployer.Deployments;
using ThinDeployer.Forges;
using ThinDeployer.Notifications;
using ThinDeployer.Rules;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>A named entry of the configuration: who may deploy it, when, and what then runs.</summary>
/// <param name="AllowsGet">Whether a GET deploys too.</param>
/// <param name="Rules">Which requests are meant, and what they give.</param>
/// <param name="Notify">Who is told; empty for nobody.</param>
/// <param name="Report">The forge that is told; null for none.</param>
internal sealed record ServiceConfiguration(
    string Name,
    Credentials Credentials,
    bool AllowsGet,
    RulesSection Rules,
    DeploymentPlan Plan,
    IReadOnlyList<NotificationTarget> Notify,
    ForgeReport? Report,
    Place DefinedAt
)
{
    /// <summary>Of a request: those that may have an effect.</summary>
    internal IReadOnlySet<string> ArgumentNames { get; } =
        new HashSet<string>([.. Plan.ArgumentNames, .. Rules.ArgumentNames], StringComparer.Ordinal);

    internal bool HasTokenShorterThan(int characters) => Credentials.HasTokenShorterThan(characters);
}
