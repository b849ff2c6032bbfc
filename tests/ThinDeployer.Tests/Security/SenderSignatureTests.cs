using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ThinDeployer.Security;
using ThinDeployer.Tests.Yaml;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Security;

public sealed class SenderSignatureTests
{
    private const string GitHubSecret = "It's a Secret to Everybody";
    private const string GitHubCode = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private const string AtlassianCode = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
    private const string WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string WebhookCode = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const string WebhookBody = "{\"test\": 2432232314}";
    private const long WebhookTime = 1614265330;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(WebhookTime);

    [Theory]
    // docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    [InlineData("github", GitHubSecret, "Hello, World!", $"X-Hub-Signature-256: sha256={GitHubCode}")]
    // support.atlassian.com/bitbucket-cloud/docs/manage-webhooks
    [InlineData("bitbucket", GitHubSecret, "Hello World!", $"X-Hub-Signature: sha256={AtlassianCode}")]
    [InlineData("gitea", GitHubSecret, "Hello, World!", $"X-Gitea-Signature: {GitHubCode}")]
    [InlineData("forgejo", GitHubSecret, "Hello, World!", $"X-Forgejo-Signature: {GitHubCode}")]
    [InlineData("gogs", GitHubSecret, "Hello, World!", $"X-Gogs-Signature: {GitHubCode}")]
    // github.com/standard-webhooks/standard-webhooks: the vector of its libraries
    [InlineData("standard-webhooks", WebhookSecret, WebhookBody, $"webhook-signature: {WebhookCode}")]
    [InlineData("gitlab", WebhookSecret, WebhookBody, $"webhook-signature: {WebhookCode}")]
    [InlineData(
        "standard-webhooks",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        WebhookBody,
        $"webhook-signature: {WebhookCode}"
    )]
    [InlineData(
        "standard-webhooks",
        WebhookSecret,
        WebhookBody,
        $"webhook-signature: v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg== {WebhookCode}"
    )]
    [InlineData("gitlab", "a plain secret", "whatever", "X-Gitlab-Token: a plain secret")]
    public void What_a_sender_publishes_is_right(string sender, string secret, string body, string header)
    {
        Assert.True(IsRight(Of($"sender: {sender}, secret: {Quote.Of(secret)}"), body, header));
    }

    [Theory]
    [InlineData("github", "Hello, World", $"X-Hub-Signature-256: sha256={GitHubCode}", "signature_mismatch")]
    [InlineData("github", "Hello, World!", $"X-Hub-Signature-256: sha1={GitHubCode}", "signature_malformed")]
    [InlineData("github", "Hello, World!", $"X-Hub-Signature-256: {GitHubCode}", "signature_malformed")]
    [InlineData("github", "Hello, World!", $"X-Hub-Signature-256: sha256={GitHubCode}0", "signature_malformed")]
    [InlineData("github", "Hello, World!", $"X-Hub-Signature-256: sha256= {GitHubCode}", "signature_malformed")]
    [InlineData("github", "Hello, World!", $"X-Hub-Signature-256: sha256=g{GitHubCode}", "signature_malformed")]
    [InlineData(
        "github",
        "Hello, World!",
        "X-Hub-Signature-256: sha256=g57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "signature_malformed"
    )]
    [InlineData("github", "Hello, World!", "X-Hub-Signature-256: sha256=", "signature_malformed")]
    [InlineData("github", "Hello, World!", "X-Hub-Signature-256:", "signature_empty")]
    [InlineData(
        "github",
        "Hello, World!",
        $"X-Hub-Signature-256: sha256={GitHubCode}\nX-Hub-Signature-256: sha256={GitHubCode}",
        "signature_twice"
    )]
    [InlineData("github", "", "X-Hub-Signature: sha1=b613679a0814d9ec772f95d778c35fc5ff1697c4", "signature_outdated")]
    [InlineData("github", "Hello, World!", $"X-Gitea-Signature: {GitHubCode}", null)]
    [InlineData("bitbucket", "Hello World!", $"X-Hub-Signature: sha256={GitHubCode}", "signature_mismatch")]
    [InlineData("bitbucket", "Hello World!", $"X-Hub-Signature: {AtlassianCode}", "signature_malformed")]
    [InlineData("gitea", "Hello, World!", $"X-Gitea-Signature: sha256={GitHubCode}", "signature_malformed")]
    [InlineData("gitea", "Hello, World!", "X-Gitea-Signature:", "signature_empty")]
    [InlineData("forgejo", "Hello, World!", $"X-Gitea-Signature: {GitHubCode}", null)]
    [InlineData("gitlab", "", "X-Gitlab-Token: it's a secret to everybody", "signature_mismatch")]
    [InlineData("gitlab", "", "X-Gitlab-Token:", "signature_empty")]
    [InlineData("gitlab", "", $"X-Gitlab-Token: {GitHubSecret}\nX-Gitlab-Token: {GitHubSecret}", "signature_twice")]
    public void Its_bad_twin_is_not(string sender, string body, string header, string? reason)
    {
        var signature = Of($"sender: {sender}, secret: {Quote.Of(GitHubSecret)}");

        Assert.Equal(reason, ReasonOf(signature, body, header));
    }

