using System.Text;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>A delivery runs once; what it brought reaches the steps, and can be looked at.</summary>
public abstract class DeliveryContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Push =
        """{"ref": "refs/heads/main", "after": "0a1b2c3d", "pusher": {"name": "ada"}, "commits": [], "head_commit": """
        + """{"message": "Mend the door\n\nIt creaked.", "url": "https://git.example.org/c/0a1b2c3d"}}""";

    protected override string Configuration =>
        ServiceYaml.With("once", "", "echo ran >> once.txt")
        + ServiceYaml.With("slow", "", "echo ran >> slow.txt; while [ ! -e slow-go ]; do sleep 0.05; done")
        + ServiceYaml.With("fails", "", "echo ran >> fails.txt; [ -e mended ]")
        + ServiceYaml.With(
            "payload",
            "",
            "cat \"$DEPLOYMENT_PAYLOAD_FILE\"; stat -c %a \"$DEPLOYMENT_PAYLOAD_FILE\"; echo $DEPLOYMENT_PAYLOAD_FILE > path.txt"
        )
        + ServiceYaml.With("facts", "", "true")
        + ServiceYaml.With(
            "rules",
            "when: {json: ref, equals: refs/heads/main}, variables: {branch: {json: ref, pattern: 'refs/heads/([a-z/-]+)', allow_dash: true}, what-ever: {argument: w, default: -none}}",
            "echo %branch% $DEPLOY_BRANCH %what-ever% %other%; env | grep -c DEPLOY_WHAT; true"
        )
        + ServiceYaml.With("kept", "keep_deliveries: 3, when: {header: X-Kind, in: [a, b]}", "true")
        + ServiceYaml.With("marked", "skip_marks: ['[skip cd]']", "echo ran >> marked.txt")
        + ServiceYaml.With("unkept", "keep_deliveries: 0", "true");

    [Fact]
    public async Task A_delivery_that_comes_again_deploys_nothing_again()
    {
        var first = await SendAsync("once", Push, "X-GitHub-Delivery: d-1");
        var again = await SendAsync("once", "{\"another\": \"body\"}", "X-GitHub-Delivery: d-1");
        var other = await SendAsync("once", Push, "X-GitHub-Delivery: d-2");

        Assert.Equal(202, first.Status);
        Assert.Equal(202, again.Status);
        Assert.Equal(Id(first), Id(again));
        Assert.Equal(first.Header("Location"), again.Header("Location"));
        Assert.Equal(first.Output, again.Output);
        Assert.NotEqual(Id(first), Id(other));
        Assert.Equal("ran\nran\n", Server.Workspace.ReadSite("once.txt"));
    }

    [Theory]
    [InlineData("Idempotency-Key: k-1")]
    [InlineData("webhook-id: msg_1")]
    [InlineData("X-Gitea-Delivery: g-1")]
    [InlineData("X-Request-UUID: u-1")]
    [InlineData("X-Event-Key: repo:push\nX-Request-Id: r-1")]
    public async Task Each_sender_has_its_own_name_for_it(string header)
    {
        var first = await SendAsync("facts", Push, header.Split('\n'));
        var again = await SendAsync("facts", Push, header.Split('\n'));

        Assert.Equal(Id(first), Id(again));
    }

    [Fact]
    public async Task The_same_id_at_another_service_is_another_delivery()
    {
        var here = await SendAsync("facts", Push, "Idempotency-Key: shared");
        var there = await SendAsync("unkept", Push, "Idempotency-Key: shared");

        Assert.NotEqual(Id(here), Id(there));
    }

    [Fact]
    public async Task Eight_at_once_give_one_deployment()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => SendAsync("slow", Push, "X-GitHub-Delivery: d-8", "Prefer: respond-async"))
        );
        Server.Workspace.TouchSite("slow-go");
        await Server.EndOfAsync(Id(answers[0]));

        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        Assert.Single(answers.Select(Id).Distinct());
        Assert.Equal("ran\n", Server.Workspace.ReadSite("slow.txt"));
    }

    [Fact]
    public async Task One_that_failed_may_come_again()
    {
        var first = await SendAsync("fails", Push, "X-GitHub-Delivery: d-1");
        Server.Workspace.TouchSite("mended");
        var second = await SendAsync("fails", Push, "X-GitHub-Delivery: d-1");
        var third = await SendAsync("fails", Push, "X-GitHub-Delivery: d-1");

        Assert.Equal(500, first.Status);
        Assert.Equal(202, second.Status);
        Assert.NotEqual(Id(first), Id(second));
        Assert.Equal(Id(second), Id(third));
        Assert.Equal("ran\nran\n", Server.Workspace.ReadSite("fails.txt"));
    }

    [Fact]
    public async Task The_steps_get_the_body_in_a_file_of_their_own()
    {
        var answer = await SendAsync("payload", Push);
        var path = Server.Workspace.ReadSite("path.txt").Trim();

        Assert.Contains(Push + "600\n", answer.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Without_a_body_the_file_is_empty()
    {
        var answer = await Server.GetAsync("/deploy/payload", ("X-Auth-Token", ServiceYaml.Token));

        Assert.Equal(202, answer.Status);
        Assert.Equal("/dev/null\n", Server.Workspace.ReadSite("path.txt"));
    }

    [Fact]
    public async Task A_token_of_a_form_is_not_in_it()
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Post(
                "/deploy/payload",
                $"a=1&token={ServiceYaml.Token}&b=%C3%9C",
                "Content-Type: application/x-www-form-urlencoded"
            )
        );

        Assert.Contains("a=1&b=%C3%9C600\n", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_runs_again_gets_the_same_body()
    {
        var first = await SendAsync("payload", Push, "X-GitHub-Event: push");

        var again = await Server.ControlAsync($"{Id(first)}/rerun");
        var entry = await Server.EndOfAsync(again.Json.GetProperty("id").GetString()!);
        var log = (await Server.AskAsync($"/deployments/{entry.GetProperty("id").GetString()}/log")).Text;

        Assert.Contains(Push, log, StringComparison.Ordinal);
        Assert.Equal("ada", entry.GetProperty("trigger").GetProperty("actor").GetString());
    }

    [Fact]
    public async Task The_record_says_who_did_what()
    {
        var answer = await SendAsync("facts", Push, "X-GitHub-Event: push", "X-GitHub-Delivery: facts-1");

        var trigger = (await Server.AskAsync(answer.Header("Location")!)).Json.GetProperty("trigger");

        Assert.Equal("push", trigger.GetProperty("event").GetString());
        Assert.Equal("refs/heads/main", trigger.GetProperty("ref").GetString());
        Assert.Equal("0a1b2c3d", trigger.GetProperty("commit").GetString());
        Assert.Equal("ada", trigger.GetProperty("actor").GetString());
        Assert.Equal("Mend the door", trigger.GetProperty("commitSubject").GetString());
        Assert.Equal("https://git.example.org/c/0a1b2c3d", trigger.GetProperty("commitUrl").GetString());
        Assert.Equal("facts-1", trigger.GetProperty("deliveryId").GetString());
    }

    [Fact]
    public async Task Declared_variables_fill_placeholders_and_the_environment()
    {
        var answer = await SendAsync("rules?other=x", Push);

        Assert.Equal(["main main -none %other%", "0"], answer.Printed);
    }

    [Fact]
    public async Task A_variable_that_breaks_its_rule_is_named_and_nothing_runs()
    {
        var answer = await SendAsync("rules?w=1&w=2", "{\"ref\": \"refs/heads/main\"}");

        Assert.Equal(400, answer.Status);
        Assert.Contains("\"what-ever\"", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_wanted_is_told_with_the_rule_that_says_so()
    {
        var answer = await SendAsync("rules", "{\"ref\": \"refs/heads/other\"}");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            "Request validation returned a status that there is no need to deploy",
            answer.Json.GetProperty("output").GetString()
        );
        Assert.Contains(
            "json ref equals \"refs/heads/main\"",
            answer.Json.GetProperty("reason").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("X-GitHub-Event: ping")]
    [InlineData("X-Gitea-Event: ping")]
    [InlineData("X-Event-Key: diagnostics:ping")]
    public async Task A_ping_deploys_nothing(string header)
    {
        var answer = await SendAsync("rules", "{}", header);

        Assert.Equal(200, answer.Status);
        Assert.Equal("ping", answer.Json.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task The_newest_deliveries_can_be_looked_at_without_their_secrets()
    {
        foreach (var kind in (string[])["a", "x", "b", "y"])
        {
            await SendAsync(
                $"kept?kind={kind}&api_key=something-secret",
                $"{{\"the\": \"{ServiceYaml.Token}\"}}",
                $"X-Kind: {kind}",
                "Cookie: a=b",
                "X-GitHub-Event: push"
            );
        }

        var answer = await Server.AskAsync("/services/kept/deliveries");
        var deliveries = answer.Json.GetProperty("deliveries").EnumerateArray().ToList();

        Assert.Equal(
            ["kind=y&api_key=***", "kind=b&api_key=***", "kind=x&api_key=***"],
            deliveries.Select(delivery => Text(delivery, "query"))
        );
        Assert.Equal(
            ["not_needed", "accepted", "not_needed"],
            deliveries.Select(delivery => Text(delivery, "decision"))
        );
        Assert.Equal("{\"the\": \"***\"}", Text(deliveries[0], "body"));
        Assert.Equal(
            ["Content-Type", "X-GitHub-Event", "X-Kind"],
            deliveries[0].GetProperty("headers").EnumerateArray().Select(header => Text(header, "name"))
        );
        var check = Assert.Single(deliveries[0].GetProperty("checks").EnumerateArray());
        Assert.Equal("false", Text(check, "result"));
        Assert.StartsWith("when", Text(check, "path"), StringComparison.Ordinal);
        Assert.True(deliveries[1].TryGetProperty("deploymentId", out _));
        Assert.DoesNotContain(ServiceYaml.Token, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_that_says_so_is_skipped_and_its_reason_is_told_and_kept()
    {
        const string marked = """{"message": "Mend the docs [Skip CD]"}""";
        const string reason = "skip_marks: not every commit says \"[skip cd]\": ";

        var skipped = await SendAsync("marked", $$"""{"commits": [{{marked}}, {{marked}}]}""", "X-GitHub-Event: push");
        var one = await SendAsync("marked", $$"""{"commits": [{{marked}}]}""", "X-GitHub-Event: push");
        var cut = await SendAsync(
            "marked",
            $$"""{"commits": [{{marked}}], "total_commits_count": 30}""",
            "X-Gitlab-Event: Push Hook"
        );

        Assert.Equal((200, 200, 202), (skipped.Status, one.Status, cut.Status));
        Assert.Equal(reason + "all 2 do", Text(skipped.Json, "reason"));
        Assert.Equal(reason + "its only commit does", Text(one.Json, "reason"));
        Assert.Equal("ran\n", Server.Workspace.ReadSite("marked.txt"));
        var deliveries = (await Server.AskAsync("/services/marked/deliveries"))
            .Json.GetProperty("deliveries")
            .EnumerateArray()
            .ToList();
        Assert.Equal(
            ["accepted", "not_needed", "not_needed"],
            deliveries.Select(delivery => Text(delivery, "decision"))
        );
        var check = Assert.Single(deliveries[2].GetProperty("checks").EnumerateArray());
        Assert.Equal(("skip_marks", "false"), (Text(check, "path"), Text(check, "result")));
    }

    [Fact]
    public async Task One_that_came_again_says_so()
    {
        await SendAsync("facts", Push, "Idempotency-Key: seen");
        await SendAsync("facts", Push, "Idempotency-Key: seen");

        var newest = (await Server.AskAsync("/services/facts/deliveries")).Json.GetProperty("deliveries")[0];

        Assert.Equal("repeated", Text(newest, "decision"));
        Assert.Equal("seen", Text(newest, "deliveryId"));
    }

    [Fact]
    public async Task Who_may_not_see_a_service_sees_none_of_its_deliveries()
    {
        await SendAsync("unkept", Push);

        var unkept = await Server.AskAsync("/services/unkept/deliveries");
        var unknown = await Server.AskAsync("/services/nobody/deliveries");
        var stranger = await Server.GetAsync("/services/kept/deliveries");

        Assert.Equal(0, unkept.Json.GetProperty("deliveries").GetArrayLength());
        Assert.Equal(404, unknown.Status);
        Assert.Equal(403, stranger.Status);
    }

    private Task<Answer> SendAsync(string serviceAndQuery, string body, params string[] headers) =>
        Server.SendRawAsync(
            RawRequest.Post(
                $"/deploy/{serviceAndQuery}",
                Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(body)),
                [$"X-Auth-Token: {ServiceYaml.Token}", "Content-Type: application/json", .. headers]
            )
        );

    private static string Id(Answer answer) => answer.Json.GetProperty("id").GetString()!;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
