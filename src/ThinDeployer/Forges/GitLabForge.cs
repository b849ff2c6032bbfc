using System.Globalization;
using System.Text.Json.Nodes;
using ThinDeployer.Outbox;

namespace ThinDeployer.Forges;

/// <summary>
/// GitLab: a deployment where there is an environment, else the status of a commit (docs.gitlab.com/api/deployments,
/// docs.gitlab.com/api/commits).
/// </summary>
internal sealed class GitLabForge : IForge
{
    public string Name => "gitlab";

    public string DefaultApi => "https://gitlab.com/api/v4";

    public bool HasEnvironments => true;

    public string RepositoryForm => "group/name, or the number of the project";

    public bool IsRepository(string text) =>
        text.All(char.IsAsciiDigit) || text.Split('/') is { Length: > 1 } parts && parts.All(part => part.Length > 0);

    public IEnumerable<KeyValuePair<string, string>> Proof(string token) => [new("PRIVATE-TOKEN", token)];

    public async Task<Receipt> TellAsync(ForgeNews news, ForgeCall call, CancellationToken cancellationToken)
    {
        var project = $"projects/{Uri.EscapeDataString(call.Report.Repository)}";
        if (call.Report.Environment is { } environment)
        {
            return await TellDeploymentAsync(project, environment, news, call, cancellationToken);
        }

        var status = new JsonObject
        {
            ["state"] = news.State switch
            {
                ForgeState.Waiting => "pending",
                var other => Word(other),
            },
            ["name"] = call.Report.Context,
            ["description"] = news.Description,
        };
        if (Branch(news.Ref) is { } branch)
        {
            status["ref"] = branch;
        }

        return (
            await call.SendAsync(
                HttpMethod.Post,
                $"{project}/statuses/{news.Commit}",
                call.WithLink(status, "target_url"),
                AlreadySo,
                cancellationToken
            )
        ).Receipt;
    }

    private static async Task<Receipt> TellDeploymentAsync(
        string project,
        string environment,
        ForgeNews news,
        ForgeCall call,
        CancellationToken cancellationToken
    )
    {
        if (news.State is ForgeState.Waiting)
        {
            // A deployment there begins by running.
            return new Receipt.Taken();
        }

        var query =
            $"environment={Uri.EscapeDataString(environment)}&status=running&order_by=id&sort=desc&per_page=100";
        var (found, list) = await call.SendAsync(
            HttpMethod.Get,
            $"{project}/deployments?{query}",
            body: null,
            judge: null,
            cancellationToken
        );
        if (found is not Receipt.Taken)
        {
            return found;
        }

        var ours = (list as JsonArray)?.FirstOrDefault(one =>
            one is JsonObject deployment
            && deployment["sha"]?.ToString() == news.Commit
            && deployment["deployable"] is null
        );
        var status = new JsonObject { ["status"] = Word(news.State) };
        if (ours is JsonObject known && known["id"] is JsonValue value && value.TryGetValue<long>(out var id))
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{project}/deployments/{id}");
            return (await call.SendAsync(HttpMethod.Put, path, status, AlreadySo, cancellationToken)).Receipt;
        }

        status["environment"] = environment;
        status["sha"] = news.Commit;
        status["ref"] = Branch(news.Ref) ?? news.Commit;
        status["tag"] = news.Ref?.StartsWith("refs/tags/", StringComparison.Ordinal) is true;
        return (
            await call.SendAsync(HttpMethod.Post, $"{project}/deployments", status, AlreadySo, cancellationToken)
        ).Receipt;
    }

    /// <summary>The same state again was an error up to GitLab 17 (gitlab.com/gitlab-org/gitlab/-/issues/365615).</summary>
    private static Receipt.Taken? AlreadySo(int status, JsonNode? answer) =>
        status == 400
        && answer?.ToJsonString().Contains("Cannot transition", StringComparison.OrdinalIgnoreCase) is true
            ? new Receipt.Taken()
            : null;

    private static string Word(ForgeState state) =>
        state switch
        {
            ForgeState.Waiting or ForgeState.Running => "running",
            ForgeState.Succeeded => "success",
            ForgeState.Cancelled => "canceled",
            _ => "failed",
        };

    private static string? Branch(string? name) =>
        name is null ? null
        : name.StartsWith("refs/heads/", StringComparison.Ordinal) ? name["refs/heads/".Length..]
        : name.StartsWith("refs/tags/", StringComparison.Ordinal) ? name["refs/tags/".Length..]
        : name;
}
