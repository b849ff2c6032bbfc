using System.Text;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary>The page of another site can't use a token that stands in an URL or a form, or that the browser remembers.</summary>
public abstract class ForeignSiteContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Token = ServiceYaml.Token;

    protected override string Configuration => ServiceYaml.Of("site", "echo ran >> site.log");

    public static TheoryData<string> ForeignHeaders =>
        [
            "Sec-Fetch-Site: cross-site",
            "Origin: https://evil.example",
            "Origin: null",
            "Origin: http://localhost:9999",
            $"Sec-Fetch-Site: cross-site\nX-Auth-Token: {Token}",
        ];

    [Theory]
    [MemberData(nameof(ForeignHeaders))]
    public async Task A_token_in_the_query_is_not_taken_from_it(string headers)
    {
        var before = Server.Workspace.ReadSite("site.log");

        var get = await Server.SendRawAsync(RawRequest.Get($"/deploy/site?token={Token}", headers));
        var post = await Server.SendRawAsync(RawRequest.Post($"/deploy/site?token={Token}", "", headers));
        var list = await Server.SendRawAsync(RawRequest.Get($"/deployments?token={Token}", headers));

        Assert.Equal((403, 403, 403), (get.Status, post.Status, list.Status));
        Assert.Equal("site", get.Json.GetProperty("serviceName").GetString());
        Assert.NotEmpty(list.Message);
        Assert.Equal(before, Server.Workspace.ReadSite("site.log"));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Origin: null")]
    public async Task Nor_is_one_of_a_form_or_that_the_browser_remembers(string header)
    {
        var before = Server.Workspace.ReadSite("site.log");
        var basic = "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{Token}"));

        var form = await Server.SendRawAsync(
            RawRequest.Post("/deploy/site", $"token={Token}", header, "Content-Type: application/x-www-form-urlencoded")
        );
        var remembered = await Server.SendRawAsync(RawRequest.Post("/deploy/site", "", header, basic));
        var list = await Server.SendRawAsync(RawRequest.Get("/deployments", header, basic));

        Assert.Equal((403, 403, 403), (form.Status, remembered.Status, list.Status));
        Assert.Contains("page of another site", form.Message, StringComparison.Ordinal);
        Assert.Equal(before, Server.Workspace.ReadSite("site.log"));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: same-origin")]
    [InlineData("Sec-Fetch-Site: none")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Origin: http://localhost")]
    [InlineData("Origin: https://localhost")]
    public async Task It_is_taken_from_a_page_of_our_own_and_from_the_address_bar(string header)
    {
        var answer = await Server.SendRawAsync(RawRequest.Get($"/deploy/site?token={Token}", header));

        Assert.Equal(202, answer.Status);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Origin: https://evil.example")]
    public async Task A_token_in_a_header_is_taken_because_no_page_can_set_one(string header)
    {
        var answer = await Server.SendRawAsync(RawRequest.Get("/deploy/site", header, $"X-Auth-Token: {Token}"));

        Assert.Equal(202, answer.Status);
    }
}
