using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Live;

/// <summary>Back to what was deployed well before.</summary>
public abstract class RollbackContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string AdminToken = "the-admin-token-of-these-tests";
    private const string ViewerToken = "the-viewer-token-of-these-tests";
    private const string OtherToken = "the-token-of-another-service";

    /// <summary>Each test has its own, so that no other one changes its history.</summary>
    private static readonly string[] Names =
    [
        "default",
        "twice",
        "chosen",
        "bad",
        "empty",
        "said",
        "live",
        "large",
        "rerun",
        "same",
        "guarded",
    ];

    private static readonly string Before = new('0', 40);

    protected override string Configuration =>
        string.Concat(
            Names.Select(name =>
                ServiceYaml.With(
                    name,
                    "vars: {tag: none}",
                    "test %tag% != bad",
                    "echo \"tag \"%tag%\" of ${DEPLOYMENT_COMMIT-none} back to ${DEPLOYMENT_ROLLBACK_TO-none}\"",
                    "cat \"$DEPLOYMENT_PAYLOAD_FILE\""
                )
            )
        )
        + ServiceYaml.Bare("named", $"token: {{ci: {ServiceYaml.Token}}}, pwd: site", "echo \"$DEPLOYMENT_WHO\"")
        + ServiceYaml.Bare("other", $"token: {OtherToken}, pwd: site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_ADMIN_TOKEN"] = AdminToken,
            ["THIN_DEPLOYER_VIEWER_TOKEN"] = ViewerToken,
        };

    [Fact]
    public async Task It_brings_back_the_values_the_body_and_the_commit_of_what_was_live_before()
    {
        var first = await PushAsync("default?tag=v1", "aaaa");
        await PushAsync("default?tag=v2", "bbbb");

        var answer = await BackAsync("default");

        var id = answer.Json.GetProperty("id").GetString()!;
        var end = await Server.EndOfAsync(id);
        var log = (await Server.AskAsync($"/deployments/{id}/log")).Text;
        Assert.Equal((202, $"/deployments/{id}"), (answer.Status, answer.Header("Location")));
        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        Assert.Equal(first, end.GetProperty("trigger").GetProperty("rollbackTo").GetString());
        Assert.Equal(Commit("aaaa"), end.GetProperty("trigger").GetProperty("commit").GetString());
        Assert.Equal("refs/heads/main", end.GetProperty("trigger").GetProperty("ref").GetString());
        Assert.Equal("anna", end.GetProperty("trigger").GetProperty("actor").GetString());
        Assert.Contains($"\ntag v1 of {Commit("aaaa")} back to {first}\n", log, StringComparison.Ordinal);
        Assert.Contains("\"after\":\"aaaa", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twice_goes_further_back_and_then_there_is_nothing_more()
    {
        var first = await PushAsync("twice?tag=v1", "aaaa");
        var second = await PushAsync("twice?tag=v2", "bbbb");
        await PushAsync("twice?tag=v3", "cccc");

        var once = await BackToEndAsync("twice");
        var twice = await BackToEndAsync("twice");
        var more = await BackAsync("twice");

        Assert.Equal((second, first), (once, twice));
        Assert.Equal(409, more.Status);
        Assert.Contains("nothing to go back to", more.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_or_is_the_same_once_more_is_passed_over()
    {
        var first = await PushAsync("same?tag=v1", "aaaa");
        await PushAsync("same?tag=v2", "bbbb");
        await PushAsync("same?tag=v2", "bbbb");
        await PushAsync("same?tag=bad", "cccc");

        Assert.Equal(first, await BackToEndAsync("same"));
    }

    [Fact]
    public async Task One_is_chosen_by_its_id_or_its_beginning_in_the_query_or_in_a_form()
    {
        var first = await PushAsync("chosen?tag=v1", "aaaa");
        var second = await PushAsync("chosen?tag=v2", "bbbb");
        await PushAsync("chosen?tag=v3", "cccc");

        var byId = await BackToEndAsync("chosen", $"?to={first}");
        using var form = new FormUrlEncodedContent([new("to", first[..32])]);
        var byBeginning = await EndOfAsync(await BackAsync("chosen", "", form));
        var forth = await BackToEndAsync("chosen", $"?to={second}");

        Assert.Equal((first, first, second), (byId, byBeginning, forth));
    }

    [Fact]
    public async Task Going_back_to_a_rollback_is_going_back_to_what_it_brought()
    {
        var first = await PushAsync("rerun?tag=v1", "aaaa");
        await PushAsync("rerun?tag=v2", "bbbb");
        var answer = await BackAsync("rerun");
        var back = answer.Json.GetProperty("id").GetString()!;
        await Server.EndOfAsync(back);
        await PushAsync("rerun?tag=v3", "cccc");

        var chosen = await BackToEndAsync("rerun", $"?to={back}");
        var again = await EndOfAsync(await Server.ControlAsync($"{back}/rerun"));

        Assert.Equal((first, first), (chosen, again));
    }

    [Fact]
    public async Task What_did_not_succeed_is_refused()
    {
        var bad = await PushAsync("bad?tag=bad", "aaaa");

        var answer = await BackAsync("bad", $"?to={bad}");

        Assert.Equal((409, bad), (answer.Status, answer.Json.GetProperty("id").GetString()));
        Assert.Contains("this one is failed", answer.Message, StringComparison.Ordinal);
        Assert.Equal(409, (await BackAsync("bad")).Status);
    }

    [Fact]
    public async Task Where_nothing_was_deployed_there_is_nothing_to_go_back_to()
    {
        var none = await BackAsync("empty");
        await PushAsync("empty?tag=v1", "aaaa");
        var one = await BackAsync("empty");

        Assert.Equal((409, 409), (none.Status, one.Status));
    }

    public static TheoryData<string, int> Sayings =>
        new()
        {
            { "?to=", 400 },
            { "?to=aaaa&to=aaaa", 400 },
            { "?to=%FF", 400 },
            { "?id=aaaa", 400 },
            { "?to=ffff-nothing", 404 },
            { "?to=ab", 404 },
        };

    [Theory]
    [MemberData(nameof(Sayings))]
    public async Task What_is_not_understood_does_nothing(string query, int status)
    {
        Assert.Equal(status, (await BackAsync("said", query)).Status);
        Assert.Empty(
            (await Server.AskAsync("/deployments?service=said")).Json.GetProperty("deployments").EnumerateArray()
        );
    }

    [Fact]
    public async Task A_body_may_be_an_object_of_texts_or_a_form()
    {
        using var json = new StringContent("{\"to\": \"aaaa\"}", Encoding.UTF8, "application/json");
        using var list = new StringContent("[\"aaaa\"]", Encoding.UTF8, "application/json");
        using var large = new ByteArrayContent(new byte[100_000]);
        large.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");

        Assert.Equal(
            (404, 400, 413),
            (
                (await BackAsync("said", "", json)).Status,
                (await BackAsync("said", "", list)).Status,
                (await BackAsync("said", "", large)).Status
            )
        );
    }

    [Fact]
    public async Task A_body_that_is_not_kept_is_told()
    {
        using var body = new ByteArrayContent(new byte[1_100_000]);
        var first = (await Server.DeployAsync("large?tag=v1", body)).Json.GetProperty("id").GetString();
        await Server.DeployAsync("large?tag=v2");

        var answer = await BackAsync("large");

        Assert.Equal(409, answer.Status);
        Assert.Contains("is not kept any more", answer.Message, StringComparison.Ordinal);
        Assert.Equal(409, (await BackAsync("large", $"?to={first}")).Status);
    }

    [Fact]
    public async Task Only_who_may_does_and_what_is_another_services_is_not_there()
    {
        var mine = await PushAsync("guarded?tag=v1", "aaaa");
        await PushAsync("guarded?tag=v2", "bbbb");

        Assert.Equal(403, (await SendAsync("guarded", token: null)).Status);
        Assert.Equal(403, (await SendAsync("guarded", "wrong")).Status);
        Assert.Equal(403, (await SendAsync("guarded", ViewerToken)).Status);
        Assert.Equal(404, (await SendAsync("guarded", OtherToken)).Status);
        Assert.Equal(404, (await SendAsync($"other", OtherToken, $"?to={mine}")).Status);
        Assert.Equal(404, (await SendAsync("nothing-here", AdminToken)).Status);
        Assert.Equal(405, (await Server.AskAsync("/services/guarded/rollback")).Status);
        Assert.Equal(2, (await HistoryAsync("guarded")).Count);

        var admin = await SendAsync("guarded", AdminToken);

        var end = await Server.EndOfAsync(admin.Json.GetProperty("id").GetString()!);
        Assert.Equal("admin", end.GetProperty("trigger").GetProperty("who").GetString());
    }

    [Fact]
    public async Task Steps_know_who_asked()
    {
        var answer = await Server.DeployAsync("named");

        Assert.Equal(["ci"], answer.Printed);
    }

    [Fact]
    public async Task What_is_live_is_told_of_each_service()
    {
        var none = await LiveAsync("live");
        var first = await PushAsync("live?tag=v1", "aaaa");
        var second = await PushAsync("live?tag=v2", "bbbb");
        await PushAsync("live?tag=bad", "cccc");
        var live = await LiveAsync("live");
        await BackToEndAsync("live");
        var back = await LiveAsync("live");

        Assert.Null(none);
        Assert.Equal(second, live?.GetProperty("id").GetString());
        Assert.Equal(Commit("bbbb"), live?.GetProperty("commit").GetString());
        Assert.Equal("v2", live?.GetProperty("variables").GetProperty("tag").GetString());
        Assert.Equal("refs/heads/main", live?.GetProperty("ref").GetString());
        Assert.Matches("^[0-9-]{10}T[0-9:.]{12}Z$", live?.GetProperty("since").GetString());
        Assert.Equal(first, back?.GetProperty("rollbackTo").GetString());
        Assert.Equal(Commit("aaaa"), back?.GetProperty("commit").GetString());
    }

    private static string Commit(string beginning) => beginning.PadRight(40, '1');

    /// <summary>Deploys as a forge does, with the token of these tests.</summary>
    private async Task<string> PushAsync(string serviceAndQuery, string commit)
    {
        using var body = new StringContent(
            $$"""{"ref":"refs/heads/main","before":"{{Before}}","after":"{{Commit(commit)}}","sender":{"login":"anna"} }""",
            Encoding.UTF8,
            "application/json"
        );
        var answer = await Server.SendAsync(
            HttpMethod.Post,
            $"/deploy/{serviceAndQuery}",
            body,
            ("X-Auth-Token", ServiceYaml.Token),
            ("X-GitHub-Event", "push")
        );
        return answer.Json.GetProperty("id").GetString()!;
    }

    private Task<Answer> BackAsync(string service, string query = "", HttpContent? content = null) =>
        SendAsync(service, ServiceYaml.Token, query, content);

    private Task<Answer> SendAsync(string service, string? token, string query = "", HttpContent? content = null) =>
        Server.SendAsync(
            HttpMethod.Post,
            $"/services/{service}/rollback{query}",
            content,
            token is null ? [] : [("X-Auth-Token", token)]
        );

    /// <summary>What it went back to.</summary>
    private async Task<string?> BackToEndAsync(string service, string query = "") =>
        await EndOfAsync(await BackAsync(service, query));

    private async Task<string?> EndOfAsync(Answer answer)
    {
        Assert.Equal(202, answer.Status);
        var end = await Server.EndOfAsync(answer.Json.GetProperty("id").GetString()!);
        Assert.Equal("succeeded", end.GetProperty("status").GetString());
        return end.GetProperty("trigger").GetProperty("rollbackTo").GetString();
    }

    private async Task<List<JsonElement>> HistoryAsync(string service) =>
        [
            .. (await Server.AskAsync($"/deployments?service={service}"))
                .Json.GetProperty("deployments")
                .EnumerateArray(),
        ];

    private async Task<JsonElement?> LiveAsync(string service) =>
        (await Server.AskAsync("/services"))
            .Json.GetProperty("services")
            .EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == service)
            .TryGetProperty("live", out var live)
            ? live
            : null;
}
