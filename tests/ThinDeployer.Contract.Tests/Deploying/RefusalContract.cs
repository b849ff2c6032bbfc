using System.Net.Http.Headers;
using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>What looks like a credential and admits nobody.</summary>
public abstract class RefusalContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Token = ServiceYaml.Token;

    protected override string Configuration => ServiceYaml.Of("site", "echo ran >> site.log");

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
        var answer = await Server.SendRawAsync(RawRequest.Get("/deploy/site", headers));

        Refusal.AssertOf(answer, "site");
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
        var query = await Server.SendRawAsync(RawRequest.Get($"/deploy/site?{encoded}"));
        var form = await Server.SendRawAsync(
            RawRequest.Post("/deploy/site", encoded, "Content-Type: application/x-www-form-urlencoded")
        );

        Refusal.AssertOf(query, "site");
        Refusal.AssertOf(form, "site");
    }

    [Fact]
    public async Task Two_fields_of_a_multipart_form_do_not_admit()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Token), "token" },
            { new StringContent(Token), "token" },
        };

        Refusal.AssertOf(await PostAsync(form), "site");
    }

    [Fact]
    public async Task A_token_in_a_file_of_a_multipart_form_does_not_admit()
    {
        using var form = new MultipartFormDataContent { { new StringContent(Token), "token", "token.txt" } };

        var answer = await PostAsync(form);

        Refusal.AssertOf(answer, "site");
    }

    [Fact]
    public async Task A_form_that_does_not_say_that_it_is_one_does_not_admit()
    {
        using var body = new StringContent($"token={Token}");

        var answer = await PostAsync(body);

        Refusal.AssertOf(answer, "site");
    }

    [Fact]
    public async Task A_multipart_form_without_a_boundary_does_not_admit()
    {
        using var body = new StringContent(Token);
        body.Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data");

        Refusal.AssertOf(await PostAsync(body), "site");
    }

    [Fact]
    public async Task No_token_at_all_is_refused_and_runs_nothing()
    {
        var before = Server.Workspace.ReadSite("site.log");

        var answer = await Server.GetAsync("/deploy/site");

        Refusal.AssertOf(answer, "site");
        Assert.Equal(before, Server.Workspace.ReadSite("site.log"));
    }

    [Fact]
    public async Task A_stranger_with_a_huge_body_is_refused_before_it_comes()
    {
        var answer = await Server.SendRawAsync(
            Announced(
                RawRequest.Head("POST", "/deploy/site", "X-Auth-Token: wrong", $"Content-Length: {20 * 1024 * 1024}")
            )
        );

        Refusal.AssertOf(answer, "site");
    }

    private Task<Answer> PostAsync(HttpContent content) => Server.SendAsync(HttpMethod.Post, "/deploy/site", content);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
