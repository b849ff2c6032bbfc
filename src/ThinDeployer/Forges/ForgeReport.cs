using ThinDeployer.Outbox;
using ThinDeployer.Security;

namespace ThinDeployer.Forges;

/// <summary>Where a service shows on the commit how its deployments went.</summary>
/// <param name="Api">From the configuration only: a payload could name any address. It ends with a slash.</param>
/// <param name="Repository">As the forge writes it, such as <c>octo/shop</c>.</param>
/// <param name="Environment">Null where the forge is to know none.</param>
/// <param name="Context">What the status is called there.</param>
internal sealed record ForgeReport(
    IForge Forge,
    Uri Api,
    KeptSecret Token,
    string Repository,
    string? Environment,
    string Context
)
{
    /// <summary>All of a repository is told in order: two first statuses at once are two pipelines in GitLab.</summary>
    internal string Key => TargetKey.Of("forge", Forge.Name, Api.AbsoluteUri, Repository);

    internal string Name => $"{Forge.Name} ({Repository})";

    public override string ToString() => Name;
}
