using ThinDeployer.Http;
using ThinDeployer.Security;
using ThinDeployer.Telemetry;
using static ThinDeployer.Tests.Http.GateSample;

namespace ThinDeployer.Tests.Http;

/// <summary>Who is let in, and what the log is told of who is not.</summary>
public sealed class DoorTests
{
    private const string Ping = "X-Event-Key: diagnostics:ping";

    [Fact]
    public async Task An_unsigned_ping_of_bitbucket_is_answered_and_does_not_count()
    {
        var failures = new FailureLimiter(1, TimeProvider.System);
        var attempt = Signing("bitbucket", "X-Hub-Signature", "POST", Ping);

        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<GateAnswer.Ping>(await DecideAsync(failures, attempt));
        }

        Assert.Null(failures.WaitOf(attempt.Key));
    }

    [Theory]
    [InlineData("github", "POST", Ping)]
    [InlineData("gitea", "POST", Ping)]
    [InlineData("hmac", "POST", Ping)]
    [InlineData("bitbucket", "GET", Ping)]
    [InlineData("bitbucket", "POST", "X-Event-Key: repo:push")]
    [InlineData("bitbucket", "POST", "X-Event-Key: diagnostics:PING")]
    [InlineData("bitbucket", "POST", Ping, Ping)]
    [InlineData("bitbucket", "POST", Ping, "X-Auth-Token: wrong")]
    [InlineData("bitbucket", "POST", Ping, "Authorization: Bearer wrong")]
    [InlineData("bitbucket", "POST", Ping, "X-Auth-Token: one", "X-Auth-Token: two")]
    [InlineData("bitbucket", "POST", Ping, Form)]
    [InlineData("bitbucket", "POST", Ping, "X-Hub-Signature: sha256=short")]
    [InlineData(
        "bitbucket",
        "POST",
        Ping,
        "X-Hub-Signature: sha256=0000000000000000000000000000000000000000000000000000000000000000"
    )]
    public async Task Nothing_gets_round_a_check_by_it(string sender, string method, params string[] headers)
    {
        var failures = new FailureLimiter(1, TimeProvider.System);
        var attempt = Signing(sender, "X-Hub-Signature", method, headers);

        Assert.IsType<GateAnswer.Refused>(await DecideAsync(failures, attempt));

        Assert.IsType<GateAnswer.TooMany>(await DecideAsync(failures, attempt));
    }

    [Fact]
    public async Task Where_services_are_hidden_it_is_refused_as_by_one_that_is_not_there()
    {
        var attempt = Signing("bitbucket", "X-Hub-Signature", "POST", Ping) with { HiddenAmong = [] };

        Assert.IsType<GateAnswer.Refused>(await DecideAsync(new FailureLimiter(0, TimeProvider.System), attempt));
    }

    [Theory]
    [InlineData("X-Hub-Signature-256: sha256=00", "signature_not_configured", "github")]
    [InlineData("X-Hub-Signature: sha1=00", "signature_not_configured", "github")]
    [InlineData("X-Hub-Signature: sha256=00|X-Event-Key: repo:push", "signature_not_configured", "bitbucket")]
    [InlineData("X-Gitea-Signature: 00|X-Hub-Signature-256: sha256=00", "signature_not_configured", "gitea")]
    [InlineData("X-Gitea-Signature: 00|X-Forgejo-Signature: 00", "signature_not_configured", "forgejo")]
    [InlineData("X-Gogs-Signature: 00", "signature_not_configured", "gogs")]
    [InlineData("X-Gitlab-Token: secret", "signature_not_configured", "gitlab")]
    [InlineData("webhook-signature: v1,00|X-Gitlab-Event: Push Hook", "signature_not_configured", "gitlab")]
    [InlineData("webhook-signature: v1,00", "signature_not_configured", "standard-webhooks")]
    [InlineData($"X-Hub-Signature-256: sha256=00|{Form}", "signature_not_configured", "github")]
    [InlineData("X-Hub-Signature-256: sha256=00|X-Auth-Token: wrong", "token_mismatch", "github")]
    [InlineData("X-Event-Key: repo:push", "token_missing", null)]
    [InlineData("X-Gitlab-Event: Push Hook", "token_missing", null)]
    public async Task A_service_without_a_signature_is_told_whose_came(string headers, string reason, string? carried)
    {
        var attempt = Attempt(Tokens(LongToken), signature: null, "{}", headers.Split('|'));

        Assert.Equal(
            new GateAnswer.Refused(reason, carried),
            await DecideAsync(new FailureLimiter(0, TimeProvider.System), attempt)
        );
    }

    [Theory]
    [InlineData("X-Hub-Signature-256: sha256=short", "signature_malformed", "github")]
    [InlineData(
        "X-Hub-Signature-256: sha256=0000000000000000000000000000000000000000000000000000000000000000",
        "signature_mismatch",
        "github"
    )]
    [InlineData("X-Gitlab-Token: secret", "token_missing", "gitlab")]
    public async Task One_that_has_another_is_told_which_did_not_fit(string header, string reason, string carried)
    {
        var attempt = Signing("github", "X-Hub-Signature-256", "POST", header);

        Assert.Equal(
            new GateAnswer.Refused(reason, carried),
            await DecideAsync(new FailureLimiter(0, TimeProvider.System), attempt)
        );
    }

    private static Task<GateAnswer> DecideAsync(FailureLimiter failures, DeployAttempt attempt) =>
        new Door(DoorKeys.None, failures, new BodyBudget(), new RequestCounts(), TimeProvider.System)
            .EnterAsync(attempt, CancellationToken.None)
            .AsTask();

    /// <param name="sender">Of the service; it has a token, too.</param>
    /// <param name="signedIn">The header that holds the signature.</param>
    private static DeployAttempt Signing(string sender, string signedIn, string method, params string[] headers) =>
        Attempt(Tokens(LongToken), SignatureOf(sender, signedIn), method, new MemoryStream("{}"u8.ToArray()), headers);
}
