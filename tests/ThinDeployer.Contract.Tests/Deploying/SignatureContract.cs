using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>Who signs its requests needs no token, and who signs wrongly is not let in.</summary>
public abstract class SignatureContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Secret = "the-secret-of-the-sender";
    private const string WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Body = "{\"ref\": \"refs/heads/main\", \"name\": \"Ünï\"}";

    protected override string Configuration =>
        Signed("github", $"secret: [an-older-secret-of-it, {Secret}]")
        + Signed("bitbucket", $"secret: {Secret}")
        + Signed("gitea", $"secret: {Secret}")
        + Signed("forgejo", "secret_file: secrets.txt")
        + Signed("gogs", $"secret: {Secret}")
        + Signed("gitlab", $"secret: {Secret}")
        + Signed("standard-webhooks", $"secret: {WebhookSecret}")
        + Signed("hmac", $"secret: {Secret}, header: X-Mine, algorithm: sha512, encoding: base64, prefix: 'v1:'")
        + ServiceYaml.With("both", $"signature: {{sender: github, secret: {Secret}}}, respond: wait", "echo ran")
        + ServiceYaml.With("at-once", $"signature: {{sender: github, secret: {Secret}}}", "true")
        + ServiceYaml.With("token-only", "", "true")
        + ServiceYaml.With("header", "token_header: X-Registry-Token", "true");

    /// <summary>The file: some hosts have the console to themselves. It is made with the first line.</summary>
    private string Log =>
        Server.Workspace.At("server.log") is var file && File.Exists(file) ? File.ReadAllText(file) : "";

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_LOG_FILE_PREFIX"] = workspace.At("server.log"),
            // All that is refused here comes from one address.
            ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "0",
        };
    }

    protected override void Prepare(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.Write("secrets.txt", $"an-older-secret-of-it\n{Secret}\n");
    }

    public static TheoryData<string, string> RightOnes =>
        new()
        {
            { "github", $"X-Hub-Signature-256: sha256={Hex(Secret)}" },
            { "github", $"X-Hub-Signature-256: sha256={Hex("an-older-secret-of-it").ToUpperInvariant()}" },
            { "bitbucket", $"X-Hub-Signature: sha256={Hex(Secret)}" },
            { "gitea", $"X-Gitea-Signature: {Hex(Secret)}" },
            { "forgejo", $"X-Forgejo-Signature: {Hex(Secret)}\nX-Gitea-Signature: {Hex(Secret)}" },
            { "gogs", $"X-Gogs-Signature: {Hex(Secret)}" },
            { "gitlab", $"X-Gitlab-Token: {Secret}" },
            { "hmac", $"X-Mine: v1:{Convert.ToBase64String(HMACSHA512.HashData(Bytes(Secret), Bytes(Body)))}" },
        };

    [Theory]
    [MemberData(nameof(RightOnes))]
    public async Task A_right_signature_admits_without_a_token(string service, string headers)
    {
        var answer = await SendAsync(service, Body, headers);

        Assert.Equal(202, answer.Status);
        Assert.Equal($" # Deployment started: {service}\n > echo ran\nran\n", answer.Output);
    }

    /// <summary>Such as the "Authorization header" that Forgejo and Gitea let one set beside the secret.</summary>
    [Theory]
    [MemberData(nameof(RightOnes))]
    public async Task It_admits_whatever_stands_where_a_token_may(string service, string headers)
    {
        foreach (var other in (string[])["Bearer foreign", "Basic Zm9vOmJhcg==", "token foreign", ""])
        {
            var answer = await SendAsync(
                $"{service}?token=wrong",
                Body,
                $"{headers}\nAuthorization: {other}\nX-Auth-Token: wrong"
            );

            Assert.Equal(202, answer.Status);
        }
    }

    [Fact]
    public async Task A_webhook_is_signed_with_its_id_and_time()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(202, (await SendAsync("standard-webhooks", Body, Webhook(now))).Status);
        Assert.Equal(202, (await SendAsync("standard-webhooks", Body, Webhook(now - 290))).Status);
        Assert.Equal(403, (await SendAsync("standard-webhooks", Body, Webhook(now - 310))).Status);
        Assert.Equal(403, (await SendAsync("standard-webhooks", Body, Webhook(now + 400))).Status);
        Assert.Equal(403, (await SendAsync("standard-webhooks", Body + " ", Webhook(now))).Status);
    }

    [Theory]
    [InlineData("X-GitHub-Delivery: other-1")]
    [InlineData("Idempotency-Key: other-2")]
    [InlineData("X-Request-UUID: other-3")]
    public async Task A_signed_id_is_the_only_one_that_counts(string other)
    {
        var overheard = Webhook(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

        var first = await SendAsync("standard-webhooks", Body, overheard);
        var again = await SendAsync("standard-webhooks", Body, $"{overheard}\n{other}");

        Assert.Equal(202, again.Status);
        Assert.Equal(first.Header("X-Deployment-Id"), again.Header("X-Deployment-Id"));
    }

    [Fact]
    public async Task Where_none_is_signed_the_senders_own_counts()
    {
        var signature = $"X-Hub-Signature-256: sha256={Hex(Secret)}\nX-GitHub-Delivery: own";

        var first = await SendAsync("both", Body, $"{signature}\nX-Gitea-Delivery: other-1");
        var again = await SendAsync("both", Body, $"{signature}\nX-Gitea-Delivery: other-2\nIdempotency-Key: other-3");

        Assert.Equal(first.Header("X-Deployment-Id"), again.Header("X-Deployment-Id"));
    }

    [Theory]
    [MemberData(nameof(RightOnes))]
    public async Task Another_body_does_not_fit_it(string service, string headers)
    {
        if (service == "gitlab")
        {
            // Its secret stands in the head, whatever the body is.
            return;
        }

        Refusal.AssertOf(await SendAsync(service, Body + " ", headers), service);
        Refusal.AssertOf(await SendAsync(service, "", headers), service);
    }

    public static TheoryData<string, string, string, string> WrongOnes =>
        new()
        {
            { "github", "", "signature_missing", "" },
            { "github", $"X-Auth-Token: {Secret}", "signature_missing", "" },
            { "github", "X-Hub-Signature-256:", "signature_empty", "github" },
            { "github", $"X-Hub-Signature-256: sha256={Hex("wrong")}", "signature_mismatch", "github" },
            { "github", $"X-Hub-Signature-256: {Hex(Secret)}", "signature_malformed", "github" },
            { "github", $"X-Hub-Signature-256: sha256={Hex(Secret)}00", "signature_malformed", "github" },
            { "github", $"X-Hub-Signature: sha1={Sha1(Secret)}", "signature_outdated", "github" },
            {
                "github",
                $"X-Hub-Signature-256: sha256={Hex(Secret)}\nX-Hub-Signature-256: sha256={Hex(Secret)}",
                IsBehindProxy ? "signature_malformed" : "signature_twice",
                "github"
            },
            { "gitea", "X-Gitea-Signature:", "signature_empty", "gitea" },
            { "gitea", $"X-Gogs-Signature: {Hex(Secret)}", "signature_missing", "gogs" },
            { "gitlab", "X-Gitlab-Token: wrong", "signature_mismatch", "gitlab" },
            { "gitlab", $"X-Gitlab-Token: {Hex(Secret)}", "signature_mismatch", "gitlab" },
            {
                "standard-webhooks",
                "webhook-signature: v1,x\nwebhook-id: x",
                "timestamp_malformed",
                "standard-webhooks"
            },
            {
                "standard-webhooks",
                "webhook-signature: v1,x\nwebhook-timestamp: 1",
                "webhook_id_malformed",
                "standard-webhooks"
            },
            {
                "standard-webhooks",
                "webhook-signature: v1,x\nwebhook-id: x\nwebhook-timestamp: 1",
                "timestamp_outside_tolerance",
                "standard-webhooks"
            },
            { "token-only", $"X-Hub-Signature-256: sha256={Hex(Secret)}", "signature_not_configured", "github" },
        };

    [Theory]
    [MemberData(nameof(WrongOnes))]
    public async Task A_wrong_one_is_refused_and_the_log_says_why_without_saying_what_is_right(
        string service,
        string headers,
        string reason,
        string sender
    )
    {
        var signed = sender.Length > 0 ? $" signed as {sender}" : "";
        Refusal.AssertOf(await SendAsync(service, Body, headers), service);

        await Eventually.IsTrueAsync(
            () => Log.Contains($"POST /deploy/{service} 403 ({reason}){signed} for", StringComparison.Ordinal),
            "the log names the reason"
        );
        Assert.All([Log, Server.Program.Transcript], AssertSilent);
    }

    [Fact]
    public async Task An_unsigned_ping_of_bitbucket_is_answered_and_deploys_nothing()
    {
        var answer = await SendAsync("bitbucket", "{\"test\": true}", "X-Event-Key: diagnostics:ping");

        Assert.Equal(200, answer.Status);
        Assert.Equal("ping", answer.Json.GetProperty("reason").GetString());
        Assert.Null(answer.Header("X-Deployment-Id"));
        Refusal.AssertOf(await SendAsync("github", "{}", "X-Event-Key: diagnostics:ping"), "github");
    }

    [Fact]
    public async Task Beside_a_token_a_signature_that_is_there_must_be_right()
    {
        var token = $"X-Auth-Token: {ServiceYaml.Token}";

        Assert.Equal(202, (await SendAsync("both", Body, token)).Status);
        Assert.Equal(202, (await SendAsync("both", Body, $"X-Hub-Signature-256: sha256={Hex(Secret)}")).Status);
        Assert.Equal(
            202,
            (await SendAsync("both", Body, $"X-Auth-Token: wrong\nX-Hub-Signature-256: sha256={Hex(Secret)}")).Status
        );
        Refusal.AssertOf(await SendAsync("both", Body, $"{token}\nX-Hub-Signature-256: sha256={Hex("wrong")}"), "both");
        Refusal.AssertOf(await SendAsync("both", Body, $"{token}\nX-Hub-Signature: sha1={Sha1(Secret)}"), "both");
    }

    [Fact]
    public async Task The_bytes_of_a_form_are_what_is_signed()
    {
        var form = $"payload={Uri.EscapeDataString(Body)}&other=%C3%9C";

        var answer = await SendAsync(
            "github",
            form,
            $"X-Hub-Signature-256: sha256={Hex(Secret, form)}\nContent-Type: application/x-www-form-urlencoded"
        );

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task A_signed_request_is_answered_at_once_unless_the_service_waits()
    {
        var answer = await SendAsync("at-once", Body, $"X-Hub-Signature-256: sha256={Hex(Secret)}");

        Assert.Equal(202, answer.Status);
        Assert.Equal("/deployments/" + answer.Json.GetProperty("id").GetString(), answer.Header("Location"));
        Assert.False(answer.Json.TryGetProperty("output", out _));
    }

    [Fact]
    public async Task The_record_names_the_sender()
    {
        var answer = await SendAsync("both", Body, $"X-Hub-Signature-256: sha256={Hex(Secret)}");

        var deployment = (await Server.AskAsync(answer.Header("Location")!)).Json;

        Assert.Equal("github", deployment.GetProperty("trigger").GetProperty("who").GetString());
    }

    [Fact]
    public async Task A_header_of_ones_own_carries_the_token()
    {
        Assert.Equal(202, (await Server.GetAsync("/deploy/header", ("X-Registry-Token", ServiceYaml.Token))).Status);
        Assert.Equal(200, (await Server.GetAsync("/services", ("X-Registry-Token", ServiceYaml.Token))).Status);
        Refusal.AssertOf(await Server.GetAsync("/deploy/header", ("X-Registry-Token", "wrong")), "header");
        Refusal.AssertOf(await Server.GetAsync("/deploy/both", ("X-Registry-Token", ServiceYaml.Token)), "both");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_not_even_checked()
    {
        await using var server = await StartOwnAsync(
            Signed("github", $"secret: {Secret}"),
            new Dictionary<string, string> { ["THIN_DEPLOYER_MAX_BODY"] = "16B" }
        );

        var answer = await server.SendRawAsync(
            RawRequest.Post("/deploy/github", Body, $"X-Hub-Signature-256: sha256={Hex(Secret)}")
        );

        Assert.Equal(413, answer.Status);
    }

    private static void AssertSilent(string log)
    {
        Assert.DoesNotContain(Hex(Secret), log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Secret, log, StringComparison.Ordinal);
    }

    private static string Signed(string sender, string keys) =>
        ServiceYaml.Bare(sender, $"pwd: site, respond: wait, signature: {{sender: {sender}, {keys}}}", "echo ran");

    /// <summary>As it stands on the wire: a client would join what comes twice.</summary>
    private Task<Answer> SendAsync(string service, string body, string headers) =>
        Server.SendRawAsync(
            RawRequest.Post(
                $"/deploy/{service}",
                Encoding.Latin1.GetString(Bytes(body)),
                headers.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            )
        );

    private static string Webhook(long time)
    {
        var seconds = time.ToString(CultureInfo.InvariantCulture);
        var key = Convert.FromBase64String(WebhookSecret["whsec_".Length..]);
        var code = Convert.ToBase64String(HMACSHA256.HashData(key, Bytes($"msg_1.{seconds}.{Body}")));
        return $"webhook-id: msg_1\nwebhook-timestamp: {seconds}\nwebhook-signature: v1,AAAA v1,{code}";
    }

    private static string Hex(string secret, string body = Body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Bytes(secret), Bytes(body)));

    private static string Sha1(string secret) =>
#pragma warning disable CA5350 // What an old GitHub sends.
        Convert.ToHexStringLower(HMACSHA1.HashData(Bytes(secret), Bytes(Body)));
#pragma warning restore CA5350

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
