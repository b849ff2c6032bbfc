using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Paging;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary>Every door, before tokens that lack the right, that are another service's, and that have ended.</summary>
public abstract class RightsContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Deploys = "the-token-that-may-deploy-only";
    private const string Reads = "the-token-that-may-read-only-ok";
    private const string Cancels = "the-token-that-may-cancel-only";
    private const string Approves = "the-token-that-may-approve-only";
    private const string Pauses = "the-token-that-may-pause-only-k";
    private const string RollsBack = "the-token-that-may-go-back-only";
    private const string Ended = "the-token-that-has-ended-by-now";
    private const string OfFile = "the-token-that-a-file-gives-ok";
    private const string Other = "the-token-of-another-service-ok";

    protected override string Configuration =>
        Site("site", "echo secret-output")
        + Site("slow", "touch slow.began; sleep 600")
        + ServiceYaml.Bare("other", $"token: {Other}, pwd: site", "true");

    private static string Site(string name, params string[] commands) =>
        ServiceYaml.Bare(
            name,
            $"token: {{all: {ServiceYaml.Token}, "
                + $"deploys: {{value: {Deploys}, may: [deploy]}}, "
                + $"reads: {{value: {Reads}, may: [read]}}, "
                + $"cancels: {{value: {Cancels}, may: [cancel]}}, "
                + $"approves: {{value: {Approves}, may: [approve]}}, "
                + $"pauses: {{value: {Pauses}, may: [pause]}}, "
                + $"back: {{value: {RollsBack}, may: [rollback]}}, "
                + $"ended: {{value: {Ended}, until: 2026-01-31T00:00:00Z}}, "
                + "file: {file: file.token, may: [read], until: 2999-12-31}}, pwd: site",
            commands
        );

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>(PageSession.Settings) { ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "0" };

    protected override void Prepare(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.Write("file.token", OfFile + "\n");
    }

    /// <summary>A route, and the right that it takes.</summary>
    public static TheoryData<string, string, string> Doors =>
        new()
        {
            { "POST", "/deploy/site", "deploy" },
            { "GET", "/deploy/site", "deploy" },
            { "GET", "/deployments?service=site", "read" },
            { "GET", "/deployments/{id}", "read" },
            { "GET", "/deployments/latest?service=site", "read" },
            { "GET", "/deployments/{id}/log", "read" },
            { "GET", "/services/site/deliveries", "read" },
            { "POST", "/deployments/{id}/cancel", "cancel" },
            { "POST", "/deployments/{id}/rerun", "deploy" },
            { "POST", "/deployments/{id}/approve", "approve" },
            { "POST", "/deployments/{id}/reject", "approve" },
            { "POST", "/services/site/resume", "pause" },
            { "POST", "/services/site/rollback", "rollback" },
            { "GET", "/ui/deployments/{id}", "read" },
            { "GET", "/ui/deployments/{id}/lines?from=1&count=1", "read" },
            { "GET", "/ui/deployments/{id}/raw", "read" },
        };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Who_lacks_its_right_is_told_which(string method, string path, string right)
    {
        var id = await DeployedAsync();
        (string Token, string Right)[] tokens =
        [
            (Deploys, "deploy"),
            (Reads, "read"),
            (Cancels, "cancel"),
            (Approves, "approve"),
            (Pauses, "pause"),
            (RollsBack, "rollback"),
        ];
        foreach (var (token, _) in tokens.Where(token => token.Right != right))
        {
            var answer = await AskAsync(method, path, id, token);

            Assert.Equal((403, $"This token lacks the right \"{right}\""), (answer.Status, answer.Message));
            Assert.DoesNotContain("secret-output", answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Who_has_it_is_let_in(string method, string path, string right)
    {
        var id = await DeployedAsync();
        var token = right switch
        {
            "deploy" => Deploys,
            "read" => Reads,
            "approve" => Approves,
            "pause" => Pauses,
            "rollback" => RollsBack,
            _ => Cancels,
        };

        var answer = await AskAsync(method, path, id, token);

        // It has ended already, and there is perhaps nothing before it: only who may is told.
        Assert.True(
            right is "cancel" or "approve" ? answer.Status == 409
                : right == "rollback" ? answer.Status is 202 or 409
                : answer.Status is 200 or 202,
            answer.ToString()
        );
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task What_has_ended_is_a_wrong_token(string method, string path, string right)
    {
        Assert.NotEmpty(right);
        var id = await DeployedAsync();

        var ended = await AskAsync(method, path, id, Ended);
        var wrong = await AskAsync(method, path, id, "no-token-at-all");

        Assert.Equal((403, wrong.Text), (ended.Status, ended.Text));
        await Eventually.IsTrueAsync(
            () => Server.Program.Output.Text.Contains("(token_expired)", StringComparison.Ordinal),
            "the log says why"
        );
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task To_another_service_there_is_nothing(string method, string path, string right)
    {
        Assert.NotEmpty(right);
        var id = await DeployedAsync();

        var answer = await AskAsync(method, path, id, Other);

        Assert.Equal(path.StartsWith("/deploy/", StringComparison.Ordinal) ? 403 : 404, answer.Status);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task The_viewer_sees_all_and_does_nothing(string method, string path, string right)
    {
        var id = await DeployedAsync();

        var answer = await AskAsync(method, path, id, PageSession.ViewerToken);

        Assert.Equal(right == "read" ? 200 : 403, answer.Status);
    }

    [Theory]
    [InlineData("/deployments")]
    [InlineData("/services")]
    [InlineData("/outbox")]
    [InlineData("/ui/")]
    [InlineData("/ui/queue")]
    public async Task Who_may_read_nothing_is_shown_no_list(string path)
    {
        Assert.Equal(403, (await Server.GetAsync(path, ("X-Auth-Token", Deploys))).Status);
        Assert.Equal(200, (await Server.GetAsync(path, ("X-Auth-Token", Reads))).Status);
    }

    [Fact]
    public async Task Who_may_only_deploy_gets_the_output_of_that()
    {
        var answer = await AskAsync("POST", "/deploy/site", "", Deploys);
        var stream = await Server.GetAsync($"/deploy/site?token={Deploys}", ("Accept", "text/plain"));

        Assert.Equal(["secret-output"], answer.Printed);
        Assert.Contains("secret-output", stream.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_with_the_right_beside_one_without_it_is_enough()
    {
        using var form = new FormUrlEncodedContent([new("token", Deploys)]);

        var head = await Server.GetAsync($"/deploy/site?token={Deploys}", ("X-Auth-Token", Reads));
        var body = await Server.SendAsync(HttpMethod.Post, "/deploy/site", form, ("X-Auth-Token", Reads));

        Assert.Equal((202, 202), (head.Status, body.Status));
    }

    [Fact]
    public async Task Who_may_cancel_only_stops_what_he_may_not_see()
    {
        var begun = await Server.DeployAtOnceAsync("slow");
        var id = begun.Json.GetProperty("id").GetString()!;
        await Server.Workspace.SiteHasAsync("slow.began");

        var answer = await AskAsync("POST", "/deployments/{id}/cancel", id, Cancels);

        Assert.Equal((202, "The deployment is being stopped"), (answer.Status, answer.Message));
        Assert.Equal("cancelled", (await Server.EndOfAsync(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_page_lets_in_who_may_read_and_shows_only_what_he_may_do()
    {
        var id = await DeployedAsync();

        var refused = await PageSession.SignInAsync(Server, Deploys);
        var ended = await PageSession.SignInAsync(Server, Ended);
        var reads = await (await PageSession.BeginAsync(Server, Reads)).GetAsync($"/ui/deployments/{id}");
        var all = await (await PageSession.BeginAsync(Server, ServiceYaml.Token)).GetAsync($"/ui/deployments/{id}");

        Assert.Equal((403, 403), (refused.Status, ended.Status));
        Assert.Contains("lacks the right", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Deploy this version again", reads.Text, StringComparison.Ordinal);
        Assert.Contains("Deploy this version again", all.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_gives_a_token_its_rights_too()
    {
        var id = await DeployedAsync();

        Assert.Equal(200, (await AskAsync("GET", "/deployments/{id}", id, OfFile)).Status);
        Assert.Equal(403, (await AskAsync("POST", "/deployments/{id}/rerun", id, OfFile)).Status);
    }

    [Fact]
    public async Task Who_sees_all_is_told_what_each_token_may_and_when_it_was_used()
    {
        await DeployedAsync();

        var seen = await Server.GetAsync("/services", ("X-Auth-Token", PageSession.ViewerToken));
        var own = await Server.GetAsync("/services", ("X-Auth-Token", ServiceYaml.Token));
        var page = await (await PageSession.BeginAsync(Server, PageSession.AdminToken)).GetAsync("/ui/services/site");
        var ownPage = await (await PageSession.BeginAsync(Server, Reads)).GetAsync("/ui/services/site");

        var tokens = seen.Json.GetProperty("services").EnumerateArray().Single(IsSite).GetProperty("tokens");
        var all = tokens.EnumerateArray().Single(token => token.GetProperty("name").GetString() == "all");
        var ended = tokens.EnumerateArray().Single(token => token.GetProperty("name").GetString() == "ended");
        Assert.Matches("^20..-.*Z$", all.GetProperty("lastUsedAt").GetString());
        Assert.Equal(
            ["deploy", "read", "cancel", "pause", "rollback"],
            all.GetProperty("may").EnumerateArray().Select(right => right.GetString())
        );
        Assert.Equal("2026-01-31T00:00:00.000Z", ended.GetProperty("until").GetString());
        Assert.False(ended.TryGetProperty("lastUsedAt", out _));
        Assert.DoesNotContain(ServiceYaml.Token, seen.Text, StringComparison.Ordinal);
        Assert.False(own.Json.GetProperty("services")[0].TryGetProperty("tokens", out _));
        Assert.Contains("Who may", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Who may", ownPage.Text, StringComparison.Ordinal);

        static bool IsSite(System.Text.Json.JsonElement service) => service.GetProperty("name").GetString() == "site";
    }

    private async Task<string> DeployedAsync() =>
        (await Server.DeployAsync("site")).Json.GetProperty("id").GetString()!;

    private Task<Answer> AskAsync(string method, string path, string id, string token) =>
        Server.SendAsync(
            HttpMethod.Parse(method),
            path.Replace("{id}", id, StringComparison.Ordinal),
            content: null,
            ("X-Auth-Token", token)
        );
}
