using ThinDeployer.Deployments;
using ThinDeployer.Notifications;
using ThinDeployer.Rules;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>A named entry of the configuration: who may deploy it, when, and what then runs.</summary>
/// <param name="Rules">Which requests are meant, and what they give.</param>
/// <param name="Notification">Null where nobody is told.</param>
internal sealed record ServiceConfiguration(
    string Name,
    TokenSet Tokens,
    RulesSection Rules,
    DeploymentPlan Plan,
    NotificationTarget? Notification,
    Place DefinedAt
)
{
    /// <summary>The length behind a digest is not known, so it counts as long enough.</summary>
    internal bool HasTokenShorterThan(int characters) => Tokens.Tokens.Any(token => token.Length < characters);
}
