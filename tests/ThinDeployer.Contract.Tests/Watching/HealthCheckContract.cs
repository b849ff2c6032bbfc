using System.Text;
using System.Text.Json;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Watching;

/// <summary>What a monitor with the health token gets, and nobody else.</summary>
public abstract class HealthCheckContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Path = "/technical/healthcheck";
    private const string Token = "health:with:colons";

    protected override string Configuration => ServiceYaml.Of("site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => HealthSettings("100");

    [Fact]
    public async Task Without_credentials_it_says_how_to_give_them()
    {
        var answer = await Server.GetAsync(Path);

        Assert.Equal(401, answer.Status);
        Assert.Equal("Basic realm=\"Thin Deployer\"", answer.Header("WWW-Authenticate"));
        Assert.NotEmpty(answer.Message);
    }

    public static TheoryData<string> RightHeaders =>
        [
            $"X-Auth-Token: {Token}",
            $"Authorization: {Base64($"aaa:{Token}")}",
            $"Authorization: Basic {Base64($"aaa:{Token}")}",
            $"Authorization: bAsIc {Base64($"aaa:{Token}")}",
            $"Authorization: {Base64($":{Token}")}",
        ];

    [Theory]
    [MemberData(nameof(RightHeaders))]
    public async Task The_health_token_opens_it(string header)
    {
        var answer = await Server.SendRawAsync(RawRequest.Get(Path, header));

        Assert.Equal(200, answer.Status);
    }

    public static TheoryData<string> WrongHeaders =>
        [
            "X-Auth-Token: wrong",
            "X-Auth-Token:",
            $"X-Auth-Token: {ServiceYaml.Token}",
            $"Authorization: Basic {Base64("aaa:wrong")}",
            $"Authorization: Basic {Base64(Token.Replace(':', '-'))}",
            $"Authorization: Basic {Base64("with:colons")}",
            "Authorization: Basic this is no base64!",
            "Authorization: Basic",
            "Authorization: /",
            $"Authorization: Digest {Base64($"aaa:{Token}")}",
            $"Authorization: Basic {Base64($"aaa:{Token}")}\nX-Auth-Token: wrong",
            $"Authorization: Basic {Base64($"aaa:{Token}")}\nX-Auth-Token:",
        ];

    [Theory]
    [MemberData(nameof(WrongHeaders))]
    public async Task Anything_else_does_not_open_it(string headers)
    {
        var answer = await Server.SendRawAsync(RawRequest.Get(Path, headers));

        Assert.Equal(403, answer.Status);
        Assert.NotEmpty(answer.Message);
    }

    [Fact]
    public async Task A_right_token_header_beside_a_wrong_authorization_opens_it()
    {
        var answer = await Server.GetAsync(Path, ("X-Auth-Token", Token), ("Authorization", "Basic wrong"));

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task It_answers_in_the_form_of_the_original_when_all_is_well()
    {
        var answer = await AskAsync(Server);

        Assert.Equal(200, answer.Status);
        Assert.NotEmpty(answer.Json.GetProperty("hostname").GetString()!);
        Assert.Equal("success", answer.Json.GetProperty("status").GetString());
        Assert.InRange(answer.Json.GetProperty("timestamp").GetDouble(), 1.7e9, 1e11);
        Assert.Equal(
            [
                ("disk_space", true, "Disk usage is OK"),
                ("configured_paths", true, "All services have present paths in the filesystem"),
                ("configured_tokens", true, "All tokens are at proper length"),
            ],
            Results(answer)
                .Select(result =>
                    (
                        result.GetProperty("checker").GetString(),
                        result.GetProperty("passed").GetBoolean(),
                        result.GetProperty("output").GetString()
                    )
                )
        );
        Assert.All(
            Results(answer),
            result =>
            {
                var made = result.GetProperty("timestamp").GetDouble();
                Assert.InRange(made, 1.7e9, 1e11);
                Assert.InRange(result.GetProperty("expires").GetDouble(), made, made + 3600);
                Assert.InRange(result.GetProperty("response_time").GetDouble(), 0, 10);
            }
        );
    }

    public static TheoryData<string?> NoTokens => IsBehindProxy ? [""] : ["", null];

    [Theory]
    [MemberData(nameof(NoTokens))]
    public async Task Nothing_opens_it_when_the_server_has_no_health_token(string? token)
    {
        var settings = token is null ? NoSettings : new Dictionary<string, string> { ["HC_TOKEN"] = token };
        await using var server = await StartOwnAsync(ServiceYaml.Of("site", "true"), settings);

        Assert.Equal(403, (await server.GetAsync(Path, ("X-Auth-Token", ""))).Status);
        Assert.Equal(403, (await server.GetAsync(Path, ("X-Auth-Token", "anything"))).Status);
        Assert.Equal(403, (await server.GetAsync(Path, ("Authorization", Base64("aaa:")))).Status);
        Assert.Equal(401, (await server.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task Every_check_that_fails_says_so_and_names_every_service()
    {
        var configuration =
            ServiceYaml.Bare("gone-one", $"token: {ServiceYaml.Token}, pwd: gone/one", "true")
            + ServiceYaml.Bare("gone-two", $"token: {ServiceYaml.Token}, pwd: gone/two", "true")
            + ServiceYaml.Bare("short-one", $"token: [{ServiceYaml.Token}, tiny], pwd: site", "true")
            + ServiceYaml.Bare("short-two", "token: {bob: 123456789012345}, pwd: site", "true")
            + ServiceYaml.Bare("good", "token: '1234567890123456', pwd: site", "true");
        await using var server = await StartOwnAsync(configuration, HealthSettings("0"));

        var answer = await AskAsync(server);

        Assert.Equal(500, answer.Status);
        Assert.Equal("failure", answer.Json.GetProperty("status").GetString());
        Assert.All(Results(answer), result => Assert.False(result.GetProperty("passed").GetBoolean()));
        AssertNames(["gone-one", "gone-two"], ["short-one", "short-two", "good"], OutputOf(answer, "configured_paths"));
        AssertNames(["short-one", "short-two"], ["gone-", "good"], OutputOf(answer, "configured_tokens"));
        Assert.DoesNotContain("tiny", answer.Text, StringComparison.Ordinal);
    }

    /// <summary>How full a disk may be, how long a token is, and what is said of disk, paths and tokens.</summary>
    public static TheoryData<string, int, bool[]> Limits =>
        IsBehindProxy
            ? new() { { "100", ServiceYaml.Token.Length + 1, [true, true, false] } }
            : new()
            {
                { "0", ServiceYaml.Token.Length, [false, true, true] },
                { "100", ServiceYaml.Token.Length + 1, [true, true, false] },
            };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task One_limit_alone_makes_it_fail(string fullest, int shortest, bool[] results)
    {
        var settings = new Dictionary<string, string>(HealthSettings(fullest))
        {
            ["HC_MIN_TOKEN_LENGTH"] = $"{shortest}",
        };
        await using var server = await StartOwnAsync(ServiceYaml.Of("site", "true"), settings);

        var answer = await AskAsync(server);

        Assert.Equal(500, answer.Status);
        Assert.Equal(results, Results(answer).Select(result => result.GetProperty("passed").GetBoolean()));
    }

    [Fact]
    public async Task Asked_for_deployments_it_names_services_whose_last_one_ended_badly()
    {
        await using var server = await StartOwnAsync(
            ServiceYaml.Of("flaky", "test -e good") + ServiceYaml.Of("fine", "true") + ServiceYaml.Of("new", "true"),
            HealthSettings("100")
        );
        await server.DeployAsync("fine");
        var id = (await server.DeployAsync("flaky")).Json.GetProperty("id").GetString();

        var bad = await server.GetAsync($"{Path}?deployments=true", ("X-Auth-Token", Token));
        var plain = await AskAsync(server);
        server.Workspace.TouchSite("good");
        await server.DeployAsync("flaky");
        var good = await server.GetAsync($"{Path}?deployments=true", ("X-Auth-Token", Token));

        Assert.Equal((500, 200, 200), (bad.Status, plain.Status, good.Status));
        Assert.Equal($"flaky: deployment {id} ended as failed", OutputOf(bad, "last_deployments"));
        Assert.Equal(3, Results(plain).Length);
        Assert.Equal(
            [
                "disk_space",
                "configured_paths",
                "configured_tokens",
                "last_deployments",
                "queue",
                "record",
                "output",
                "log",
            ],
            Results(good).Select(result => result.GetProperty("checker").GetString())
        );
    }

    [Fact]
    public async Task Another_word_for_deployments_is_refused()
    {
        var answer = await Server.GetAsync($"{Path}?deployments=yes", ("X-Auth-Token", Token));

        Assert.Equal(400, answer.Status);
    }

    private static Dictionary<string, string> HealthSettings(string maximumDiskUsage) =>
        new() { ["HC_TOKEN"] = Token, ["HC_MAX_DISK_USAGE"] = maximumDiskUsage };

    private static Task<Answer> AskAsync(RunningServer server) => server.GetAsync(Path, ("X-Auth-Token", Token));

    private static JsonElement[] Results(Answer answer) => [.. answer.Json.GetProperty("results").EnumerateArray()];

    private static string OutputOf(Answer answer, string checker) =>
        Results(answer)
            .Single(result => result.GetProperty("checker").GetString() == checker)
            .GetProperty("output")
            .GetString()!;

    private static void AssertNames(string[] named, string[] notNamed, string output)
    {
        Assert.All(named, name => Assert.Contains(name, output, StringComparison.Ordinal));
        Assert.All(notNamed, name => Assert.DoesNotContain(name, output, StringComparison.Ordinal));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
