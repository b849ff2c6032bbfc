using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary>Who guesses is stopped, and keeps nobody out whose token can't be guessed.</summary>
public abstract class FailureLimitContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const int Limit = 3;
    private const string Strong = "a-token-with-more-than-32-characters";
    private const string Weak = "a-token-with-31-characters-only";
    private const string Health = "a-health-token-with-32-characters-";
    private const string Admin = "an-admin-token-with-31-letters-";
    private const string Secret = "a-signing-secret-with-32-letters";

    private Stranger Somebody => new(Server);

    protected override string Configuration =>
        ServiceYaml.Bare("strong", $"token: {Strong}, pwd: site", "true")
        + ServiceYaml.Bare("weak", $"token: {Weak}, pwd: site", "echo ran >> weak.log")
        + ServiceYaml.Bare("mixed", $"token: [{Strong}, {Weak}], pwd: site", "true")
        + ServiceYaml.Bare("digest", $"token: 'sha256:{Digest(Weak + "!")}', pwd: site", "true")
        + ServiceYaml.Bare("signed", $"signature: {{sender: github, secret: {Secret}}}, pwd: site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = $"{Limit}",
            ["THIN_DEPLOYER_ADMIN_TOKEN"] = Admin,
            ["HC_TOKEN"] = Health,
        };

    [Theory]
    [InlineData("strong")]
    [InlineData("weak")]
    [InlineData("signed")]
    public async Task Over_the_limit_a_wrong_token_is_told_to_wait(string service)
    {
        var stranger = Somebody;
        Assert.All(await stranger.TryAsync(service, "wrong", Limit), status => Assert.Equal(403, status));

        var answer = await stranger.TryAsync(service, "wrong");

        AssertTooMany(answer);
        Assert.Equal(service, answer.Json.GetProperty("serviceName").GetString());
    }

    [Theory]
    [InlineData("X-Auth-Token: wrong")]
    [InlineData("X-Auth-Token: wrong\nContent-Type: application/x-www-form-urlencoded")]
    [InlineData("Content-Type: application/json")]
    public async Task Its_body_is_not_waited_for(string headers)
    {
        var stranger = await OverLimitAsync();

        var answer = await stranger.SendRawAsync(
            Announced(RawRequest.Head("POST", "/deploy/strong", [.. headers.Split('\n'), "Content-Length: 1000"]))
        );

        AssertTooMany(answer);
    }

    [Theory]
    [InlineData("strong", Strong)]
    [InlineData("digest", Weak + "!")]
    public async Task A_right_token_passes_all_the_same_where_none_can_be_guessed(string service, string token)
    {
        var stranger = await OverLimitAsync();

        Assert.Equal(202, (await stranger.TryAsync(service, token)).Status);
        Assert.Equal(202, (await stranger.GetAsync($"/deploy/{service}?token={token}")).Status);
        Assert.Equal(202, (await PostFormAsync(stranger, service, $"token={token}")).Status);
        Assert.Equal(429, (await PostFormAsync(stranger, service, "token=wrong")).Status);
    }

    [Fact]
    public async Task A_right_signature_passes_all_the_same()
    {
        var stranger = await OverLimitAsync();
        var right = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), "{}"u8));

        Assert.Equal(202, (await PostAsync(stranger, "signed", "{}", $"X-Hub-Signature-256: sha256={right}")).Status);
        AssertTooMany(await PostAsync(stranger, "signed", "{ }", $"X-Hub-Signature-256: sha256={right}"));
        AssertTooMany(await PostAsync(stranger, "signed", "{}", "X-Hub-Signature-256: sha256=short"));
    }

    [Theory]
    [InlineData("weak", Weak)]
    [InlineData("mixed", Weak)]
    [InlineData("mixed", Strong)]
    public async Task Where_one_can_be_guessed_even_a_right_token_must_wait(string service, string token)
    {
        var stranger = await OverLimitAsync();
        var before = Server.Workspace.ReadSite("weak.log");

        AssertTooMany(await stranger.TryAsync(service, token));
        AssertTooMany(await stranger.GetAsync($"/deploy/{service}?token={token}"));
        AssertTooMany(await PostFormAsync(stranger, service, $"token={token}"));
        Assert.Equal(before, Server.Workspace.ReadSite("weak.log"));
    }

    [Fact]
    public async Task A_right_token_neither_counts_nor_forgives()
    {
        var stranger = Somebody;

        Assert.Equal([202, 202, 202, 202], await stranger.TryAsync("weak", Weak, Limit + 1));
        Assert.Equal([403, 403], await stranger.TryAsync("weak", "wrong", Limit - 1));
        Assert.Equal([202], await stranger.TryAsync("weak", Weak, 1));
        Assert.Equal([403, 429], await stranger.TryAsync("weak", "wrong", 2));
    }

    public static TheoryData<string, string> Doors =>
        new()
        {
            { "GET", "/deploy/strong" },
            { "POST", "/deploy/signed" },
            { "GET", "/deployments" },
            { "GET", "/deployments/0" },
            { "GET", "/deployments/0/log" },
            { "POST", "/deployments/0/cancel" },
            { "POST", "/deployments/0/rerun" },
            { "POST", "/services/site/rollback" },
            { "GET", "/services" },
            { "GET", "/technical/healthcheck" },
        };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Every_door_counts_and_refuses_by_the_same_count(string method, string path)
    {
        var stranger = Somebody;
        for (var i = 0; i < Limit; i++)
        {
            Assert.Equal(403, (await KnockAsync()).Status);
        }

        AssertTooMany(await KnockAsync());
        AssertTooMany(await stranger.TryAsync("weak", "wrong"));

        Task<Answer> KnockAsync() =>
            stranger.SendRawAsync(RawRequest.Head(method, path, "X-Auth-Token: wrong", "Content-Length: 0"));
    }

    [Theory]
    [InlineData("/deployments", Strong, 200)]
    [InlineData("/deployments", Weak, 429)]
    [InlineData("/services", Admin, 429)]
    [InlineData("/technical/healthcheck", Health, 200)]
    [InlineData("/technical/healthcheck", Admin, 429)]
    public async Task Behind_every_door_only_what_can_not_be_guessed_passes(string path, string token, int status)
    {
        var stranger = await OverLimitAsync();

        var answer = await stranger.GetAsync(path, ("X-Auth-Token", token));

        // A disk of this machine may be full.
        Assert.Equal(
            status,
            path.EndsWith("check", StringComparison.Ordinal) && answer.Status == 500 ? 200 : answer.Status
        );
    }

    [Theory]
    [InlineData("/deploy/strong", 403, 429)]
    [InlineData("/deployments", 403, 429)]
    [InlineData("/technical/healthcheck", 401, 401)]
    [InlineData("/deploy/unknown", 404, 404)]
    [InlineData("/", 200, 200)]
    public async Task Who_shows_no_token_fails_too_but_not_where_that_is_how_it_begins(string path, int first, int last)
    {
        var stranger = Somebody;
        var statuses = new List<int>();
        while (statuses.Count <= Limit)
        {
            statuses.Add((await stranger.GetAsync(path)).Status);
        }

        Assert.Equal((first, last), (statuses[0], statuses[^1]));
    }

    [Fact]
    public async Task Others_are_not_touched()
    {
        await OverLimitAsync();

        Assert.Equal(403, (await Somebody.TryAsync("weak", "wrong")).Status);
        Assert.Equal(202, (await Somebody.TryAsync("weak", Weak)).Status);
    }

    [Fact]
    public async Task Zero_is_no_limit()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("site", "true"),
            new Dictionary<string, string> { ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "0" }
        );

        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(403, (await server.GetAsync("/deploy/site?token=wrong")).Status);
        }
    }

    [Fact]
    public async Task Twenty_is_the_limit_when_nobody_says_another()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("site", "true"),
            new Dictionary<string, string> { ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "" }
        );

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(403, (await server.GetAsync("/deploy/site?token=wrong")).Status);
        }

        AssertTooMany(await server.GetAsync("/deploy/site?token=wrong"));
    }

    private async Task<Stranger> OverLimitAsync()
    {
        var stranger = Somebody;
        await stranger.TryAsync("weak", "wrong", Limit);
        return stranger;
    }

    private static Task<Answer> PostFormAsync(Stranger stranger, string service, string form) =>
        PostAsync(stranger, service, form, "Content-Type: application/x-www-form-urlencoded");

    private static Task<Answer> PostAsync(Stranger stranger, string service, string body, string header) =>
        stranger.SendRawAsync(RawRequest.Post($"/deploy/{service}", body, header));

    private static void AssertTooMany(Answer answer)
    {
        Assert.Equal(429, answer.Status);
        Assert.InRange(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
        Assert.NotEmpty(answer.Message);
    }

    private static string Digest(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
