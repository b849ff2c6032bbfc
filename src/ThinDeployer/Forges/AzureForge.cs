using System.Text;
using System.Text.Json.Nodes;
using ThinDeployer.Outbox;

namespace ThinDeployer.Forges;

/// <summary>Azure DevOps: the status of a commit (learn.microsoft.com/rest/api/azure/devops/git/statuses/create).</summary>
internal sealed class AzureForge : IForge
{
    public string Name => "azure-devops";

    public string? DefaultApi => null;

    public string RepositoryForm => "the name or the id of the repository; \"api\" has organisation and project";

    public bool IsRepository(string text) => text.Length > 0 && !text.Contains('/');

    public IEnumerable<KeyValuePair<string, string>> Proof(string token) =>
        [new("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($":{token}"))}")];

    public async Task<Receipt> TellAsync(ForgeNews news, ForgeCall call, CancellationToken cancellationToken)
    {
        var context = call.Report.Context.Split('/', 2);
        var status = new JsonObject
        {
            ["state"] = news.State switch
            {
                ForgeState.Waiting or ForgeState.Running => "pending",
                ForgeState.Succeeded => "succeeded",
                ForgeState.Failed => "failed",
                _ => "error",
            },
            ["description"] = news.Description,
            ["context"] = new JsonObject
            {
                ["genre"] = context.Length > 1 ? context[0] : "thin-deployer",
                ["name"] = context[^1],
            },
        };
        var path = $"_apis/git/repositories/{call.Repository}/commits/{news.Commit}/statuses?api-version=7.1";
        return (
            await call.SendAsync(
                HttpMethod.Post,
                path,
                call.WithLink(status, "targetUrl"),
                judge: null,
                cancellationToken
            )
        ).Receipt;
    }
}
