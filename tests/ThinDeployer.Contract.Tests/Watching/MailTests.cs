using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Standalone;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>Mail, in one host: all of it is the core's.</summary>
public sealed class MailTests(SharedServer<StandaloneServer> shared)
    : HostContract<StandaloneServer>(shared),
        IClassFixture<SharedServer<StandaloneServer>>
{
    private const string Login = "user: me, password: a-password-for-mail";

    /// <summary>RFC 4616: a name and a password, each behind a NUL.</summary>
    private static string Proof { get; } = Convert.ToBase64String("\0me\0a-password-for-mail"u8);

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
        await using var post = MailReceiver.Start(new MailManner { AnswerToData = answer });
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

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task A_login_goes_to_a_server_that_is_trusted(string tls)
    {
        using var authority = CertificateFiles.MakeAuthority("of the house");
        using var certificate = CertificateFiles.MakeServer(authority, IPAddress.Loopback);
        await using var post = MailReceiver.Start(Safe(certificate, tls));
        await using var server = await StartAsync(post, $"tls: {tls}, {Login}", authority);

        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => post.Mails.Count > 0, "the mail came");
        Assert.Contains($"AUTH PLAIN {Proof}", post.Lines);
        Assert.Contains("printed", Assert.Single(post.Mails), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("starttls", "nobody")]
    [InlineData("tls", "nobody")]
    [InlineData("starttls", "another name")]
    [InlineData("tls", "another name")]
    public async Task A_certificate_that_is_not_right_gets_no_password(string tls, string wrong)
    {
        using var authority = CertificateFiles.MakeAuthority("of the house");
        using var stranger = CertificateFiles.MakeAuthority("nobody knows");
        using var right = CertificateFiles.MakeServer(authority, IPAddress.Loopback);
        using var certificate =
            wrong == "nobody"
                ? CertificateFiles.MakeServer(stranger, IPAddress.Loopback)
                : CertificateFiles.MakeServer(authority, IPAddress.Parse("192.0.2.1"));
        await using var post = MailReceiver.Start(Safe(certificate, tls));
        await using var server = await StartAsync(post, $"tls: {tls}, {Login}", authority);

        await server.DeployAsync("loud");

        await WaitingOutbox.SaysAsync(server, "waiting", "its certificate is not trusted, or it speaks no TLS there");
        Assert.DoesNotContain(post.Lines, line => line.StartsWith("AUTH", StringComparison.Ordinal));
        post.Manner = Safe(right, tls);
        await WaitingOutbox.EmptyAsync(server);
        Assert.Single(post.Mails);
    }

    [Fact]
    public async Task One_that_drops_tls_gets_no_password()
    {
        await using var post = MailReceiver.Start(new MailManner { TakesLogins = true });
        await using var server = await StartAsync(post, Login);

        await server.DeployAsync("loud");

        await WaitingOutbox.SaysAsync(
            server,
            "notTold",
            "it does not offer what is asked for, such as STARTTLS or a login"
        );
        Assert.DoesNotContain(post.Lines, line => line.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.Empty(post.Mails);
    }

    [Theory]
    [InlineData("535 5.7.8 no", "notTold", "it refuses the login")]
    [InlineData("454 4.7.0 later", "waiting", "it can't look at logins now")]
    public async Task What_is_said_to_a_login_decides_whether_it_comes_again(string answer, string where, string why)
    {
        using var authority = CertificateFiles.MakeAuthority("of the house");
        using var certificate = CertificateFiles.MakeServer(authority, IPAddress.Loopback);
        await using var post = MailReceiver.Start(Safe(certificate, "starttls") with { AnswerToLogin = answer });
        await using var server = await StartAsync(post, Login, authority);

        await server.DeployAsync("loud");

        await WaitingOutbox.SaysAsync(server, where, why);
        Assert.Empty(post.Mails);
    }

    /// <summary>A mail server that others wrote, which says that it takes no mail without TLS.</summary>
    [MailServerFact]
    public async Task Mail_comes_to_a_real_server()
    {
        using var authority = CertificateFiles.MakeAuthority("of the house");
        using var certificate = CertificateFiles.MakeServer(authority, IPAddress.Loopback);
        var (port, workspace) = (ListenTests.FreePort(), new Workspace());
        CertificateFiles.Write(workspace, certificate);
        using var real = Process.Start(
            MailServerFactAttribute.Program,
            [
                "--nosetuid",
                $"--listen=127.0.0.1:{port}",
                $"--tlscert={workspace.At("cert.pem")}",
                $"--tlskey={workspace.At("key.pem")}",
                "--class=aiosmtpd.handlers.Mailbox",
                workspace.At("mails"),
            ]
        );
        try
        {
            await using var server = await StartAsync(port, "tls: starttls", authority, workspace);

            await server.DeployAsync("loud");

            // What comes before it listens is tried again.
            var mails = workspace.At("mails", "new");
            await Eventually.IsTrueAsync(
                () => Directory.Exists(mails) && Directory.GetFiles(mails).Length == 1,
                "it came"
            );
            var mail = await File.ReadAllTextAsync(Directory.GetFiles(mails)[0]);
            Assert.Contains("X-RcptTo: ops@example.org, dev@example.org", mail, StringComparison.Ordinal);
            Assert.Contains("Subject: loud: deployment failed", mail, StringComparison.Ordinal);
            Assert.Contains("printed", mail, StringComparison.Ordinal);
        }
        finally
        {
            real.Kill();
            await real.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task One_that_is_silent_delays_no_other()
    {
        await using var silent = new OddReceiver(OddReceiver.SilentAsync);
        await using var post = MailReceiver.Start();
        await using var server = await StartOwnAsync(
            Telling(
                $"host: 127.0.0.1, port: {silent.Port}, tls: none",
                $"host: 127.0.0.1, port: {post.Port}, tls: none"
            )
        );

        await server.DeployAsync("loud");

        await Eventually.IsTrueAsync(() => silent.Count > 0 && post.Mails.Count == 1, "the other is told");
    }

    private static MailManner Safe(X509Certificate2 certificate, string tls) =>
        new()
        {
            Certificate = certificate,
            TakesLogins = true,
            HasTlsFromTheStart = tls == "tls",
        };

    private static Task<RunningServer> StartAsync(MailReceiver post, string keys, X509Certificate2? authority = null) =>
        StartAsync(post.Port, keys, authority, new Workspace());

    private static Task<RunningServer> StartAsync(
        int port,
        string keys,
        X509Certificate2? authority,
        Workspace workspace
    )
    {
        workspace.Write("deployer.yml", Telling($"host: 127.0.0.1, port: {port}, {keys}"));
        return RunningServer.StartAsync(
            new ProgramStart(new StandaloneServer(), workspace)
            {
                Settings = authority is null ? NoSettings : CertificateFiles.Trusting(workspace, authority),
            }
        );
    }

    private static string Telling(params string[] servers) =>
        ServiceYaml.With(
            "loud",
            "notify: ["
                + string.Join(
                    ", ",
                    servers.Select(server =>
                        "{to: email, recipients: [ops@example.org, dev@example.org], from: deploy@example.org, "
                        + $"smtp: {{{server}}}}}"
                    )
                )
                + "]",
            "echo printed; exit 3"
        );

    private sealed class MailServerFactAttribute : LimitedFactAttribute
    {
        internal const string Program = "/usr/bin/aiosmtpd";

        public MailServerFactAttribute()
        {
            if (!File.Exists(Program))
            {
                Skip = $"{Program} is not installed; Debian has it in python3-aiosmtpd.";
            }
        }
    }
}
