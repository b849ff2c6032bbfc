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
        + ServiceYaml.Bare("filled", "token: '${TOKEN_OF_THE_ENVIRONMENT}', pwd: site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string> { ["TOKEN_OF_THE_ENVIRONMENT"] = "token-from-outside" };

    protected override void Prepare(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.Write("tokens.txt", "first-of-the-file\n\n  second-of-the-file  \r\n");
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
    public async Task Every_token_of_a_service_admits(string service, string token)
    {
        var answer = await Server.GetAsync($"/deploy/{service}", ("X-Auth-Token", token));

        Assert.Equal(202, answer.Status);
    }

    public static TheoryData<string, string> NoTokens =>
        new()
        {
            { "text", "wrong" },
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
