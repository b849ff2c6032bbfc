using System.Globalization;
using System.Text;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>That the commit shows how its deployment went.</summary>
public abstract class ReportContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Commit = "59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5";
    private const string Other = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";

    [Theory]
    [InlineData(
        "github",
        "octo/shop",
        "/repos/octo/shop/statuses/",
        "state",
        "success",
        "Authorization: Bearer forge-token"
    )]
    [InlineData(
        "gitlab",
        "group/shop",
        "/projects/group%2Fshop/statuses/",
        "state",
        "success",
        "PRIVATE-TOKEN: forge-token"
    )]
    [InlineData(
        "gitea",
        "octo/shop",
        "/repos/octo/shop/statuses/",
        "state",
        "success",
        "Authorization: token forge-token"
    )]
    [InlineData(
        "forgejo",
        "octo/shop",
        "/repos/octo/shop/statuses/",
        "state",
        "success",
        "Authorization: token forge-token"
    )]
    [InlineData(
        "bitbucket",
        "octo/shop",
        "/repositories/octo/shop/commit/",
        "state",
        "SUCCESSFUL",
        "Authorization: Bearer forge-token"
    )]
    [InlineData(
        "bitbucket-dc",
        "SHOP/shop",
        "/rest/api/latest/projects/SHOP/repos/shop/commits/",
        "state",
        "SUCCESSFUL",
        "Authorization: Bearer forge-token"
    )]
    [InlineData(
        "azure-devops",
        "shop",
        "/_apis/git/repositories/shop/commits/",
        "state",
        "succeeded",
        "Authorization: Basic OmZvcmdlLXRva2Vu"
    )]
    public async Task Each_forge_is_told_how_the_deployment_of_a_commit_ended(
        string forge,
        string repository,
        string path,
        string member,
        string good,
        string proof
    )
    {
        await using var standIn = await StandInForge.StartAsync();
        await using var server = await StartAsync(forge, repository, standIn.Url, "true");

        await DeployAsync(server, Commit);

        await WaitingOutbox.EmptyAsync(server);
        var last = standIn.Requests.Last();
        Assert.Equal("POST", last.Method);
        Assert.StartsWith(path + Commit, last.Target, StringComparison.Ordinal);
        Assert.Equal(good, last.Text(member));
        Assert.StartsWith("Deployed in ", last.Text("description"), StringComparison.Ordinal);
        var (name, value) = (
            proof[..proof.IndexOf(':', StringComparison.Ordinal)],
            proof[(proof.IndexOf(' ', StringComparison.Ordinal) + 1)..]
        );
        Assert.Equal(value, last.Headers[name]);
    }

    [Fact]
    public async Task A_failure_says_so_and_links_to_the_page()
    {
        await using var standIn = await StandInForge.StartAsync();
        await using var server = await StartAsync(
            "github",
            "octo/shop",
            standIn.Url,
            "exit 3",
            settings: new() { ["THIN_DEPLOYER_PUBLIC_URL"] = "https://deploy.example.org" }
        );

        var id = await DeployAsync(server, Commit);

        await WaitingOutbox.EmptyAsync(server);
        var last = standIn.Requests.Last();
        Assert.Equal("failure", last.Text("state"));
        Assert.Equal("thin-deployer/shop", last.Text("context"));
        Assert.Equal($"https://deploy.example.org/ui/deployments/{id}", last.Text("target_url"));
        Assert.StartsWith("Failed after ", last.Text("description"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("59b20b8")]
    [InlineData("0000000000000000000000000000000000000000")]
    [InlineData("59B20B8D5C6FF8D09518454D4DD8B7B30F095AB5")]
    public async Task Nothing_is_told_without_a_whole_hash(string commit)
    {
        await using var standIn = await StandInForge.StartAsync();
        await using var server = await StartAsync("github", "octo/shop", standIn.Url, "true");

        await DeployAsync(server, commit);
        await DeployAsync(server, Other);

        await WaitingOutbox.EmptyAsync(server);
        Assert.All(standIn.Requests, request => Assert.Contains(Other, request.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task GitHub_gets_one_deployment_with_its_states_though_a_try_is_in_vain()
    {
        var made = new List<JsonElement>();
        var isFirst = true;
        await using var standIn = await StandInForge.StartAsync(request =>
        {
            lock (made)
            {
                if (request.Method == "GET")
                {
                    var list = made.Select((one, index) => Deployment(one, index + 1));
                    return new ForgeAnswer(200, $"[{string.Join(',', list)}]");
                }

                if (request.Target == "/repos/octo/shop/deployments")
                {
                    made.Add(request.Body);
                    return new ForgeAnswer(201, $$"""{ "id": {{made.Count}} }""");
                }

                // As if the server had gone between the two calls.
                (var fails, isFirst) = (isFirst, false);
                return new ForgeAnswer(fails ? 502 : 201, "{}");
            }
        });
        await using var server = await StartAsync(
            "github",
            "octo/shop",
            standIn.Url,
            "true",
            ", environment: production"
        );

        var id = await DeployAsync(server, Commit);

        await WaitingOutbox.EmptyAsync(server);
        var deployment = Assert.Single(made);
        Assert.False(deployment.GetProperty("auto_merge").GetBoolean());
        Assert.Equal(0, deployment.GetProperty("required_contexts").GetArrayLength());
        Assert.Equal(Commit, deployment.GetProperty("ref").GetString());
        Assert.Equal("production", deployment.GetProperty("environment").GetString());
        Assert.Contains(id, deployment.GetProperty("payload").ToString(), StringComparison.Ordinal);
        var last = standIn.Requests.Last();
        Assert.Equal("/repos/octo/shop/deployments/1/statuses", last.Target);
        Assert.Equal("success", last.Text("state"));

        static string Deployment(JsonElement one, int number) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{ "id": {{number}}, "payload": {{JsonSerializer.Serialize(one.GetProperty("payload").ToString())}} }"""
            );
    }

    [Fact]
    public async Task A_deployment_that_GitHub_asks_for_is_answered_there()
    {
        await using var standIn = await StandInForge.StartAsync();
        await using var server = await StartAsync("github", "octo/shop", standIn.Url, "true");
        using var asked = new StringContent(
            $$"""{ "deployment": { "id": 42, "sha": "{{Commit}}", "ref": "main", "environment": "production" } }""",
            Encoding.UTF8,
            "application/json"
        );

        await server.SendAsync(
            HttpMethod.Post,
            "/deploy/shop",
            asked,
            ("X-Auth-Token", ServiceYaml.Token),
            ("X-GitHub-Event", "deployment")
        );

        await WaitingOutbox.EmptyAsync(server);
        Assert.All(
            standIn.Requests,
            request => Assert.Equal("/repos/octo/shop/deployments/42/statuses", request.Target)
        );
        Assert.Equal("success", standIn.Requests.Last().Text("state"));
    }

    [Fact]
    public async Task GitLab_says_that_it_is_so_already_and_that_is_good()
    {
        await using var standIn = await StandInForge.StartAsync(_ => new ForgeAnswer(
            400,
            """{"message": {"state": ["Cannot transition status via :enqueue from :pending"]}}"""
        ));
        await using var server = await StartAsync("gitlab", "12", standIn.Url, "true");

        await DeployAsync(server, Commit);

        var outbox = await WaitingOutbox.EmptyAsync(server);
        Assert.Equal(0, outbox.GetProperty("notTold").GetArrayLength());
        Assert.Equal($"/projects/12/statuses/{Commit}", standIn.Requests.Last().Target);
    }

    [Theory]
    [InlineData(
        403,
        """{"message": "You have exceeded a secondary rate limit."}""",
        "",
        "waiting",
        "it answered 403: too many requests"
    )]
    [InlineData(403, "{}", "x-ratelimit-remaining: 0", "waiting", "it answered 403")]
    [InlineData(429, "{}", "Retry-After: 120", "waiting", "it answered 429")]
    [InlineData(503, "{}", "Retry-After: Wed, 21 Oct 2099 07:28:00 GMT", "waiting", "it answered 503")]
    [InlineData(
        403,
        """{"message": "Resource not accessible by personal access token"}""",
        "",
        "notTold",
        "it answered 403"
    )]
    [InlineData(401, "{}", "", "notTold", "it answered 401")]
    [InlineData(
        422,
        """{"message": "This SHA and context has reached the maximum number of statuses."}""",
        "",
        "notTold",
        "it answered 422"
    )]
    public async Task Limits_are_waited_for_and_refusals_are_final(
        int status,
        string json,
        string header,
        string where,
        string why
    )
    {
        Dictionary<string, string> headers =
            header.Length == 0 ? [] : new() { [header.Split(": ")[0]] = header.Split(": ")[1] };
        await using var standIn = await StandInForge.StartAsync(_ => new ForgeAnswer(status, json, headers));
        await using var server = await StartAsync("github", "octo/shop", standIn.Url, "true");

        await DeployAsync(server, Commit);

        await WaitingOutbox.SaysAsync(server, where, why);
    }

    [Fact]
    public async Task A_commit_whose_deployment_a_newer_one_superseded_does_not_stay_pending()
    {
        await using var standIn = await StandInForge.StartAsync();
        await using var server = await StartAsync(
            "github",
            "octo/shop",
            standIn.Url,
            "while [ ! -e go ]; do sleep 0.05; done",
            more: ", when_busy: supersede, respond: accepted"
        );
        var third = new string('c', 40);

        await DeployAsync(server, Commit);
        await DeployAsync(server, Other);
        await DeployAsync(server, third);
        await File.WriteAllTextAsync(Path.Join(server.Workspace.Site, "go"), "");

        await Eventually.IsTrueAsync(
            () =>
                standIn.Requests.Any(one =>
                    one.Target.EndsWith(third, StringComparison.Ordinal) && one.Text("state") == "success"
                ),
            "the third is told"
        );
        var last = standIn.Requests.Last(one => one.Target.EndsWith(Other, StringComparison.Ordinal));
        Assert.Equal("error", last.Text("state"));
        Assert.Equal("A newer deployment took its place", last.Text("description"));
    }

    private static async Task<string> DeployAsync(RunningServer server, string commit)
    {
        var answer = await server.SendAsync(
            HttpMethod.Post,
            $"/deploy/shop?commit={commit}",
            content: null,
            ("X-Auth-Token", ServiceYaml.Token)
        );
        return answer.Json.GetProperty("id").GetString()!;
    }

    private static Task<RunningServer> StartAsync(
        string forge,
        string repository,
        string api,
        string command,
        string keys = "",
        string more = "",
        Dictionary<string, string>? settings = null
    ) =>
        StartOwnAsync(
            ServiceYaml.With(
                "shop",
                $"variables: {{commit: {{argument: commit, default: ''}}}}, report: {{forge: {forge}, api: '{api}', "
                    + $"token: forge-token, repository: '{repository}'{keys}}}{more}",
                command
            ),
            settings
        );
}
