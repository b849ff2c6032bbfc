using System.Globalization;
using System.Text.Json.Nodes;
using ThinDeployer.Outbox;

namespace ThinDeployer.Forges;

/// <summary>
/// GitHub, and its Enterprise Server: a deployment of its own kind where there is an environment, else the status of a commit
/// (docs.github.com/rest/deployments, docs.github.com/rest/commits/statuses).
/// </summary>
internal sealed class GitHubForge : IForge
{
    /// <summary>The member of a deployment's payload by which ours is found again.</summary>
    private const string Mark = "thin_deployer";

    /// <summary>What GitHub wants where a limit is reached, and no header says for how long.</summary>
    private static readonly TimeSpan LimitPause = TimeSpan.FromMinutes(1);

    public string Name => "github";

    public string DefaultApi => "https://api.github.com";

    public bool HasEnvironments => true;

    public string RepositoryForm => "owner/name";

    public IEnumerable<KeyValuePair<string, string>> Proof(string token) =>
        [new("Authorization", $"Bearer {token}"), new("X-GitHub-Api-Version", "2022-11-28")];

    public async Task<Receipt> TellAsync(ForgeNews news, ForgeCall call, CancellationToken cancellationToken)
    {
        if (call.Report.Environment is null && news.Asked is null)
        {
            return await TellCommitAsync(news, call, cancellationToken);
        }

        var (id, trouble) = news.Asked is { } asked
            ? (asked, null)
            : await FindOrMakeAsync(news, call, cancellationToken);
        return trouble ?? await TellDeploymentAsync(id!, news, call, cancellationToken);
    }

    private static async Task<Receipt> TellCommitAsync(
        ForgeNews news,
        ForgeCall call,
        CancellationToken cancellationToken
    )
    {
        var status = new JsonObject
        {
            ["state"] = news.State switch
            {
                ForgeState.Succeeded => "success",
                ForgeState.Failed => "failure",
                ForgeState.Waiting or ForgeState.Running => "pending",
                _ => "error",
            },
            ["description"] = news.Description,
            ["context"] = call.Report.Context,
        };
        return await PostAsync(
            $"repos/{call.Repository}/statuses/{news.Commit}",
            call.WithLink(status, "target_url"),
            call,
            cancellationToken
        );
    }

    private static Task<Receipt> TellDeploymentAsync(
        string id,
        ForgeNews news,
        ForgeCall call,
        CancellationToken cancellationToken
    )
    {
        var status = new JsonObject
        {
            ["state"] = news.State switch
            {
                ForgeState.Waiting => "queued",
                ForgeState.Running => "in_progress",
                ForgeState.Succeeded => "success",
                ForgeState.Failed => "failure",
                _ => "error",
            },
            ["description"] = news.Description,
        };
        return PostAsync(
            $"repos/{call.Repository}/deployments/{id}/statuses",
            call.WithLink(status, "log_url"),
            call,
            cancellationToken
        );
    }

    /// <summary>Making one twice makes two: one that is there already, as after a crash, is taken.</summary>
    private static async Task<(string? Id, Receipt? Trouble)> FindOrMakeAsync(
        ForgeNews news,
        ForgeCall call,
        CancellationToken cancellationToken
    )
    {
        var environment = call.Report.Environment!;
        var query = $"sha={news.Commit}&environment={Uri.EscapeDataString(environment)}&task=deploy&per_page=100";
        var (found, list) = await call.SendAsync(
            HttpMethod.Get,
            $"repos/{call.Repository}/deployments?{query}",
            body: null,
            Limits,
            cancellationToken
        );
        if (found is not Receipt.Taken)
        {
            return (null, found);
        }

        if ((list as JsonArray)?.FirstOrDefault(one => IsOurs(one, news.Deployment)) is { } ours)
        {
            return (IdOf(ours), null);
        }

        var (made, deployment) = await call.SendAsync(
            HttpMethod.Post,
            $"repos/{call.Repository}/deployments",
            new JsonObject
            {
                ["ref"] = news.Commit,
                ["environment"] = environment,
                ["task"] = "deploy",
                // By default it may merge the default branch in, or wait for checks that another system makes.
                ["auto_merge"] = false,
                ["required_contexts"] = new JsonArray(),
                ["description"] = $"Thin Deployer: {news.Service}",
                ["payload"] = new JsonObject { [Mark] = news.Deployment },
            },
            (status, answer) =>
                status == 202
                    ? new Receipt.Refused("it merged a branch instead of making a deployment")
                    : Limits(status, answer),
            cancellationToken
        );
        return made is Receipt.Taken && IdOf(deployment) is { } id
            ? (id, null)
            : (null, made is Receipt.Taken ? new Receipt.Later("it told no id of the deployment that it made") : made);
    }

    private static async Task<Receipt> PostAsync(
        string path,
        JsonObject body,
        ForgeCall call,
        CancellationToken cancellationToken
    ) => (await call.SendAsync(HttpMethod.Post, path, body, Limits, cancellationToken)).Receipt;

    /// <summary>A secondary limit may come without a header ("Rate limits for the REST API", docs.github.com).</summary>
    private static Receipt.Later? Limits(int status, JsonNode? answer) =>
        status == 403
        && (answer as JsonObject)?["message"]?.ToString().Contains("rate limit", StringComparison.OrdinalIgnoreCase)
            is true
            ? new Receipt.Later("it answered 403: too many requests", LimitPause)
            : null;

    /// <summary>The payload comes as it was given: as an object, or as the text of one.</summary>
    private static bool IsOurs(JsonNode? deployment, string id) =>
        (deployment as JsonObject)?["payload"]?.ToJsonString() is { } payload
        && payload.Contains(Mark, StringComparison.Ordinal)
        && payload.Contains(id, StringComparison.Ordinal);

    private static string? IdOf(JsonNode? deployment) =>
        (deployment as JsonObject)?["id"] is JsonValue value && value.TryGetValue<long>(out var id)
            ? id.ToString(CultureInfo.InvariantCulture)
            : null;
}
