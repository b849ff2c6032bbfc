using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>What chats are told, and in which order. All of it is the core's, in any host alike: it is tried in one.</summary>
public sealed class ChatTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
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
        await using var server = await StartAsync(chat.Url, command, $", {hook}");

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
        await using var server = await StartAsync(chat.Url, "true", ", notification_group: logs");

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
    public async Task A_slow_chat_does_not_delay_another_one()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var slow = await WebhookReceiver.StartAsync(_ => release.Task);
        await using var quick = await WebhookReceiver.StartAsync();
        await using var server = await StartOwnAsync(
            ServiceYaml.With("first", WebhookReceiver.KeysFor(slow.Url), "true")
                + ServiceYaml.With("second", WebhookReceiver.KeysFor(quick.Url), "true")
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
            ServiceYaml.With("first", WebhookReceiver.KeysFor(chat.Url), "true")
                + ServiceYaml.With("second", WebhookReceiver.KeysFor(chat.Url), "true")
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

    private static Task<RunningServer> StartAsync(string url, string command, string more = "") =>
        StartOwnAsync(ServiceYaml.With("loud", WebhookReceiver.KeysFor(url) + more, command));
}
