using ThinDeployer.Shell;

namespace ThinDeployer.Deployments;

/// <summary>What a deployment of a service does.</summary>
/// <param name="Folder">Full path in which every command runs.</param>
/// <param name="Commands">Run in this order; the first that fails ends the deployment.</param>
/// <param name="Defaults">Values of placeholders that a request does not give.</param>
/// <param name="Environment">Set for every command.</param>
/// <param name="InheritedEnvironment">Names whose values are taken from the server's own environment.</param>
internal sealed record DeploymentPlan(
    string Folder,
    IReadOnlyList<CommandTemplate> Commands,
    IReadOnlyDictionary<string, string> Defaults,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<string> InheritedEnvironment
)
{
    /// <summary>The arguments of a request that can have an effect; all others are ignored.</summary>
    internal IReadOnlySet<string> ArgumentNames { get; } =
        Commands
            .SelectMany(command => command.Placeholders)
            .Where(placeholder => placeholder.Refusal is null)
            .Select(placeholder => placeholder.Name)
            .ToHashSet(StringComparer.Ordinal);
}
