using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>Who may deploy: every place for a token, every form of one, and what admits nobody.</summary>
public abstract class CredentialContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Token = ServiceYaml.Token;
    private const string Refusal =
        "Invalid auth token, please verify the X-Auth-Token header value or \"token\" query parameter";

    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData("the-token-behind-the-digest"u8));

    protected override string Configuration =>
        ServiceYaml.Of("text", "echo ran >> text.log")
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

    public static TheoryData<string> RightHeaders =>
        [
            $"X-Auth-Token: {Token}",
            $"x-auth-token: {Token}",
            $"Authorization: Bearer {Token}",
            $"Authorization: bEARER {Token}",
            $"Authorization: Basic {Base64($"anybody:{Token}")}",
            $"Authorization: basic {Base64($":{Token}")}",
            $"X-Auth-Token: {Token}\nAuthorization: Bearer wrong",
            $"X-Auth-Token: wrong\nAuthorization: Bearer {Token}",
            $"X-Auth-Token:\nAuthorization: Basic {Base64($"anybody:{Token}")}",
        ];

    [Theory]
    [MemberData(nameof(RightHeaders))]
    public async Task A_token_in_a_header_admits(string headers)
    {
        Assert.Equal(202, (await Server.SendRawAsync(RawRequest.Get("/deploy/text", headers))).Status);
        Assert.Equal(202, (await Server.SendRawAsync(RawRequest.Post("/deploy/text", "", headers))).Status);
    }

    [Theory]
    [InlineData($"token={Token}")]
    [InlineData($"a=b&token={Token}&c=d")]
    [InlineData("token=the%2Dtoken-of-these-tests")]
    public async Task A_token_in_the_query_or_in_a_form_admits(string encoded)
    {
        var query = await Server.SendRawAsync(RawRequest.Get($"/deploy/text?{encoded}"));
        var form = await Server.SendRawAsync(
            RawRequest.Post("/deploy/text", encoded, "Content-Type: application/x-www-form-urlencoded; charset=utf-8")
        );

        Assert.Equal(202, query.Status);
        Assert.Equal(202, form.Status);
    }

    [Fact]
    public async Task A_token_in_a_text_field_of_a_multipart_form_admits()
    {
        using var form = new MultipartFormDataContent { { new StringContent(Token), "token" } };

        var answer = await PostAsync("text", form);

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task A_token_in_a_file_of_a_multipart_form_does_not_admit()
    {
        using var form = new MultipartFormDataContent { { new StringContent(Token), "token", "token.txt" } };

        var answer = await PostAsync("text", form);

        AssertRefused(answer, "text");
    }

    [Fact]
    public async Task A_form_that_does_not_say_that_it_is_one_does_not_admit()
    {
        using var body = new StringContent($"token={Token}");

        var answer = await PostAsync("text", body);

        AssertRefused(answer, "text");
    }

    [Fact]
    public async Task A_right_token_in_the_form_admits_beside_wrong_ones_in_the_head()
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Post(
                "/deploy/text?token=wrong",
                $"token={Token}",
                "X-Auth-Token: wrong",
                "Authorization: Bearer wrong",
                "Content-Type: application/x-www-form-urlencoded"
            )
        );

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task A_right_token_in_the_query_admits_beside_a_wrong_one_in_the_form()
    {
        using var form = new FormUrlEncodedContent([new("token", "wrong")]);

        var answer = await PostAsync($"text?token={Token}", form);

        Assert.Equal(202, answer.Status);
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
        AssertRefused(await Server.GetAsync($"/deploy/{service}", ("X-Auth-Token", token)), service);
        AssertRefused(await Server.GetAsync($"/deploy/{service}?token={Uri.EscapeDataString(token)}"), service);
        AssertRefused(await Server.GetAsync($"/deploy/{service}", ("Authorization", $"Bearer {token}")), service);
    }

    public static TheoryData<string> WrongHeaders =>
        [
            "Authorization: Basic",
            "Authorization: Bearer",
            "Authorization: Basic no base64!",
            $"Authorization: Basic {Base64(Token)}",
            $"Authorization: Basic {Base64($"{Token}:")}",
            $"Authorization: Bearer{Token}",
            $"Authorization: Digest {Token}",
            $"Cookie: token={Token}",
            $"X-Auth-Token: {Token}\nX-Auth-Token: {Token}",
            $"X-Auth-Token: wrong\nX-Auth-Token: {Token}",
            $"Authorization: Bearer {Token}\nAuthorization: Bearer wrong",
            $"X-Auth-Token: {Token},{Token}",
        ];

    [Theory]
    [MemberData(nameof(WrongHeaders))]
    public async Task A_header_that_is_wrong_or_comes_twice_does_not_admit(string headers)
    {
        var answer = await Server.SendRawAsync(RawRequest.Get("/deploy/text", headers));

        AssertRefused(answer, "text");
    }

    [Theory]
    [InlineData($"token={Token}&token={Token}")]
    [InlineData($"token=wrong&token={Token}")]
    [InlineData("token=")]
    [InlineData("token")]
    [InlineData($"Token={Token}")]
    [InlineData($"token[]={Token}")]
    [InlineData($"token=%00{Token}")]
    [InlineData($"token=%FF{Token}")]
    public async Task A_query_or_form_that_is_wrong_or_names_it_twice_does_not_admit(string encoded)
    {
        var query = await Server.SendRawAsync(RawRequest.Get($"/deploy/text?{encoded}"));
        var form = await Server.SendRawAsync(
            RawRequest.Post("/deploy/text", encoded, "Content-Type: application/x-www-form-urlencoded")
        );

        AssertRefused(query, "text");
        AssertRefused(form, "text");
    }

    [Fact]
    public async Task Two_fields_of_a_multipart_form_do_not_admit()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Token), "token" },
            { new StringContent(Token), "token" },
        };

        AssertRefused(await PostAsync("text", form), "text");
    }

    [Fact]
    public async Task A_multipart_form_without_a_boundary_does_not_admit()
    {
        using var body = new StringContent(Token);
        body.Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data");

        AssertRefused(await PostAsync("text", body), "text");
    }

    [Fact]
    public async Task No_token_at_all_is_refused_and_runs_nothing()
    {
        var before = Server.Workspace.ReadSite("text.log");

        var answer = await Server.GetAsync("/deploy/text");

        AssertRefused(answer, "text");
        Assert.Equal(before, Server.Workspace.ReadSite("text.log"));
    }

    [Fact]
    public async Task A_stranger_with_a_huge_body_is_refused_before_it_comes()
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Head("POST", "/deploy/text", "X-Auth-Token: wrong", $"Content-Length: {20 * 1024 * 1024}")
        );

        AssertRefused(answer, "text");
    }

    private static void AssertRefused(Answer answer, string service)
    {
        Assert.Equal(403, answer.Status);
        Assert.Equal(Refusal, answer.Message);
        Assert.Equal(service, answer.Json.GetProperty("serviceName").GetString());
    }

    private Task<Answer> PostAsync(string serviceAndQuery, HttpContent content) =>
        Server.SendAsync(HttpMethod.Post, $"/deploy/{serviceAndQuery}", content);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
