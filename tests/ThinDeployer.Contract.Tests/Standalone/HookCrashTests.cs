using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Standalone;

/// <summary>What is told of a rollback that a crash cut off, or that runs after one.</summary>
public sealed class HookCrashTests
{
    private const string HealthToken = "the-token-of-the-health-check";

    [Fact]
    public async Task One_that_ran_at_the_crash_is_interrupted()
    {
        var start = With(ServiceYaml.With("site", "on_failure: ['touch hook; sleep 600']", "exit 3"));
        var server = await RunningServer.StartAsync(start);
        var id = await BeginAsync(server, "hook");

        await using var next = await server.CrashAndRestartAsync(start);

        Assert.Equal("failed", (await next.EndOfAsync(id)).GetProperty("status").GetString());
        Assert.Equal("on_failure interrupted", await HookAsync(next, id));
        Assert.Contains($"site: the rollback of deployment {id} did not succeed", await HealthAsync(next));
    }

    [Fact]
    public async Task One_that_runs_after_a_crash_and_is_cut_off_by_another_is_interrupted()
    {
        var start = With(ServiceYaml.With("site", "on_failure: ['touch hook; sleep 600']", "touch began; sleep 600"));
        var server = await RunningServer.StartAsync(start);
        var id = await BeginAsync(server, "began");
        server = await server.CrashAndRestartAsync(start);
        await server.Workspace.SiteHasAsync("hook");

        await using var next = await server.CrashAndRestartAsync(start);

        Assert.Equal("interrupted", (await next.EndOfAsync(id)).GetProperty("status").GetString());
        Assert.Equal("on_failure interrupted", await HookAsync(next, id));
        Assert.Contains($"site: the rollback of deployment {id} did not succeed", await HealthAsync(next));
    }

    [Theory]
    [InlineData("exit 7", "failed")]
    [InlineData("true", "succeeded")]
    public async Task One_that_runs_after_a_crash_is_told_and_the_chat_hears_of_a_failure(string hook, string status)
    {
        await using var chat = await WebhookReceiver.StartAsync();
        var keys = $"use_notification: true, notification_webhook_url: '{chat.Url}', on_failure: ['{hook}']";
        var start = With(ServiceYaml.With("site", keys, "touch began; sleep 600"));
        var server = await RunningServer.StartAsync(start);
        var id = await BeginAsync(server, "began");

        await using var next = await server.CrashAndRestartAsync(start);
        await Eventually.IsTrueAsync(
            async () => await HookAsync(next, id) == $"on_failure {status}" ? 1 : 0,
            1,
            "the rollback ended"
        );

        var isBad = status == "failed";
        Assert.Equal(isBad, (await HealthAsync(next)).Contains("the rollback of", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(
            () => Texts(chat).Any(text => text.Contains("did not succeed", StringComparison.Ordinal)) == isBad,
            "the chat is told"
        );
        Assert.All(
            Texts(chat),
            text => Assert.StartsWith("\"site\" deployment finished with a failure", text, StringComparison.Ordinal)
        );
    }

    private static IEnumerable<string> Texts(WebhookReceiver chat) =>
        chat.Messages.Select(message => message.GetProperty("text").GetString()!);

    private static async Task<string> BeginAsync(RunningServer server, string file)
    {
        var id = (await server.DeployAtOnceAsync("site")).Json.GetProperty("id").GetString()!;
        await server.Workspace.SiteHasAsync(file);
        return id;
    }

    private static async Task<string> HookAsync(RunningServer server, string id)
    {
        var deployment = (await server.AskAsync($"/deployments/{id}")).Json;
        return deployment.TryGetProperty("hooks", out var hooks)
            ? $"{hooks[0].GetProperty("hook").GetString()} {hooks[0].GetProperty("status").GetString()}"
            : "";
    }

    private static async Task<string> HealthAsync(RunningServer server) =>
        (await server.GetAsync("/technical/healthcheck", ("X-Auth-Token", HealthToken))).Text;

    private static ProgramStart With(string configuration)
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", configuration);
        return ServerStart.With(workspace) with
        {
            Settings = new Dictionary<string, string> { ["HC_TOKEN"] = HealthToken },
        };
    }
}
