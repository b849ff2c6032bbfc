namespace ThinDeployer.Forges;

/// <summary>What <c>forge</c> can say.</summary>
internal static class ForgeKinds
{
    internal static IReadOnlyList<IForge> All { get; } =
    [
        new GitHubForge(),
        new GitLabForge(),
        new GiteaForge("gitea"),
        new GiteaForge("forgejo"),
        new BitbucketForge(),
        new BitbucketServerForge(),
        new AzureForge(),
    ];
}
