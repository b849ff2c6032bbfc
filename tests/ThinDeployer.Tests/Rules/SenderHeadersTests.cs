using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class SenderHeadersTests
{
    [Theory]
    [InlineData("X-GitHub-Delivery: 1", "1")]
    [InlineData("x-gitea-delivery: 2", "2")]
    [InlineData("X-Forgejo-Delivery: 3", "3")]
    [InlineData("X-Gogs-Delivery: 4", "4")]
    [InlineData("webhook-id: msg_5", "msg_5")]
    [InlineData("Idempotency-Key: \"6\"", "\"6\"")]
    [InlineData("X-Request-UUID: 7", "7")]
    [InlineData("X-Event-Key: repo:refs_changed|X-Request-Id: 8", "8")]
    [InlineData("X-Request-Id: 8", null)]
    [InlineData("Idempotency-Key: 6|webhook-id: 5|X-Gitea-Delivery: 2|X-GitHub-Delivery: 1", "1")]
    [InlineData("X-Request-UUID: 7|Idempotency-Key: 6", "6")]
    [InlineData("X-GitHub-Delivery: 1|X-GitHub-Delivery: 1", null)]
    [InlineData("X-GitHub-Delivery: 1|X-GitHub-Delivery: 1|webhook-id: 5", null)]
    [InlineData("X-GitHub-Delivery: |webhook-id: 5", "5")]
    [InlineData("X-GitHub-Delivery: a b", null)]
    [InlineData("X-GitHub-Delivery: é", null)]
    [InlineData("X-Gitlab-Event-UUID: 9", null)]
    public void A_delivery_has_the_first_id_of_a_fixed_order(string headers, string? id) =>
        Assert.Equal(id, SenderHeaders.DeliveryId(sender: null, With(headers)));

    [Theory]
    [InlineData("github", "X-GitHub-Delivery: 1", "1")]
    [InlineData("github", "X-Gitea-Delivery: 2|X-GitHub-Delivery: 1|Idempotency-Key: 6", "1")]
    [InlineData("gitea", "X-GitHub-Delivery: 1|X-Gitea-Delivery: 2", "2")]
    [InlineData("forgejo", "X-Gitea-Delivery: 2|X-Forgejo-Delivery: 3", "3")]
    [InlineData("gogs", "X-GitHub-Delivery: 1|X-Gogs-Delivery: 4", "4")]
    [InlineData("gitlab", "webhook-id: 5|Idempotency-Key: 6", "6")]
    [InlineData("bitbucket", "X-GitHub-Delivery: 1|X-Request-UUID: 7", "7")]
    [InlineData("bitbucket", "X-Event-Key: repo:refs_changed|X-Request-Id: 8", "8")]
    [InlineData("github", "X-Event-Key: repo:refs_changed|X-Request-Id: 8", null)]
    [InlineData("github", "X-Gitea-Delivery: 2|webhook-id: 5", null)]
    [InlineData("github", "X-Gitea-Delivery: 2|Idempotency-Key: 6", "6")]
    [InlineData("hmac", "X-Gitea-Delivery: 2|Idempotency-Key: 6", "2")]
    public void Of_a_sender_that_signed_only_its_own_counts(string sender, string headers, string? id) =>
        Assert.Equal(id, SenderHeaders.DeliveryId(sender, With(headers)));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void An_id_has_a_limit(int length, bool isKnown) =>
        Assert.Equal(
            isKnown,
            SenderHeaders.DeliveryId(sender: null, With($"webhook-id: {new string('x', length)}")) is not null
        );

    [Theory]
    [InlineData("X-GitHub-Event: ping", true)]
    [InlineData("X-Gitea-Event: ping", true)]
    [InlineData("X-Forgejo-Event: ping", true)]
    [InlineData("X-Gogs-Event: ping", true)]
    [InlineData("X-Event-Key: diagnostics:ping", true)]
    [InlineData("X-GitHub-Event: push", false)]
    [InlineData("X-Event-Key: ping", false)]
    [InlineData("X-GitHub-Event: ping|X-GitHub-Event: push", false)]
    [InlineData("X-Other: ping", false)]
    public void A_ping_is_known(string headers, bool isPing) =>
        Assert.Equal(isPing, SenderHeaders.IsPing(With(headers)));

    private static RuleRequest With(string headers) =>
        RuleSample.Request(
            "",
            [.. headers.Split('|').Select(line => line.Split(": ", 2)).Select(parts => (parts[0], parts[1]))]
        );
}
