using ThinDeployer.Deployments;
using ThinDeployer.Notifications;
using ThinDeployer.Rules;
using ThinDeployer.Security;
using ThinDeployer.Yaml;

namespace ThinDeployer.Configuration;

/// <summary>A named entry of the configuration: who may deploy it, when, and what then runs.</summary>
/// <param name="AllowsGet">Whether a GET deploys too.</param>
/// <param name="RequestPattern">Null where every request is meant.</param>
/// <param name="Notification">Null where nobody is told.</param>
internal sealed record ServiceConfiguration(
    string Name,
    Credentials Credentials,
    bool AllowsGet,
    RequestPattern? RequestPattern,
    DeploymentPlan Plan,
    NotificationTarget? Notification,
    Place DefinedAt
)
{
    internal bool HasTokenShorterThan(int characters) => Credentials.HasTokenShorterThan(characters);
}
