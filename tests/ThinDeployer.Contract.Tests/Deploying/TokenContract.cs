using System.Security.Cryptography;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>Every form in which a configuration may give tokens.</summary>
public abstract class TokenContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Token = ServiceYaml.Token;

    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData("the-token-behind-the-digest"u8));

    protected override string Configuration =>
        ServiceYaml.Of("text", "true")
        + ServiceYaml.Bare("number", "token: 0123, pwd: site", "true")
        + ServiceYaml.Bare("list", "token: [first-of-the-list, second-of-the-list], pwd: site", "true")
        + ServiceYaml.Bare("map", "token: {alice: token-of-alice, bob: token-of-bob}, pwd: site", "true")
        + ServiceYaml.Bare("digest", $"token: 'sha256:{Digest}', pwd: site", "true")
        + ServiceYaml.Bare("file", "token_file: tokens.txt, pwd: site", "true")
        + ServiceYaml.Bare("both", "token: token-of-the-text, token_file: tokens.txt, pwd: site", "true")
        + ServiceYaml.Bare("filled", "token: '${TOKEN_OF_THE_ENVIRONMENT}', pwd: site", "true")
        + ServiceYaml.Bare("line", "token: ['${TOKEN_WITH_LINE_END}', '${TOKEN_WITH_CR_LF}'], pwd: site", "true")
        + ServiceYaml.Bare(
            "signed",
            "signature: {sender: gitlab, secret: '${SECRET_WITH_LINE_END}'}, pwd: site, respond: wait",
            "true"
        );

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>
        {
            ["TOKEN_OF_THE_ENVIRONMENT"] = "token-from-outside",
            ["TOKEN_WITH_LINE_END"] = "token-with-line-end\n",
            ["TOKEN_WITH_CR_LF"] = "token-with-cr-lf\r\n",
            ["SECRET_WITH_LINE_END"] = "secret-with-line-end\n",
            ["THIN_DEPLOYER_ADMIN_TOKEN"] = "admin-token-with-line-end\n",
            ["HC_TOKEN"] = "health-token-with-line-end\n",
        };

    protected override void Prepare(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.Write("tokens.txt", "# comment-of-the-file\nfirst-of-the-file\n\n  second-of-the-file  \r\n");
    }

    [Theory]
    [InlineData("number", "0123")]
    [InlineData("list", "first-of-the-list")]
    [InlineData("list", "second-of-the-list")]
    [InlineData("map", "token-of-alice")]
    [InlineData("map", "token-of-bob")]
    [InlineData("digest", "the-token-behind-the-digest")]
    [InlineData("file", "first-of-the-file")]
    [InlineData("file", "second-of-the-file")]
    [InlineData("both", "token-of-the-text")]
    [InlineData("both", "first-of-the-file")]
    [InlineData("filled", "token-from-outside")]
    [InlineData("line", "token-with-line-end")]
    [InlineData("line", "token-with-cr-lf")]
    public async Task Every_token_of_a_service_admits(string service, string token)
    {
        var answer = await Server.GetAsync($"/deploy/{service}", ("X-Auth-Token", token));

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task A_line_end_behind_any_other_secret_is_no_part_of_it_either()
    {
        var signed = await Server.SendAsync(
            HttpMethod.Post,
            "/deploy/signed",
            content: null,
            ("X-Gitlab-Token", "secret-with-line-end")
        );
        var admin = await Server.GetAsync("/services", ("X-Auth-Token", "admin-token-with-line-end"));
        var health = await Server.GetAsync("/technical/healthcheck", ("X-Auth-Token", "health-token-with-line-end"));

        Assert.Equal((202, 200), (signed.Status, admin.Status));
        Assert.NotEqual(403, health.Status);
    }

    public static TheoryData<string, string> NoTokens =>
        new()
        {
            { "text", "wrong" },
            { "file", "# comment-of-the-file" },
            { "file", "comment-of-the-file" },
            { "text", "" },
            { "text", Token.ToUpperInvariant() },
            { "text", Token[..^1] },
            { "text", Token + "x" },
            { "text", "first-of-the-list" },
            { "number", "123" },
            { "number", "83" },
            { "list", "[first-of-the-list, second-of-the-list]" },
            { "map", "alice" },
            { "digest", Digest },
            { "digest", $"sha256:{Digest}" },
            { "file", "tokens.txt" },
            { "filled", "${TOKEN_OF_THE_ENVIRONMENT}" },
        };

    [Theory]
    [MemberData(nameof(NoTokens))]
    public async Task Nothing_else_admits(string service, string token)
    {
        Refusal.AssertOf(await Server.GetAsync($"/deploy/{service}", ("X-Auth-Token", token)), service);
        Refusal.AssertOf(await Server.GetAsync($"/deploy/{service}?token={Uri.EscapeDataString(token)}"), service);
        Refusal.AssertOf(await Server.GetAsync($"/deploy/{service}", ("Authorization", $"Bearer {token}")), service);
    }
}
