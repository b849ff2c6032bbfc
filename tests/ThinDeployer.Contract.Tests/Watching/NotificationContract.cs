using Microsoft.AspNetCore.Http;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>That the chat is told, and what happens when the chat is not there. Each test has a chat and a server of its own.</summary>
public abstract class NotificationContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
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

    private static Task<RunningServer> StartAsync(string url, string command) =>
        StartOwnAsync(
            ServiceYaml.With("loud", WebhookReceiver.KeysFor(url), command),
            new Dictionary<string, string> { ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = Workspace.HomeLog }
        );

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
