using ThinDeployer.Deployments;
using ThinDeployer.Notifications;
using ThinDeployer.Rules;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>A named entry of the configuration: who may deploy it, when, and what then runs.</summary>
/// <param name="AllowsGet">Whether a GET deploys too.</param>
/// <param name="Rules">Which requests are meant, and what they give.</param>
/// <param name="Notification">Null where nobody is told.</param>
internal sealed record ServiceConfiguration(
    string Name,
    Credentials Credentials,
    bool AllowsGet,
    RulesSection Rules,
    DeploymentPlan Plan,
    NotificationTarget? Notification,
    Place DefinedAt
)
{
    /// <summary>Of a request: those that may have an effect.</summary>
    internal IReadOnlySet<string> ArgumentNames { get; } =
        new HashSet<string>([.. Plan.ArgumentNames, .. Rules.ArgumentNames], StringComparer.Ordinal);

    internal bool HasTokenShorterThan(int characters) => Credentials.HasTokenShorterThan(characters);
}
