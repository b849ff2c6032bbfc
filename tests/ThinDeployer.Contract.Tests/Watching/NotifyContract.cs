using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>That people are told what they want to know, and what happens when they can't be.</summary>
public abstract class NotifyContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    [Theory]
    [InlineData("slack", "", "/services/T000/secret-part")]
    [InlineData("mattermost", "", "/services/T000/secret-part")]
    [InlineData("discord", "", "/services/T000/secret-part")]
    [InlineData("teams", "", "/services/T000/secret-part")]
    [InlineData("webhook", "", "/services/T000/secret-part")]
    [InlineData("ntfy", "", "/services/T000/")]
    [InlineData("gotify", ", token: a-token-of-gotify", "/services/T000/secret-part/message")]
    [InlineData("telegram", ", token: '123:abc', chat: '-1'", "/services/T000/secret-part/bot123:abc/sendMessage")]
    public async Task Each_kind_tells_of_a_failure(string kind, string keys, string path)
    {
        await using var chat = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync($"{{to: {kind}, url: '{chat.Url}'{keys}}}", "echo printed; exit 3");

        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => chat.Requests.Count > 0, "the message came");
        var request = Assert.Single(chat.Requests);
        Assert.Equal(path, request.Path);
        Assert.Contains("loud", request.Body, StringComparison.Ordinal);
        Assert.Contains("failed", request.Body, StringComparison.Ordinal);
        Assert.Contains("printed", request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_success_is_told_only_after_a_failure_and_the_same_failure_once()
    {
        await using var chat = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync($"{{to: webhook, url: '{chat.Url}'}}", "test ! -e bad");

        await server.DeployAsync("loud");
        await File.WriteAllTextAsync(Path.Join(server.Workspace.Site, "bad"), "");
        await server.DeployAsync("loud");
        await server.DeployAsync("loud");
        await server.DeployAsync("loud");
        var held = (await server.AskAsync("/outbox")).Json.GetProperty("waiting");
        File.Delete(Path.Join(server.Workspace.Site, "bad"));
        await server.DeployAsync("loud");
        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => chat.Messages.Count >= 3, "the messages came");
        Assert.Equal(
            ["deployment.failed", "deployment.failed", "deployment.recovered"],
            chat.Messages.Select(message => message.GetProperty("type").GetString()!)
        );
        Assert.Equal(2, chat.Messages.ElementAt(1).GetProperty("data").GetProperty("repeats").GetInt32());
        var repeated = held.EnumerateArray().Where(one => one.TryGetProperty("repeats", out _));
        Assert.Equal(2, Assert.Single(repeated).GetProperty("repeats").GetInt32());
        Assert.Equal("""{"waiting":[],"notTold":[]}""", (await WaitingOutbox.EmptyAsync(server)).ToString());
    }

    [Fact]
    public async Task A_message_says_who_what_and_where()
    {
        await using var chat = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync(
            $"{{to: webhook, url: '{chat.Url}', on: [started, succeeded], secret: whsec_c2VjcmV0LW9mLXRoZS1ob29r}}",
            "echo $DEPLOYMENT_ID",
            new() { ["THIN_DEPLOYER_PUBLIC_URL"] = "https://deploy.example.org/base/" }
        );

        var id = (await server.DeployAsync("loud")).Json.GetProperty("id").GetString();

        await Eventually.IsTrueAsync(() => chat.Requests.Any(IsEnd), "the message came");
        var request = chat.Requests.First(IsEnd);
        var data = JsonElement.Parse(request.Body).GetProperty("data");
        Assert.Equal($"https://deploy.example.org/base/ui/deployments/{id}", data.GetProperty("link").GetString());
        Assert.Equal(id, data.GetProperty("deployment").GetProperty("id").GetString());
        Assert.Equal("succeeded", data.GetProperty("deployment").GetProperty("status").GetString());
        Assert.Contains(id!, data.GetProperty("output").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("v1,", request.Headers["webhook-signature"], StringComparison.Ordinal);

        static bool IsEnd(ReceivedRequest one) => one.Body.Contains("deployment.succeeded", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_chat_does_not_take_comes_again_and_in_order()
    {
        var isDown = true;
        await using var chat = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref isDown) ? 503 : 204;
            return Task.CompletedTask;
        });
        await using var server = await StartAsync(
            $"{{to: webhook, url: '{chat.Url}', on: [succeeded, failed]}}",
            "test -e good"
        );

        await server.DeployAsync("loud");
        await Eventually.IsTrueAsync(() => chat.Requests.Count > 0, "it was tried");
        await File.WriteAllTextAsync(Path.Join(server.Workspace.Site, "good"), "");
        await server.DeployAsync("loud");
        var waiting = (await server.AskAsync("/outbox")).Json.GetProperty("waiting");
        Volatile.Write(ref isDown, false);

        await WaitingOutbox.EmptyAsync(server);
        Assert.Equal(2, waiting.GetArrayLength());
        Assert.Equal(
            ["deployment.failed", "deployment.succeeded"],
            chat.Messages.TakeLast(2).Select(message => message.GetProperty("type").GetString()!)
        );
        var ids = chat.Requests.Select(request => request.Headers["webhook-id"]).ToList();
        Assert.Equal(ids[0], ids[^2]);
        Assert.NotEqual(ids[0], ids[^1]);
    }

    [Fact]
    public async Task What_is_refused_is_shown_with_the_reason()
    {
        await using var chat = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await using var server = await StartAsync($"{{to: slack, url: '{chat.Url}'}}", "exit 3");

        await server.DeployAsync("loud");

        var outbox = await WaitingOutbox.EmptyAsync(server);
        var refused = Assert.Single(outbox.GetProperty("notTold").EnumerateArray());
        Assert.Equal("loud", refused.GetProperty("service").GetString());
        Assert.Equal("it answered 404", refused.GetProperty("reason").GetString());
        Assert.DoesNotContain("secret-part", outbox.ToString(), StringComparison.Ordinal);
        Assert.Single(chat.Requests);
    }

    [Fact]
    public async Task An_address_in_a_file_may_change()
    {
        await using var first = await WebhookReceiver.StartAsync();
        await using var second = await WebhookReceiver.StartAsync();
        var workspace = new Workspace();
        await File.WriteAllTextAsync(workspace.At("chat.url"), first.Url + "\n");
        await using var server = await StartAsync(
            "{to: webhook, url_file: chat.url, on: [succeeded]}",
            "true",
            workspace: workspace
        );

        await server.DeployAsync("loud");
        await Eventually.IsTrueAsync(() => first.Requests.Count == 1, "the first message came");
        await File.WriteAllTextAsync(workspace.At("chat.url"), second.Url + "\n");
        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => second.Requests.Count == 1, "the second message came");
        Assert.Single(first.Requests);
    }

    private static Task<RunningServer> StartAsync(
        string target,
        string command,
        Dictionary<string, string>? environment = null,
        Workspace? workspace = null
    ) =>
        StartAsync(workspace ?? new Workspace(), ServiceYaml.With("loud", $"notify: [{target}]", command), environment);

    private static Task<RunningServer> StartAsync(
        Workspace workspace,
        string configuration,
        Dictionary<string, string>? environment
    )
    {
        workspace.Write("deployer.yml", configuration);
        return RunningServer.StartAsync(new ProgramStart(new THost(), workspace) { Settings = environment ?? [] });
    }
}
