using System.Text;
using ThinDeployer.Contract.Tests.Auditing;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Paging;

namespace ThinDeployer.Contract.Tests.Guarding;

/// <summary>The machines of a server that orders none about.</summary>
public abstract class MachinesContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Deploys = "the-token-that-may-deploy-only";

    protected override string Configuration =>
        ServiceYaml.Bare(
            "site",
            $"token: {{all: {ServiceYaml.Token}, deploys: {{value: {Deploys}, may: [deploy]}}}}, pwd: site",
            "true"
        );

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>(PageSession.Settings) { ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "0" };

    /// <summary>A route, and whether it changes something.</summary>
    public static TheoryData<string, string, bool> Doors =>
        new()
        {
            { "GET", "/machines", false },
            { "POST", "/machines?name=web-1", true },
            { "DELETE", "/machines/web-1", true },
        };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task The_admin_is_told_what_is_missing(string method, string path, bool changes)
    {
        Assert.Equal(method != "GET", changes);

        var answer = await AskAsync(method, path, PageSession.AdminToken);

        Assert.Equal(409, answer.Status);
        Assert.Contains("--broker", answer.Message, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task The_viewer_may_look_and_change_nothing(string method, string path, bool changes)
    {
        var answer = await AskAsync(method, path, PageSession.ViewerToken);

        Assert.Equal(changes ? 403 : 409, answer.Status);
        if (changes)
        {
            Assert.Equal("This token may look, and do nothing", answer.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task To_all_others_there_is_nothing(string method, string path, bool changes)
    {
        Assert.Equal(method != "GET", changes);

        var own = await AskAsync(method, path, ServiceYaml.Token);
        var deploys = await AskAsync(method, path, Deploys);
        var wrong = await AskAsync(method, path, "no-token-at-all");
        var none = await Server.SendAsync(HttpMethod.Parse(method), path, content: null);

        Assert.Equal((404, "This token does not open the machines"), (own.Status, own.Message));
        Assert.Equal((403, 403, 403), (deploys.Status, wrong.Status, none.Status));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task The_page_of_another_site_may_not_use_a_token_in_the_address(
        string method,
        string path,
        bool changes
    )
    {
        Assert.Equal(method != "GET", changes);
        var token = (path.Contains('?', StringComparison.Ordinal) ? "&token=" : "?token=") + PageSession.AdminToken;

        var foreign = await Server.SendAsync(
            HttpMethod.Parse(method),
            path + token,
            content: null,
            ("Origin", "https://elsewhere.example")
        );
        var own = await Server.SendAsync(HttpMethod.Parse(method), path + token, content: null);

        Assert.Equal((403, 409), (foreign.Status, own.Status));
    }

    [Fact]
    public async Task A_session_changes_something_only_as_the_page_means_it()
    {
        var session = await PageSession.BeginAsync(Server, PageSession.AdminToken);

        var forged = await session.PostAsync("/machines?name=web-1");
        var meant = await session.PostAsync(
            "/machines?name=web-1",
            ("X-Antiforgery", await session.AntiforgeryAsync())
        );

        Assert.Equal((403, 409), (forged.Status, meant.Status));
    }

    [Theory]
    [InlineData("DELETE", "/machines", "GET, POST")]
    [InlineData("PUT", "/machines", "GET, POST")]
    [InlineData("GET", "/machines/web-1", "DELETE")]
    [InlineData("POST", "/machines/web-1", "DELETE")]
    public async Task Another_method_is_told_which_there_are(string method, string path, string allowed)
    {
        var answer = await AskAsync(method, path, PageSession.AdminToken);

        Assert.Equal((405, allowed), (answer.Status, answer.Header("Allow")));
    }

    [Fact]
    public async Task Nothing_is_noted_of_what_could_not_be_meant()
    {
        using var content = new StringContent("""{"name": "web-1"}""", Encoding.UTF8, "application/json");
        await Server.SendAsync(HttpMethod.Post, "/machines", content, ("X-Auth-Token", PageSession.AdminToken));
        await Server.DeployAsync("site");

        var entries = await AuditReading.EntriesAsync(Server, "service=site", 1);

        Assert.NotEmpty(entries);
        var of = await Server.GetAsync("/audit?what=add_machine", ("X-Auth-Token", PageSession.AdminToken));
        Assert.Equal((200, 0), (of.Status, of.Json.GetProperty("audit").GetArrayLength()));
    }

    private Task<Answer> AskAsync(string method, string path, string token) =>
        Server.SendAsync(HttpMethod.Parse(method), path, content: null, ("X-Auth-Token", token));
}