    [Theory]
    [InlineData($"webhook-signature: {WebhookCode}", WebhookBody + " ", "signature_mismatch")]
    [InlineData(
        "webhook-signature: v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=",
        WebhookBody,
        "signature_mismatch"
    )]
    [InlineData(
        "webhook-signature: v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookBody,
        "signature_malformed"
    )]
    [InlineData("webhook-signature: g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookBody, "signature_malformed")]
    [InlineData("webhook-signature: v1,g0hM9SsE", WebhookBody, "signature_malformed")]
    [InlineData("webhook-signature:", WebhookBody, "signature_empty")]
    public void A_bad_twin_of_the_standard_webhook_is_refused(string header, string body, string reason)
    {
        Assert.Equal(reason, ReasonOf(Of($"sender: standard-webhooks, secret: {WebhookSecret}"), body, header));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(300, null)]
    [InlineData(-300, null)]
    [InlineData(301, "timestamp_outside_tolerance")]
    [InlineData(-301, "timestamp_outside_tolerance")]
    public void A_webhook_is_five_minutes_old_at_most_and_not_from_the_future(int seconds, string? reason)
    {
        var signature = Of($"sender: standard-webhooks, secret: {WebhookSecret}");

        var claim = Claim(signature, $"webhook-signature: {WebhookCode}", Now.AddSeconds(seconds));

        Assert.Equal(reason, (claim as SignatureClaim.Refused)?.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1614265330.5")]
    [InlineData("-1614265330")]
    [InlineData("+1614265330")]
    [InlineData("99999999999999999999")]
    [InlineData("2021-02-25T15:02:10Z")]
    public void A_timestamp_that_is_no_number_of_seconds_is_refused(string timestamp)
    {
        var signature = Of($"sender: standard-webhooks, secret: {WebhookSecret}");

        var claim = signature.Scheme.Read(
            name =>
                name switch
                {
                    "webhook-timestamp" => [timestamp],
                    "webhook-id" => ["id"],
                    _ => [WebhookCode],
                },
            Now
        );

        Assert.Equal(new SignatureClaim.Refused("timestamp_malformed"), claim);
    }

    [Fact]
    public void A_signing_token_of_gitlab_does_not_admit_as_a_plain_one()
    {
        var signature = Of($"sender: gitlab, secret: {WebhookSecret}");

        Assert.Equal("signature_missing", ReasonOf(signature, WebhookBody, $"X-Gitlab-Token: {WebhookSecret}"));
    }

    [Fact]
    public void A_right_plain_token_does_not_excuse_a_wrong_signature()
    {
        var signature = Of($"sender: gitlab, secret: [{WebhookSecret}, a-plain-secret]");

        Assert.True(IsRight(signature, "", "X-Gitlab-Token: a-plain-secret"));
        Assert.Equal(
            "signature_mismatch",
            ReasonOf(signature, "x", $"X-Gitlab-Token: a-plain-secret\nwebhook-signature: {WebhookCode}")
        );
    }

    [Theory]
    [InlineData("another-secret", GitHubSecret)]
    [InlineData(GitHubSecret, "another-secret")]
    [InlineData(GitHubSecret, GitHubSecret)]
    public void Each_secret_of_a_list_counts_while_one_is_replaced(string one, string other)
    {
        var signature = Of($"sender: github, secret: [{Quote.Of(one)}, {Quote.Of(other)}]");

        Assert.True(IsRight(signature, "Hello, World!", $"X-Hub-Signature-256: sha256={GitHubCode}"));
        Assert.False(IsRight(signature, "Hello, World", $"X-Hub-Signature-256: sha256={GitHubCode}"));
    }

    [Fact]
    public void The_shortest_of_its_secrets_decides_whether_it_can_be_guessed()
    {
        var secret = new string('x', 32);

        Assert.False(Of($"sender: github, secret: [{secret}, {secret}y]").CanBeGuessed);
        Assert.True(Of($"sender: github, secret: [{secret}, {secret[1..]}]").CanBeGuessed);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void A_code_of_another_length_is_none_even_if_it_has_as_many_digits(int bytes) =>
        Assert.Null(
            new HmacHeaderForm("X", HashAlgorithmName.SHA256, IsBase64: true).Decode(
                Convert.ToBase64String(new byte[bytes])
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("whsec_")]
    [InlineData("whsec_==")]
    [InlineData("whsec_!")]
    public void A_key_of_nothing_which_anybody_has_is_none(string text) => Assert.Null(SigningSecret.OfBase64(text));

    [Theory]
    [InlineData("sha1", "hex", "")]
    [InlineData("sha256", "hex", "v0=")]
    [InlineData("sha512", "hex", "sha512=")]
    [InlineData("sha1", "base64", "")]
    [InlineData("sha256", "base64", "")]
    [InlineData("sha512", "base64", "HMAC ")]
    public void An_hmac_of_ones_own_choice_admits_its_own_codes_only(string algorithm, string encoding, string prefix)
    {
        var signature = Of(
            $"sender: hmac, secret: s3cret, header: X-My-Signature, algorithm: {algorithm}, encoding: {encoding}, prefix: '{prefix}'"
        );
        var name = new HashAlgorithmName(algorithm.ToUpperInvariant());

        Gen.Select(Gen.Byte.Array[0, 100], Gen.Int)
            .Sample(
                (body, at) =>
                {
                    var code = CryptographicOperations.HmacData(name, "s3cret"u8, body);
                    var twin = (byte[])code.Clone();
                    twin[(uint)at % twin.Length] ^= 1;
                    var text = Written(code, encoding);

                    Assert.True(IsRight(signature, body, $"X-My-Signature: {prefix}{text}"));
                    Assert.False(IsRight(signature, body, $"X-My-Signature: {prefix}{Written(twin, encoding)}"));
                    Assert.False(IsRight(signature, body, $"X-My-Signature: {prefix}{text[1..]}"));
                },
                iter: 200
            );
    }

    [Theory]
    [InlineData("github", "a-secret", null)]
    [InlineData("bitbucket", "a-secret", null)]
    [InlineData("gitea", "a-secret", null)]
    [InlineData("forgejo", "a-secret", null)]
    [InlineData("gogs", "a-secret", null)]
    [InlineData("gitlab", "a-secret", null)]
    [InlineData("gitlab", "[a-secret, whsec_YS1zZWNyZXQ=]", "an-id")]
    [InlineData("standard-webhooks", "whsec_YS1zZWNyZXQ=", "an-id")]
    public void What_a_sender_would_send_admits_it_with_the_id_that_is_signed(string sender, string secret, string? id)
    {
        var signature = Of($"sender: {sender}, secret: {secret}");

        var sent = signature
            .Scheme.Sign("{}"u8, "an-id", Now)
            .ToLookup(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase);

        var claim = signature.Scheme.Read(name => [.. sent[name]], Now);
        var admission = Admission.BySignature("s", signature, claim, "{}"u8.ToArray())!;
        Assert.Equal(
            ("s", sender, sender, $"signature {sender}", id),
            (admission.Service, admission.Sender, admission.Who, admission.Credential, admission.DeliveryId)
        );
    }

    [Fact]
    public void Hexadecimal_digits_count_in_either_case()
    {
        var signature = Of($"sender: github, secret: {Quote.Of(GitHubSecret)}");

        Assert.True(
            IsRight(signature, "Hello, World!", $"X-Hub-Signature-256: sha256={GitHubCode.ToUpperInvariant()}")
        );
    }

    [Fact]
    public void No_header_makes_it_fail()
    {
        var signatures = new[]
        {
            Of("sender: github, secret: x"),
            Of("sender: gitlab, secret: x"),
            Of($"sender: standard-webhooks, secret: {WebhookSecret}"),
            Of("sender: hmac, secret: x, header: X-Hub-Signature-256, encoding: base64"),
        };

        Gen.Select(Gen.Int[0, 3].Select(at => signatures[at]), Gen.String[0, 90], Gen.String[0, 20], Gen.Int[1, 2])
            .Sample(
                (signature, value, other, count) =>
                {
                    var claim = signature.Scheme.Read(
                        name =>
                            name.StartsWith('w') && name != "webhook-signature"
                                ? [other]
                                : [.. Enumerable.Repeat(value, count)],
                        Now
                    );

                    Assert.False(claim is SignatureClaim.OverBody over && over.IsRight("x"u8.ToArray()));
                }
            );
    }

    private static SenderSignature Of(string keys)
    {
        var sample = YamlSample.Of($"{{{keys}}}");
        var context = new ReadingContext(sample.Problems, "s", _ => null, "/");
        var signature = SignatureReader.ReadKeys(new MapReader(sample.Map!, context));
        Assert.DoesNotContain(sample.Problems, problem => problem.Severity is Severity.Mistake);
        return signature!;
    }

    private static bool IsRight(SenderSignature signature, string body, string headers) =>
        IsRight(signature, Encoding.UTF8.GetBytes(body), headers);

    private static bool IsRight(SenderSignature signature, byte[] body, string headers) =>
        Admission.BySignature("s", signature, Claim(signature, headers, Now), body) is not null;

    private static string? ReasonOf(SenderSignature signature, string body, string headers) =>
        Claim(signature, headers, Now) switch
        {
            SignatureClaim.Absent => null,
            SignatureClaim.Refused(var reason) => reason,
            var claim => Admission.BySignature("s", signature, claim, Encoding.UTF8.GetBytes(body)) is null
                ? "signature_mismatch"
                : "right",
        };

    private static SignatureClaim Claim(SenderSignature signature, string headers, DateTimeOffset now)
    {
        var all = headers
            .Split('\n')
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Append(["webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"])
            .Append(["webhook-timestamp", WebhookTime.ToString(CultureInfo.InvariantCulture)])
            .ToLookup(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return signature.Scheme.Read(name => [.. all[name]], now);
    }

    private static string Written(byte[] code, string encoding) =>
        encoding == "hex" ? Convert.ToHexStringLower(code) : Convert.ToBase64String(code);
}
