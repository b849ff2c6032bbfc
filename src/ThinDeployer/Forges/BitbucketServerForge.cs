using System.Text.Json.Nodes;
using ThinDeployer.Outbox;

namespace ThinDeployer.Forges;

/// <summary>
/// Bitbucket Data Center: the build status of a commit, which the same key overwrites
/// (developer.atlassian.com/server/bitbucket/rest, Builds and Deployments).
/// </summary>
internal sealed class BitbucketServerForge : IForge
{
    public string Name => "bitbucket-dc";

    public string? DefaultApi => null;

    public string RepositoryForm => "project/name";

    public IEnumerable<KeyValuePair<string, string>> Proof(string token) => [new("Authorization", $"Bearer {token}")];

    public async Task<Receipt> TellAsync(ForgeNews news, ForgeCall call, CancellationToken cancellationToken)
    {
        var parts = call.Repository.Split('/');
        var status = new JsonObject
        {
            ["key"] = call.Report.Context,
            ["state"] = news.State switch
            {
                ForgeState.Waiting or ForgeState.Running => "INPROGRESS",
                ForgeState.Succeeded => "SUCCESSFUL",
                ForgeState.Cancelled => "CANCELLED",
                _ => "FAILED",
            },
            ["name"] = call.Report.Context,
            ["description"] = news.Description,

            // It must be there.
            ["url"] = (call.Link ?? call.Report.Api).AbsoluteUri,
        };
        if (news.Ref is { } name)
        {
            status["ref"] = name;
        }

        var path = $"rest/api/latest/projects/{parts[0]}/repos/{parts[1]}/commits/{news.Commit}/builds";
        return (await call.SendAsync(HttpMethod.Post, path, status, judge: null, cancellationToken)).Receipt;
    }
}
