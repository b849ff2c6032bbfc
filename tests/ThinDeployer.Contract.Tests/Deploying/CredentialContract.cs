using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Deploying;

/// <summary>Every place in which a token admits, whatever stands elsewhere.</summary>
public abstract class CredentialContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Token = ServiceYaml.Token;

    protected override string Configuration => ServiceYaml.Of("site", "true");

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
        Assert.Equal(202, (await Server.SendRawAsync(RawRequest.Get("/deploy/site", headers))).Status);
        Assert.Equal(202, (await Server.SendRawAsync(RawRequest.Post("/deploy/site", "", headers))).Status);
    }

    [Theory]
    [InlineData($"token={Token}")]
    [InlineData($"a=b&token={Token}&c=d")]
    [InlineData("token=the%2Dtoken-of-these-tests")]
    public async Task A_token_in_the_query_or_in_a_form_admits(string encoded)
    {
        var query = await Server.SendRawAsync(RawRequest.Get($"/deploy/site?{encoded}"));
        var form = await Server.SendRawAsync(
            RawRequest.Post("/deploy/site", encoded, "Content-Type: application/x-www-form-urlencoded; charset=utf-8")
        );

        Assert.Equal(202, query.Status);
        Assert.Equal(202, form.Status);
    }

    [Fact]
    public async Task A_token_in_a_text_field_of_a_multipart_form_admits()
    {
        using var form = new MultipartFormDataContent { { new StringContent(Token), "token" } };

        var answer = await PostAsync(form);

        Assert.Equal(202, answer.Status);
    }

    [Fact]
    public async Task A_right_token_in_the_form_admits_beside_wrong_ones_in_the_head()
    {
        var answer = await Server.SendRawAsync(
            RawRequest.Post(
                "/deploy/site?token=wrong",
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

        var answer = await Server.SendAsync(HttpMethod.Post, $"/deploy/site?token={Token}", form);

        Assert.Equal(202, answer.Status);
    }

    private Task<Answer> PostAsync(HttpContent content) => Server.SendAsync(HttpMethod.Post, "/deploy/site", content);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
