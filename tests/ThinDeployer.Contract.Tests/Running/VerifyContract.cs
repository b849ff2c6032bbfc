using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>Whether what was deployed answers decides how the deployment ends.</summary>
public abstract class VerifyContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string OnFailure = "on_failure: ['echo rolled back $DEPLOYMENT_STATUS $DEPLOYMENT_FAILED_STEP']";
    private const string OnSuccess = "on_success: [echo done $DEPLOYMENT_STATUS]";
    private const string Key = "a-key-in-the-environment";
    private const string Quick = "retries: 1, delay: 1ms";

    private static string Shop => StandInShop.Shared.Url;

    protected override string Configuration =>
        Checked("good", $"{{url: '{Shop}/up', contains: naïvely}}", "{run: touch checked}")
        + Checked("third", $"{{url: '{Shop}/third-time/{Path.GetRandomFileName()}', delay: 2ms}}")
        + Checked("here", $"{{url: '{Shop}/here'}}")
        + Checked("moved", $"{{url: '{Shop}/away', status: 302}}")
        + Checked("endless-good", $"{{url: '{Shop}/endless', contains: xxxx}}")
        + Checked("bad", $"{{url: '{Shop}/down', {Quick}}}", "{run: touch bad.never}")
        + Checked("wrong-text", $"{{url: '{Shop}/up', contains: down, {Quick}}}")
        + Checked("away", $"{{url: '{Shop}/away', {Quick}}}")
        + Checked("round", $"{{url: '{Shop}/round', {Quick}}}")
        + Checked("slow", $"{{url: '{Shop}/slow', timeout: 100ms, {Quick}}}")
        + Checked("trickle", $"{{url: '{Shop}/trickle', contains: y, timeout: 100ms, {Quick}}}")
        + Checked("endless", $"{{url: '{Shop}/endless', contains: y, {Quick}}}")
        + Checked("broken", $"{{url: '{Shop}/broken', {Quick}}}")
        + Checked("nothing", $"{{url: 'http://127.0.0.1:1/', {Quick}}}")
        + Checked("no-tls", $"{{url: '{Shop.Replace("http", "https", StringComparison.Ordinal)}/', {Quick}}}")
        + Checked("run", "{run: 'echo asks; exit 3', retries: 2, delay: 1ms}")
        + Checked("run-late", $"{{run: sleep 600, timeout: 200ms, {Quick}}}")
        + ServiceYaml.With("first-step", $"verify: [{{run: touch first-step.never}}], {OnFailure}", "exit 3")
        + ServiceYaml.With(
            "time-up",
            $"timeout: 500ms, verify: [{{url: '{Shop}/slow', timeout: 1h}}], {OnFailure}",
            "true"
        )
        + Checked("waits", $"{{url: '{Shop}/down?waits', delay: 1h}}")
        + Checked("asks", $"{{url: '{Shop}/slow?asks', timeout: 1h}}")
        + Checked("runs", "{run: touch runs.began; sleep 600, timeout: 1h}")
        + Checked("secret", $"{{url: '{Shop}/down?key=${{SHOP_KEY}}', {Quick}}}", "{run: 'true'}")
        + ServiceYaml.With(
            "masked",
            $"environment: {{KEY: {{secret: {Key}}}}}, verify: [{{run: 'echo \"$KEY\"; exit 1', {Quick}}}]",
            "true"
        )
        + ServiceYaml.With(
            "facts",
            "vars: {tag: none}, verify: [{run: 'echo %tag% $DEPLOYMENT_SERVICE; pwd'}]",
            "true"
        );

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string> { ["SHOP_KEY"] = Key };

    [Theory]
    [InlineData("good", 1)]
    [InlineData("third", 3)]
    [InlineData("here", 1)]
    [InlineData("moved", 1)]
    [InlineData("endless-good", 1)]
    public async Task What_answers_as_it_must_has_succeeded(string service, int attempts)
    {
        var answer = await Server.DeployAsync(service);

        var checks = Hooks(answer.Json, "verify");
        Assert.Equal((202, "succeeded"), (answer.Status, Text(answer.Json, "status")));
        Assert.All(checks, check => Assert.Equal("succeeded", Text(check, "status")));
        Assert.Equal(attempts, checks[0].GetProperty("attempts").GetInt32());
        Assert.StartsWith($"GET {Shop}/", Text(checks[0], "command"), StringComparison.Ordinal);
        Assert.Single(answer.Json.GetProperty("steps").EnumerateArray());
        Assert.Contains("done succeeded", answer.Printed);
        Assert.Equal(1, answer.OutputLines.Count(line => line == " # verify"));
        Assert.Equal(
            answer.Json.GetProperty("hooks").ToString(),
            (await FindAsync(answer)).GetProperty("hooks").ToString()
        );
    }

    /// <summary>Why, and how often it was tried.</summary>
    public static TheoryData<string, string> BadOnes =>
        new()
        {
            { "bad", "failed: it answered 503, not 200" },
            { "wrong-text", "failed: it answered 200, but the text that must be in it is not" },
            { "away", "failed: it answered 302, which leads to another host, and that is not followed" },
            { "round", "failed: it led on more than 5 times" },
            { "slow", "failed: it took longer than 100ms and was stopped" },
            { "trickle", "failed: it took longer than 100ms and was stopped" },
            { "endless", "failed: it answered 200, but the text that must be in it is not" },
            { "broken", "failed: it broke its answer off" },
            { "nothing", "failed: nothing listens there" },
            { "no-tls", "failed: TLS failed, or its certificate is not trusted" },
        };

    [Theory]
    [MemberData(nameof(BadOnes))]
    public async Task What_does_not_has_failed_and_is_rolled_back(string service, string why)
    {
        var answer = await Server.DeployAsync(service);

        var check = Assert.Single(Hooks(answer.Json, "verify"));
        var asked = Text(check, "command");
        Assert.Equal((500, "failed"), (answer.Status, Text(answer.Json, "status")));
        Assert.Equal(("failed", 2), (Text(check, "status"), check.GetProperty("attempts").GetInt32()));
        Assert.Equal($"Check \"{asked}\" {why}", Text(check, "message"));
        Assert.Equal(2, answer.OutputLines.Count(line => line == $"Check \"{asked}\" {why}"));
        Assert.Contains("Trying again in 1ms (1 of 1)", answer.OutputLines);
        Assert.Contains($"rolled back failed {asked}", answer.Printed);
        Assert.Equal("succeeded", Text(Assert.Single(Hooks(answer.Json, "on_failure")), "status"));
        Assert.False(File.Exists(Server.Workspace.At("site", $"{service}.never")));
        Assert.Equal(0, StandInShop.Shared.Asked("/up?away"));
    }

    [Fact]
    public async Task A_command_is_tried_as_often_without_waiting_longer_each_time()
    {
        var answer = await Server.DeployAsync("run");

        var check = Assert.Single(Hooks(answer.Json, "verify"));
        Assert.Equal("failed", Text(answer.Json, "status"));
        Assert.Equal((3, 3), (check.GetProperty("attempts").GetInt32(), check.GetProperty("exitCode").GetInt32()));
        Assert.Contains("Trying again in 1ms (2 of 2)", answer.OutputLines);
        Assert.Equal(3, answer.Printed.Count(line => line == "asks"));
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_stopped_whole_and_tried_again()
    {
        var answer = await Server.DeployAsync("run-late");

        var check = Assert.Single(Hooks(answer.Json, "verify"));
        Assert.Equal(("failed", "failed"), (Text(answer.Json, "status"), Text(check, "status")));
        Assert.Equal(2, check.GetProperty("attempts").GetInt32());
        Assert.Empty(ForeignProcess.Below(Server.Workspace.Site));
    }

    [Fact]
    public async Task Nothing_is_verified_behind_a_step_that_failed()
    {
        var answer = await Server.DeployAsync("first-step");

        Assert.Empty(Hooks(answer.Json, "verify"));
        Assert.Contains("rolled back failed exit 3", answer.Printed);
        Assert.False(File.Exists(Server.Workspace.At("site", "first-step.never")));
    }

    [Fact]
    public async Task The_time_of_the_deployment_ends_it_too()
    {
        var answer = await Server.DeployAsync("time-up");

        Assert.Equal((500, "timed_out"), (answer.Status, Text(answer.Json, "status")));
        Assert.Equal("timed_out", Text(Assert.Single(Hooks(answer.Json, "verify")), "status"));
        Assert.Contains($"rolled back timed_out GET {Shop}/slow", answer.Printed);
    }

    [Theory]
    [InlineData("waits", "/down?waits")]
    [InlineData("asks", "/slow?asks")]
    [InlineData("runs", "")]
    public async Task Who_cancels_stops_it_at_once(string service, string target)
    {
        var before = StandInShop.Shared.Asked(target);
        var id = (await Server.DeployAtOnceAsync(service)).Json.GetProperty("id").GetString()!;
        await (
            target.Length > 0
                ? Eventually.IsTrueAsync(() => StandInShop.Shared.Asked(target) > before, "it asks")
                : Server.Workspace.SiteHasAsync("runs.began")
        );

        var running = Hooks((await Server.AskAsync($"/deployments/{id}")).Json, "verify");
        await Server.ControlAsync($"{id}/cancel");
        var end = await Server.EndOfAsync(id);

        Assert.Equal("running", Text(Assert.Single(running), "status"));
        Assert.Equal("cancelled", Text(end, "status"));
        Assert.Equal("cancelled", Text(Assert.Single(Hooks(end, "verify")), "status"));
        Assert.Equal("succeeded", Text(Assert.Single(Hooks(end, "on_failure")), "status"));
        Assert.Empty(ForeignProcess.Below(Server.Workspace.Site));
    }

    [Fact]
    public async Task What_the_environment_fills_into_an_address_is_sent_and_shown_nowhere()
    {
        var answer = await Server.DeployAsync("secret");

        var found = await Server.AskAsync($"/deployments/{Text(answer.Json, "id")}");
        Assert.True(StandInShop.Shared.Asked($"/down?key={Key}") > 0);
        Assert.Contains($"rolled back failed GET {Shop}/down?key=${{SHOP_KEY}}", answer.Printed);
        Assert.DoesNotContain(Key, answer.Text + found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_a_check_prints_is_masked()
    {
        var answer = await Server.DeployAsync("masked");

        Assert.Contains("***", answer.Printed);
        Assert.DoesNotContain(Key, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_has_the_values_and_the_environment_of_a_step()
    {
        var answer = await Server.DeployAsync("facts?tag=v1");

        Assert.Equal(["v1 facts", Server.Workspace.Site], answer.Printed);
    }

    [Theory]
    [InlineData("echo back", ", rolled back")]
    [InlineData("exit 7", ", and the rollback failed")]
    public async Task Chat_and_forge_are_told_that_it_did_not_answer_and_whether_it_was_rolled_back(
        string hook,
        string told
    )
    {
        await using var chat = await WebhookReceiver.StartAsync();
        await using var forge = await StandInForge.StartAsync();
        await using var server = await StartOwnAsync(
            ServiceYaml.With(
                "site",
                $"verify: [{{url: '{Shop}/down', {Quick}}}], on_failure: [{hook}], notify: [{{to: slack, url: '{chat.Url}'}}], "
                    + $"report: {{forge: gitea, api: '{forge.Url}', token: forge-token, repository: octo/shop}}",
                "true"
            )
        );
        using var push = new StringContent(
            "{\"ref\": \"refs/heads/main\", \"after\": \"59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5\"}",
            System.Text.Encoding.UTF8,
            "application/json"
        );

        await server.SendAsync(
            HttpMethod.Post,
            "/deploy/site",
            push,
            ("X-Auth-Token", ServiceYaml.Token),
            ("X-GitHub-Event", "push")
        );

        await Eventually.IsTrueAsync(
            () =>
                chat.Messages.Any(message => message.ToString().Contains(told, StringComparison.Ordinal))
                && forge.Requests.Any(request =>
                    request.Body.ToString().Contains($"{told}\"", StringComparison.Ordinal)
                    && request.Body.ToString().Contains("Failed its verification", StringComparison.Ordinal)
                ),
            "both are told"
        );
        var text = Assert.Single(chat.Messages).ToString();
        Assert.Contains(hook == "exit 7" ? "exit 7" : $"GET {Shop}/down", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_follows_sees_each_check_begin_and_end()
    {
        var id = (await Server.DeployAtOnceAsync("run")).Json.GetProperty("id").GetString()!;

        await using var live = await Server.FollowAsync(id);
        var steps = (await live.AllAsync())
            .Where(one => one.Type == "step")
            .Select(one => one.Data)
            .Select(step =>
                $"{(step.TryGetProperty("hook", out var hook) ? hook.GetString() : "")} {Text(step, "status")}"
            );

        Assert.Equal(
            [" running", " succeeded", "verify running", "verify failed", "on_failure running", "on_failure succeeded"],
            steps
        );
    }

    private static string Checked(string name, params string[] checks) =>
        ServiceYaml.With(name, $"verify: [{string.Join(", ", checks)}], {OnFailure}, {OnSuccess}", "true");

    private static List<JsonElement> Hooks(JsonElement deployment, string hook) =>
        deployment.TryGetProperty("hooks", out var hooks)
            ? [.. hooks.EnumerateArray().Where(step => Text(step, "hook") == hook)]
            : [];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private async Task<JsonElement> FindAsync(Answer answer) =>
        (await Server.AskAsync($"/deployments/{Text(answer.Json, "id")}")).Json;
}
