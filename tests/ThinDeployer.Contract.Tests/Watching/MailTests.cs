using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>Mail, in one host: all of it is the core's.</summary>
public sealed class MailTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    [Fact]
    public async Task A_failure_comes_by_mail()
    {
        await using var post = MailReceiver.Start();
        await using var server = await StartAsync(post, "tls: none");

        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => post.Mails.Count > 0, "the mail came");
        var mail = Assert.Single(post.Mails);
        Assert.Contains("RCPT TO:<ops@example.org>", mail, StringComparison.Ordinal);
        Assert.Contains("RCPT TO:<dev@example.org>", mail, StringComparison.Ordinal);
        Assert.Contains("Subject: loud: deployment failed", mail, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", mail, StringComparison.Ordinal);
        Assert.Contains("printed", mail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("550 no", "notTold", "it answered 550")]
    [InlineData("451 later", "waiting", "it answered 451")]
    public async Task What_the_server_says_decides_whether_it_comes_again(string answer, string where, string why)
    {
        await using var post = MailReceiver.Start(answer);
        await using var server = await StartAsync(post, "tls: none");

        await server.DeployAsync("loud");

        await WaitingOutbox.SaysAsync(server, where, why);
    }

    [Fact]
    public async Task Nothing_goes_in_the_clear_where_nobody_said_so()
    {
        await using var post = MailReceiver.Start();
        await using var server = await StartAsync(post, "user: me, password: a-password-for-mail");

        await server.DeployAsync("loud");

        await WaitingOutbox.SaysAsync(
            server,
            "notTold",
            "it does not offer what is asked for, such as STARTTLS or a login"
        );
        Assert.Empty(post.Mails);
    }

    private static Task<RunningServer> StartAsync(MailReceiver post, string keys) =>
        StartOwnAsync(
            ServiceYaml.With(
                "loud",
                "notify: [{to: email, recipients: [ops@example.org, dev@example.org], from: deploy@example.org, "
                    + $"smtp: {{host: 127.0.0.1, port: {post.Port}, {keys}}}}}]",
                "echo printed; exit 3"
            )
        );
}
