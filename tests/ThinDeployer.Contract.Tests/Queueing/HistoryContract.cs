using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Queueing;

/// <summary>What is told of deployments afterwards, and to whom.</summary>
public abstract class HistoryContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string AdminToken = "the-admin-token-of-these-tests";
    private const string ViewerToken = "the-viewer-token-of-these-tests";
    private const string OtherToken = "the-token-of-another-service";

    protected override string Configuration =>
        ServiceYaml.With("site", "keep: 2", "echo said", "exit 4")
        + ServiceYaml.Bare("named", "token: {ci: the-token-of-ci-is-this-one}, pwd: site", "true")
        + ServiceYaml.Bare("other", $"token: {OtherToken}, pwd: site", "echo other")
        + ServiceYaml.With("paged", "keep: 50", "true")
        + ServiceYaml.With("valued", "vars: {branch: main}", "true %tag% %db_password% %note% %long% %branch%")
        + ServiceYaml.With("long", "keep: 2", "seq 1000")
        + ServiceYaml.With("forgetful", "keep: 1, parallel: 16", "seq 20000");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_VIEWER_TOKEN"] = ViewerToken,
            ["THIN_DEPLOYER_ADMIN_TOKEN"] =
                "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AdminToken))),
        };

    [Fact]
    public async Task A_deployment_is_remembered_with_all_that_is_known_of_it()
    {
        var answer = await Server.DeployAsync("site");
        var id = answer.Json.GetProperty("id").GetString();

        var deployment = (await Server.AskAsync($"/deployments/{id}")).Json;

        Assert.Equal("site", deployment.GetProperty("service").GetString());
        Assert.Equal("failed", deployment.GetProperty("status").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", deployment.GetProperty("acceptedAt").GetString());
        Assert.Matches(@"Z$", deployment.GetProperty("startedAt").GetString());
        Assert.Matches(@"Z$", deployment.GetProperty("finishedAt").GetString());
        Assert.Equal(answer.Json.GetProperty("steps").ToString(), deployment.GetProperty("steps").ToString());
        Assert.Equal(4, deployment.GetProperty("steps")[1].GetProperty("exitCode").GetInt32());
        Assert.Equal("POST", deployment.GetProperty("trigger").GetProperty("method").GetString());
        Assert.Equal("127.0.0.1", deployment.GetProperty("trigger").GetProperty("address").GetString());
        Assert.Equal(answer.Output.Length, deployment.GetProperty("outputBytes").GetInt32());
    }

    [Fact]
    public async Task Who_waits_gets_the_output_of_one_that_is_forgotten_before_it_was_read()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Server.DeployAsync("forgetful")));

        Assert.All(answers, answer => Assert.Equal("20000", answer.OutputLines[^1]));
    }

    [Fact]
    public async Task Its_log_is_the_output_of_the_answer()
    {
        var answer = await Server.DeployAsync("site");

        var log = await Server.AskAsync($"/deployments/{answer.Json.GetProperty("id").GetString()}/log");

        Assert.Equal(answer.Output, log.Text);
        Assert.StartsWith("text/plain", log.Header("Content-Type"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_a_token_is_who_asked()
    {
        var answer = await Server.GetAsync("/deploy/named?token=the-token-of-ci-is-this-one");
        var id = answer.Json.GetProperty("id").GetString();

        var deployment = (await Server.GetAsync($"/deployments/{id}?token=the-token-of-ci-is-this-one")).Json;

        Assert.Equal("ci", deployment.GetProperty("trigger").GetProperty("who").GetString());
        Assert.Equal("GET", deployment.GetProperty("trigger").GetProperty("method").GetString());
    }

    [Fact]
    public async Task It_can_be_asked_by_whom_and_since_when()
    {
        var before = TimeProvider
            .System.GetUtcNow()
            .AddDays(-1)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var later = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var id = (await Server.GetAsync("/deploy/named?token=the-token-of-ci-is-this-one"))
            .Json.GetProperty("id")
            .GetString();

        Assert.Contains(id, await NamedAsync($"who=ci&since={before}"));
        Assert.Contains(id, await NamedAsync("service=named&status=succeeded&who=ci"));
        Assert.Empty(await NamedAsync("who=c"));
        Assert.Empty(await NamedAsync($"who=ci&since={later}"));

        async Task<IEnumerable<string?>> NamedAsync(string query) =>
            (await Server.GetAsync($"/deployments?{query}&token=the-token-of-ci-is-this-one"))
                .Json.GetProperty("deployments")
                .EnumerateArray()
                .Select(one => one.GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_viewer_sees_all_and_does_nothing()
    {
        var id = (await Server.GetAsync($"/deploy/other?token={OtherToken}")).Json.GetProperty("id").GetString();

        var seen = new[]
        {
            (await Server.GetAsync($"/deployments/{id}?token={ViewerToken}")).Status,
            (await Server.GetAsync($"/deployments/{id}/log?token={ViewerToken}")).Status,
            (await Server.GetAsync($"/services/other/deliveries?token={ViewerToken}")).Status,
        };
        var done = new[]
        {
            (await Server.SendAsync(HttpMethod.Post, $"/deploy/other?token={ViewerToken}", content: null)).Status,
            (
                await Server.SendAsync(HttpMethod.Post, $"/deployments/{id}/cancel?token={ViewerToken}", content: null)
            ).Status,
            (
                await Server.SendAsync(HttpMethod.Post, $"/deployments/{id}/rerun?token={ViewerToken}", content: null)
            ).Status,
        };
        var after = await Server.GetAsync($"/deployments?service=other&limit=1&token={ViewerToken}");

        Assert.Equal([200, 200, 200], seen);
        Assert.Equal([403, 403, 403], done);
        Assert.Equal(id, after.Json.GetProperty("deployments")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Only_as_many_are_kept_as_the_service_says_with_their_logs()
    {
        var ids = new List<string>();
        while (ids.Count < 3)
        {
            ids.Add((await Server.DeployAsync("long")).Json.GetProperty("id").GetString()!);
        }

        Assert.Equal(404, (await Server.AskAsync($"/deployments/{ids[0]}")).Status);
        Assert.Equal(200, (await Server.AskAsync($"/deployments/{ids[1]}")).Status);
        var logs = Directory.GetFiles(Path.Combine(Server.Workspace.Data, "logs")).Select(Path.GetFileName).ToList();
        Assert.DoesNotContain($"{ids[0]}.log", logs);
        Assert.Contains($"{ids[2]}.log", logs);
    }

    [Fact]
    public async Task A_deployment_whose_steps_print_little_leaves_no_file_but_has_a_log()
    {
        var id = (await Server.DeployAsync("paged")).Json.GetProperty("id").GetString();

        Assert.False(File.Exists(Path.Combine(Server.Workspace.Data, "logs", $"{id}.log")));
        Assert.Equal(" # Deployment started: paged\n > true\n", (await Server.AskAsync($"/deployments/{id}/log")).Text);
    }

    [Fact]
    public async Task Pages_of_history_have_neither_gap_nor_repetition()
    {
        var ids = new List<string>();
        while (ids.Count < 5)
        {
            ids.Add((await Server.DeployAsync("paged")).Json.GetProperty("id").GetString()!);
        }

        var first = await PageAsync("service=paged&limit=2");
        var second = await PageAsync($"service=paged&status=succeeded&limit=2&before={first[^1]}");

        Assert.Equal(ids.AsEnumerable().Reverse().Take(4), first.Concat(second));
    }

    [Fact]
    public async Task The_beginning_of_an_id_is_enough_and_latest_is_the_newest()
    {
        var other = (await Server.GetAsync($"/deploy/other?token={OtherToken}")).Json.GetProperty("id").GetString()!;
        var id = (await Server.DeployAsync("paged")).Json.GetProperty("id").GetString()!;
        var newest = (await Server.DeployAsync("site")).Json.GetProperty("id").GetString()!;

        Assert.Equal(id, await FindAsync(id[..35]));
        Assert.Equal(id, await FindAsync("latest?service=paged"));
        Assert.Equal(newest, await FindAsync("latest"));
        Assert.Equal("404", await FindAsync("latest?service=other"));
        Assert.Equal("404", await FindAsync(other[..35]));
        Assert.Equal("404", await FindAsync(id[..3]));
        Assert.Equal("404", await FindAsync("%25%25%25%25"));
        Assert.Equal("400", await FindAsync(id[..4]));

        async Task<string?> FindAsync(string written)
        {
            var answer = await Server.AskAsync($"/deployments/{written}");
            return answer.Status == 200 ? answer.Json.GetProperty("id").GetString() : $"{answer.Status}";
        }
    }

    [Fact]
    public async Task The_values_of_placeholders_are_shown_and_secrets_among_them_are_not()
    {
        var query = $"tag=v1&db_password=hidden&note={ServiceYaml.Token}&long={new string('x', 300)}";
        var id = (await Server.DeployAsync($"valued?{query}")).Json.GetProperty("id").GetString();

        var variables = (await Server.AskAsync($"/deployments/{id}")).Json.GetProperty("variables");

        Assert.Equal(
            $$"""{"branch":"main","db_password":"***","long":"{{new string('x', 200)}}…","note":"***","tag":"v1"}""",
            variables.ToString()
        );
    }

    [Fact]
    public async Task A_service_that_there_is_not_is_told_to_who_may_know_and_hidden_ones_stay_hidden()
    {
        var unknown = await Server.AskAsync("/deployments?service=pagd");
        var hidden = await Server.AskAsync("/deployments?service=othr");
        var foreign = await Server.AskAsync("/deployments?service=other");
        var admin = await Server.GetAsync($"/deployments?service=othr&token={AdminToken}");

        Assert.Equal((404, 404, 404, 404), (unknown.Status, hidden.Status, foreign.Status, admin.Status));
        Assert.Equal("There is no such service; did you mean \"paged\"?", unknown.Message);
        Assert.Equal("There is no such service", hidden.Message);
        Assert.Equal("There is no such service", foreign.Message);
        Assert.Equal("There is no such service; did you mean \"other\"?", admin.Message);
    }

    [Theory]
    [InlineData("status=done")]
    [InlineData("limit=0")]
    [InlineData("since=yesterday")]
    [InlineData("since=2026-13-01")]
    [InlineData("limit=many")]
    public async Task A_question_that_is_not_understood_is_answered_by_400(string query) =>
        Assert.Equal(400, (await Server.AskAsync($"/deployments?{query}")).Status);

    [Fact]
    public async Task Each_sees_its_own_and_the_admin_sees_all()
    {
        var other = (await Server.GetAsync($"/deploy/other?token={OtherToken}")).Json.GetProperty("id").GetString();

        var statuses = new[]
        {
            (await Server.GetAsync($"/deployments/{other}")).Status,
            (await Server.GetAsync($"/deployments/{other}?token=wrong")).Status,
            (await Server.AskAsync($"/deployments/{other}")).Status,
            (await Server.AskAsync($"/deployments/{other}/log")).Status,
            (await Server.AskAsync("/deployments?service=other")).Status,
            (await Server.AskAsync("/deployments/01a20ae4-c645-77ca-84f7-dd351129747a")).Status,
            (await Server.GetAsync($"/deployments/{other}?token={OtherToken}")).Status,
            (await Server.GetAsync($"/deployments/{other}/log?token={AdminToken}")).Status,
        };

        Assert.Equal([403, 403, 404, 404, 404, 404, 200, 200], statuses);
        Assert.DoesNotContain(other!, (await Server.AskAsync("/deployments")).Text, StringComparison.Ordinal);
        Assert.Contains(
            other!,
            (await Server.GetAsync($"/deployments?token={AdminToken}")).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Services_are_listed_without_their_secrets()
    {
        var own = await Server.AskAsync("/services");
        var all = await Server.GetAsync($"/services?token={AdminToken}");

        Assert.Equal(["forgetful", "long", "paged", "site", "valued"], Names(own));
        Assert.Equal(["forgetful", "long", "named", "other", "paged", "site", "valued"], Names(all));
        Assert.All(
            [ServiceYaml.Token, AdminToken, ViewerToken, OtherToken, "the-token-of-ci-is-this-one"],
            secret => Assert.DoesNotContain(secret, all.Text, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("tokens", own.Text, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Names(Http.Answer answer) =>
        answer.Json.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("name").GetString());

    private async Task<List<string>> PageAsync(string query) =>
        [
            .. (await Server.AskAsync($"/deployments?{query}"))
                .Json.GetProperty("deployments")
                .EnumerateArray()
                .Select(deployment => deployment.GetProperty("id").GetString()!),
        ];
}
