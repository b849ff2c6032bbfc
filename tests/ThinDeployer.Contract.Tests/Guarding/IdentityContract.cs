using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ThinDeployer.Contract.Tests.Deploying;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Paging;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary>The OpenID tokens of a CI, by an issuer on this machine.</summary>
public abstract class IdentityContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Subject = "repo:acme/shop:ref:refs/heads/main";

    /// <summary>It goes with the process of the tests.</summary>
    private static readonly TestIssuer Issuer = Started();

    private static readonly TestIssuer Stranger = Started();

    protected override string Configuration =>
        ServiceYaml.Bare("site", Identity("acme/shop"), "echo deployed")
        + ServiceYaml.Bare("both", $"token: {ServiceYaml.Token}, {Identity("acme/shop")}", "true")
        + ServiceYaml.Bare("other", Identity("acme/other"), "true")
        + ServiceYaml.Of("plain", "true");

    private static string Identity(string repository, string? issuer = null) =>
        $"pwd: site, identity: [{{issuer: '{issuer ?? Issuer.Name}', audience: '{TestIssuer.Audience}', "
        + $"claims: {{repository: {repository}, ref: [refs/heads/main, 'refs/tags/v*'], ref_protected: true}}, name: forge}}]";

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>(PageSession.Settings) { ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "0" };

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("X-Auth-Token", "")]
    public async Task A_job_deploys_without_a_secret_that_is_shared(string header, string before)
    {
        var answer = await Server.GetAsync("/deploy/site", (header, before + Issuer.Token()));
        var kept = await AskAsync("GET", $"/deployments/{IdOf(answer)}", Issuer.Token());

        Assert.Equal((202, 200), (answer.Status, kept.Status));
        Assert.Equal(["deployed"], answer.Printed);
        Assert.Equal($"forge ({Subject})", kept.Json.GetProperty("trigger").GetProperty("who").GetString());
    }

    [Fact]
    public async Task A_tag_that_the_rule_means_deploys_too()
    {
        var token = Issuer.Token(claims => claims["ref"] = "refs/tags/v1.2.3");

        Assert.Equal(202, (await AskAsync("POST", "/deploy/site", token)).Status);
    }

    [Fact]
    public async Task A_token_of_the_service_goes_beside_it()
    {
        Assert.Equal(202, (await AskAsync("POST", "/deploy/both", Issuer.Token())).Status);
        Assert.Equal(202, (await AskAsync("POST", "/deploy/both", ServiceYaml.Token)).Status);
        Assert.Equal(
            202,
            (await Server.GetAsync($"/deploy/both?token={ServiceYaml.Token}", Bearer("eyJ.eyJ.eyJ"))).Status
        );
    }

    [Fact]
    public async Task A_job_does_what_belongs_to_deploying_and_sees_its_own_services()
    {
        var id = IdOf(await AskAsync("POST", "/deploy/site", Issuer.Token()));

        var services = await AskAsync("GET", "/services", Issuer.Token());

        Assert.Equal(["both", "site"], services.Json.GetProperty("services").EnumerateArray().Select(NameOf));
        Assert.Equal(200, (await AskAsync("GET", $"/deployments/{id}/log", Issuer.Token())).Status);
        Assert.Equal(202, (await AskAsync("POST", $"/deployments/{id}/rerun", Issuer.Token())).Status);
        Assert.Equal(409, (await AskAsync("POST", $"/deployments/{id}/cancel", Issuer.Token())).Status);
        Assert.Equal(200, (await AskAsync("GET", "/ui/", Issuer.Token())).Status);

        static string? NameOf(System.Text.Json.JsonElement service) => service.GetProperty("name").GetString();
    }

    public static TheoryData<string> WrongTokens =>
        [
            "identity_expired",
            "identity_not_yet",
            "identity_audience_mismatch",
            "identity_claim_mismatch: repository",
            "identity_claim_mismatch: ref",
            "identity_claim_mismatch: ref_protected",
            "identity_unknown_key",
            "identity_signature_mismatch",
            "identity_algorithm",
            "token_mismatch",
        ];

    [Theory]
    [MemberData(nameof(WrongTokens))]
    public async Task Any_other_token_opens_no_door_and_only_the_log_says_why(string reason)
    {
        var id = IdOf(await AskAsync("POST", "/deploy/site", Issuer.Token()));
        foreach (var token in TokensThatAre(reason))
        {
            Refusal.AssertOf(await AskAsync("POST", "/deploy/site", token), "site");
            Refusal.AssertOf(await AskAsync("GET", "/deploy/site", token), "site");
            // A job of another repository is somebody, who just is not told of this one.
            (string, string)[] doors =
            [
                ("GET", $"/deployments/{id}"),
                ("GET", $"/deployments/{id}/log"),
                ("POST", $"/deployments/{id}/cancel"),
                ("POST", $"/deployments/{id}/rerun"),
                ("GET", "/services/site/deliveries"),
                ("GET", $"/ui/deployments/{id}"),
            ];
            foreach (var (method, path) in doors)
            {
                var answer = await AskAsync(method, path, token);
                Assert.Equal(403, answer.Status);
            }
        }

        await Eventually.IsTrueAsync(
            () => Server.Program.Output.Text.Contains($"403 ({reason})", StringComparison.Ordinal),
            $"{reason} is logged"
        );
        Assert.DoesNotContain("acme/evil", Server.Program.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_a_job_of_another_repository_there_is_nothing()
    {
        var id = IdOf(await AskAsync("POST", "/deploy/site", Issuer.Token()));
        var token = Issuer.Token(claims => claims["repository"] = "acme/other");

        Refusal.AssertOf(await AskAsync("POST", "/deploy/site", token), "site");
        Assert.Equal(404, (await AskAsync("GET", $"/deployments/{id}", token)).Status);
        Assert.Equal(404, (await AskAsync("POST", $"/deployments/{id}/rerun", token)).Status);
    }

    [Fact]
    public async Task A_service_without_it_takes_no_job()
    {
        Refusal.AssertOf(await AskAsync("POST", "/deploy/plain", Issuer.Token()), "plain");
    }

    [Fact]
    public async Task An_issuer_that_is_not_configured_is_never_asked()
    {
        Refusal.AssertOf(await AskAsync("POST", "/deploy/site", Stranger.Token()), "site");
        Assert.Equal(403, (await AskAsync("GET", "/services", Stranger.Token())).Status);
        Assert.Equal(0, Stranger.Documents);
    }

    [Fact]
    public async Task It_is_no_token_for_the_page_the_health_check_or_the_metrics()
    {
        var signIn = await PageSession.SignInAsync(Server, Issuer.Token());
        var health = await AskAsync("GET", "/technical/healthcheck", Issuer.Token());
        var metrics = await AskAsync("GET", "/metrics", Issuer.Token());
        var query = await Server.GetAsync($"/deploy/site?token={Issuer.Token()}");

        Assert.Equal((403, 403, 403, 403), (signIn.Status, health.Status, metrics.Status, query.Status));
    }

    [Fact]
    public async Task A_place_that_comes_twice_is_refused() =>
        Refusal.AssertOf(
            await Server.SendRawAsync(
                RawRequest.Get(
                    "/deploy/site",
                    $"Authorization: Bearer {Issuer.Token()}",
                    $"Authorization: Bearer {Issuer.Token()}"
                )
            ),
            "site"
        );

    [Fact]
    public async Task A_slow_issuer_holds_up_nobody_who_is_let_in_otherwise()
    {
        await using var slow = await TestIssuer.StartAsync();
        var gate = new TaskCompletionSource();
        slow.Gate = gate.Task;
        await using var server = await StartOwnAsync(
            ServiceYaml.Bare("site", $"token: {ServiceYaml.Token}, {Identity("acme/shop", slow.Name)}", "true")
        );

        var job = server.GetAsync("/deploy/site", Bearer(slow.Token()));
        await Eventually.IsTrueAsync(() => slow.Documents == 1, "the issuer is asked");
        Assert.Equal(202, (await server.DeployAsync("site")).Status);
        Assert.Equal(200, (await server.AskAsync("/services")).Status);
        Assert.False(job.IsCompleted);
        gate.SetResult();

        Assert.Equal(202, (await job).Status);
    }

    [Fact]
    public async Task Where_services_are_hidden_a_job_is_told_nothing_of_those_that_are_not_its_own()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Bare("site", Identity("acme/shop"), "true") + ServiceYaml.Of("plain", "true"),
            new Dictionary<string, string> { ["THIN_DEPLOYER_HIDE_SERVICES"] = "true" }
        );

        Assert.Equal(202, (await server.GetAsync("/deploy/site", Bearer(Issuer.Token()))).Status);
        Refusal.AssertOf(await server.GetAsync("/deploy/plain", Bearer(Issuer.Token())), "plain");
        Refusal.AssertOf(await server.GetAsync("/deploy/absent", Bearer(Issuer.Token())), "absent");
    }

    private static IEnumerable<string> TokensThatAre(string reason) =>
        reason switch
        {
            "identity_expired" => [Issuer.Token(claims => claims["exp"] = Now(-120))],
            "identity_not_yet" =>
            [
                Issuer.Token(claims => claims["nbf"] = Now(120)),
                Issuer.Token(claims => claims["iat"] = Now(120)),
            ],
            "identity_audience_mismatch" =>
            [
                Issuer.Token(claims => claims["aud"] = "https://evil.example"),
                Issuer.Token(claims => claims["aud"] = new JsonArray()),
                Issuer.Token(claims => claims.Remove("aud")),
            ],
            "identity_claim_mismatch: repository" => [Issuer.Token(claims => claims["repository"] = "acme/evil")],
            "identity_claim_mismatch: ref" => [Issuer.Token(claims => claims["ref"] = "refs/heads/evil")],
            "identity_claim_mismatch: ref_protected" => [Issuer.Token(claims => claims.Remove("ref_protected"))],
            "identity_unknown_key" => [Issuer.Token(key: TestKey.NewRsa("another"))],
            "identity_signature_mismatch" => [Issuer.Token(key: TestKey.NewRsa("first")), Tampered()],
            "identity_algorithm" => [Unsigned("none"), Unsigned("HS256")],
            _ => ["eyJ.eyJ.eyJ", Issuer.Token()[..^100] + ".", new string('x', 3000)],
        };

    /// <summary>Other claims under the signature of a right token.</summary>
    private static string Tampered()
    {
        var parts = Issuer.Token().Split('.');
        var claims = Issuer.Claims();
        claims["environment"] = "production";
        return $"{parts[0]}.{TestKey.Encoded(claims.ToJsonString())}.{parts[2]}";
    }

    /// <summary>Signed with what everybody knows.</summary>
    private static string Unsigned(string algorithm)
    {
        var key = Issuer.Keys[0];
        var head = key.Head();
        head["alg"] = algorithm;
        return TestKey.Sign(
            Issuer.Claims(),
            head,
            data =>
                algorithm == "none"
                    ? []
                    : HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Public["n"]!.ToString()), data)
        );
    }

    private static long Now(int seconds) => TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();

    private static string IdOf(Answer answer) => answer.Json.GetProperty("id").GetString()!;

    private static (string, string) Bearer(string token) => ("Authorization", $"Bearer {token}");

    private Task<Answer> AskAsync(string method, string path, string token) =>
        Server.SendAsync(HttpMethod.Parse(method), path, content: null, Bearer(token));

    private static TestIssuer Started() => TestIssuer.StartAsync().GetAwaiter().GetResult();
}
