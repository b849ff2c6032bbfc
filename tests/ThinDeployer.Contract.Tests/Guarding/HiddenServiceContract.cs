using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary>With <c>--hide-services</c> nobody learns which services there are.</summary>
public abstract class HiddenServiceContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Unknown = "none";
    private const string Secret = "a-signing-secret-with-32-letters";

    /// <summary>All names are of one length.</summary>
    private static readonly string[] Services = ["weak", "long", "hmac", "post", "ping"];

    protected override string Configuration =>
        ServiceYaml.Of("weak", "true")
        + ServiceYaml.Bare("long", "token: a-token-with-more-than-32-characters, pwd: site", "true")
        + ServiceYaml.Bare("hmac", $"signature: {{sender: github, secret: {Secret}}}, pwd: site", "true")
        + ServiceYaml.Bare("ping", $"signature: {{sender: bitbucket, secret: {Secret}}}, pwd: site", "true")
        + ServiceYaml.With("post", "allow_get: false, token_header: X-Own", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>
        {
            ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "3",
            ["THIN_DEPLOYER_HIDE_SERVICES"] = "true",
            ["THIN_DEPLOYER_MAX_BODY"] = "1MiB",
        };

    /// <summary>Requests as they stand on the wire; <c>NAME</c> is the service.</summary>
    public static TheoryData<string> Requests =>
        [
            RawRequest.Get("/deploy/NAME"),
            RawRequest.Get("/deploy/NAME", "X-Auth-Token: wrong"),
            RawRequest.Get("/deploy/NAME?token=wrong"),
            RawRequest.Get("/deploy/NAME?token=wrong&token=wrong"),
            RawRequest.Get("/deploy/NAME", "X-Own: wrong"),
            RawRequest.Get("/deploy/NAME?token=wrong", "Sec-Fetch-Site: cross-site"),
            RawRequest.Post("/deploy/NAME", "", "Cookie: thin-deployer=AAAA"),
            RawRequest.Post("/deploy/NAME", "", "Cookie: thin-deployer=AAAA", "X-Antiforgery: BBBB"),
            RawRequest.Post("/deploy/NAME", "", "Cookie: thin-deployer=AAAA", "X-Auth-Token: wrong"),
            RawRequest.Head("PUT", "/deploy/NAME", "X-Auth-Token: wrong"),
            RawRequest.Post("/deploy/NAME", "{}", "X-Auth-Token: wrong"),
            RawRequest.Post("/deploy/NAME", "token=wrong", "Content-Type: application/x-www-form-urlencoded"),
            RawRequest.Post("/deploy/NAME", "{}", $"X-Hub-Signature-256: sha256={new string('0', 64)}"),
            RawRequest.Post("/deploy/NAME", "{}", "X-Hub-Signature-256: sha256=short"),
            RawRequest.Post("/deploy/NAME", "{}", "X-Event-Key: diagnostics:ping"),
            RawRequest.Post("/deploy/NAME", "{}", "X-Auth-Token: wrong", "Content-Encoding: gzip"),
            RawRequest.Head("POST", "/deploy/NAME", "X-Auth-Token: wrong", "Content-Length: 2000000"),
            RawRequest.Head(
                "POST",
                "/deploy/NAME",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: 65537"
            ),
        ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task An_unknown_service_answers_as_a_known_one_does(string request)
    {
        ArgumentNullException.ThrowIfNull(request);
        foreach (var service in Services)
        {
            Assert.Equal(await AskAsync(request, Unknown), await AskAsync(request, service));
        }
    }

    /// <summary>Who must send the body first, and who gets an answer without it, tells as much as the answer.</summary>
    [Theory]
    [InlineData("Content-Type: application/x-www-form-urlencoded")]
    [InlineData("X-Hub-Signature-256: sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(
        "X-Hub-Signature-256: sha256=0000000000000000000000000000000000000000000000000000000000000000",
        "X-Auth-Token: wrong"
    )]
    public async Task It_waits_for_the_body_where_a_known_one_does(params string[] headers)
    {
        foreach (var service in Services.Append(Unknown))
        {
            await using var connection = await new Stranger(Server).ConnectAsync();
            await connection.SendAsync(
                RawRequest.Head("POST", $"/deploy/{service}", ["Expect: 100-continue", "Content-Length: 2", .. headers])
            );

            // Sent when somebody begins to read.
            Assert.Equal(100, (await connection.ReadAnswerAsync()).Status);
            await connection.SendAsync("xx");
            Assert.Equal(403, (await connection.ReadAnswerAsync()).Status);
        }
    }

    [Fact]
    public async Task Both_count_and_both_are_told_to_wait()
    {
        foreach (var service in Services.Append(Unknown))
        {
            Assert.Equal([403, 403, 403, 429], await new Stranger(Server).TryAsync(service, "wrong", 4));
        }
    }

    [Fact]
    public async Task Who_has_a_right_credential_is_let_in()
    {
        var code = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), "{}"u8));

        Assert.Equal(202, (await Server.DeployAsync("weak")).Status);
        Assert.Equal(202, (await Server.DeployAsync("post")).Status);
        Assert.Equal(
            202,
            (
                await Server.SendRawAsync(RawRequest.Post("/deploy/hmac", "{}", $"X-Hub-Signature-256: sha256={code}"))
            ).Status
        );
        using var form = new FormUrlEncodedContent([new("token", ServiceYaml.Token)]);
        Assert.Equal(202, (await Server.SendAsync(HttpMethod.Post, "/deploy/weak", form)).Status);
    }

    [Fact]
    public async Task A_name_that_no_service_can_have_is_refused_too()
    {
        var answer = await new Stranger(Server).TryAsync("what%20is%20this", "wrong");

        Assert.Equal(403, answer.Status);
        Assert.Equal("what is this", answer.Json.GetProperty("serviceName").GetString());
    }

    /// <summary>Status, headers and body, with the name taken out.</summary>
    private async Task<string> AskAsync(string request, string service)
    {
        var answer = await new Stranger(Server).SendRawAsync(
            Announced(request.Replace("NAME", service, StringComparison.Ordinal))
        );
        var headers = answer
            .Headers.Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {header.Value}");
        return $"{answer.Status}\n{string.Join('\n', headers)}\n{answer.Text.Replace(service, "NAME", StringComparison.Ordinal)}";
    }
}
