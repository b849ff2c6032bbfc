using System.Text.Json.Nodes;
using ThinDeployer.Outbox;

namespace ThinDeployer.Forges;

/// <summary>Gitea and Forgejo: the status of a commit; they know no deployments (docs.gitea.com/api, forgejo.org/docs, API).</summary>
/// <param name="name">The word of <c>forge</c>.</param>
internal sealed class GiteaForge(string name) : IForge
{
    public string Name => name;

    public string? DefaultApi => null;

    public string RepositoryForm => "owner/name";

    public IEnumerable<KeyValuePair<string, string>> Proof(string token) => [new("Authorization", $"token {token}")];

    public async Task<Receipt> TellAsync(ForgeNews news, ForgeCall call, CancellationToken cancellationToken)
    {
        var status = new JsonObject
        {
            ["state"] = news.State switch
            {
                ForgeState.Waiting or ForgeState.Running => "pending",
                ForgeState.Succeeded => "success",
                ForgeState.Failed => "failure",
                _ => "error",
            },
            ["context"] = call.Report.Context,
            ["description"] = news.Description,
        };
        var path = $"repos/{call.Repository}/statuses/{news.Commit}";
        return (
            await call.SendAsync(
                HttpMethod.Post,
                path,
                call.WithLink(status, "target_url"),
                judge: null,
                cancellationToken
            )
        ).Receipt;
    }
}
