using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>What the chat is told, and what happens when the chat is not there.</summary>
public abstract class NotificationContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    /// <summary>The receivers have an address of their own in each test, so each test has its own server.</summary>
    protected override string Configuration => ServiceYaml.Of("quiet", "true");

    [Theory]
    [InlineData("echo '<done>'", "successfully", "&lt;done&gt;\n")]
    [InlineData("exit 3", "with a failure", "Command \"exit 3\" failed with exit code 3\n")]
    public async Task A_deployment_is_announced_with_its_output(string command, string end, string printed)
    {
        await using var chat = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync(chat.Url, command);

        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => chat.Messages.Count > 0, "the message came");
        var message = Assert.Single(chat.Messages);
        var echo = command
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
        Assert.Equal(
            $"\"loud\" deployment finished {end}: \n\n # Deployment started: loud\n &gt; {echo}\n{printed}\n\n",
            message.GetProperty("text").GetString()
        );
        Assert.False(message.TryGetProperty("channel", out _));
    }

    [Theory]
    [InlineData(
        "exit 3",
        "on_failure: ['exit 7']",
        "with a failure, and its rollback (on_failure) did not succeed: \n"
    )]
    [InlineData("exit 3", "on_failure: ['true']", "with a failure: \n")]
    [InlineData("true", "on_success: ['exit 7']", "successfully, but its on_success did not succeed: \n")]
    public async Task A_hook_that_fails_is_told(string command, string hook, string end)
    {
        await using var chat = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync(chat.Url, command, hook);

        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => chat.Messages.Count > 0, "the message came");
        Assert.StartsWith(
            $"\"loud\" deployment finished {end}",
            Assert.Single(chat.Messages).GetProperty("text").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_group_is_the_channel()
    {
        await using var chat = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync(chat.Url, "true", "notification_group: logs");

        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => chat.Messages.Count > 0, "the message came");
        Assert.Equal("logs", Assert.Single(chat.Messages).GetProperty("channel").GetString());
    }

    [Fact]
    public async Task A_chat_that_does_not_answer_delays_nothing()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var chat = await WebhookReceiver.StartAsync(_ => release.Task);
        await using var server = await StartAsync(chat.Url, "true");

        var first = await server.DeployAsync("loud");
        await Eventually.IsTrueAsync(() => chat.Messages.Count > 0, "the chat is busy with the first message");
        var second = await server.DeployAsync("loud");

        Assert.Equal((202, 202), (first.Status, second.Status));
        Assert.False(release.Task.IsCompleted);
        release.SetResult();
        await Eventually.IsTrueAsync(() => chat.Messages.Count > 1, "the second message came");
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_the_failure_is_one_warning_without_the_secret_part()
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        await using var chat = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.Redirect(elsewhere.Url, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        await using var server = await StartAsync(chat.Url, "true");

        var answer = await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => Warnings(server).Length > 0, "the failure was logged");
        var warning = Assert.Single(Warnings(server));
        Assert.Equal(202, answer.Status);
        Assert.Contains("307", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-part", LogOf(server), StringComparison.Ordinal);
        Assert.Empty(elsewhere.Messages);
    }

    [Fact]
    public async Task A_chat_that_can_not_be_reached_is_one_warning()
    {
        var chat = await WebhookReceiver.StartAsync();
        var gone = chat.Url;
        await chat.DisposeAsync();
        await using var server = await StartAsync(gone, "true");

        var answer = await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => Warnings(server).Length > 0, "the failure was logged");
        Assert.Equal(202, answer.Status);
        Assert.Contains("loud", Assert.Single(Warnings(server)), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-part", LogOf(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_waits_is_still_sent_when_the_server_ends()
    {
        await using var chat = await WebhookReceiver.StartAsync();
        await using (var server = await StartAsync(chat.Url, "true"))
        {
            await server.DeployAsync("loud");
        }

        Assert.Single(chat.Messages);
    }

    [Fact]
    public async Task A_slow_chat_does_not_delay_another_one()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var slow = await WebhookReceiver.StartAsync(_ => release.Task);
        await using var quick = await WebhookReceiver.StartAsync();
        await using var server = await StartOwnAsync(
            ServiceYaml.With("first", Chat(slow.Url), "true") + ServiceYaml.With("second", Chat(quick.Url), "true")
        );
        // It gets 10 s for each: one behind them all would come too late for this test.
        for (var i = 0; i < 5; i++)
        {
            await server.DeployAsync("first");
        }

        await Eventually.IsTrueAsync(() => slow.Messages.Count > 0, "the slow chat is busy");

        await server.DeployAsync("second");

        await Eventually.IsTrueAsync(() => quick.Messages.Count > 0, "the other chat has its message");
        Assert.False(release.Task.IsCompleted);
        release.SetResult();
    }

    [Fact]
    public async Task Services_that_share_a_chat_are_told_in_order()
    {
        await using var chat = await WebhookReceiver.StartAsync();
        await using var server = await StartOwnAsync(
            ServiceYaml.With("first", Chat(chat.Url), "true") + ServiceYaml.With("second", Chat(chat.Url), "true")
        );

        for (var i = 0; i < 5; i++)
        {
            await server.DeployAsync("first");
            await server.DeployAsync("second");
        }

        await Eventually.IsTrueAsync(() => chat.Messages.Count == 10, "all messages came");
        Assert.All(
            chat.Messages.Select((message, index) => (message, index)),
            told =>
                Assert.StartsWith(
                    told.index % 2 == 0 ? "\"first\"" : "\"second\"",
                    told.message.GetProperty("text").GetString(),
                    StringComparison.Ordinal
                )
        );
    }

    private static string Chat(string url) => $"use_notification: true, notification_webhook_url: '{url}'";

    private static Task<RunningServer> StartAsync(string url, string command, string? more = null)
    {
        var keys = Chat(url) + (more is null ? "" : $", {more}");
        return StartOwnAsync(
            ServiceYaml.With("loud", keys, command),
            new Dictionary<string, string> { ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = Workspace.HomeLog }
        );
    }

    /// <summary>Without those of the configuration, which stand at the start.</summary>
    private static string[] Warnings(RunningServer server) =>
        [
            .. LogOf(server)
                .Split('\n')
                .Where(line =>
                    line.Contains(" WARN ", StringComparison.Ordinal)
                    && !line.Contains("deployer.yml:", StringComparison.Ordinal)
                ),
        ];

    private static string LogOf(RunningServer server) => server.Workspace.ReadHomeLog();
}
