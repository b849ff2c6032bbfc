using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;
using ThinDeployer.Contract.Tests.Paging;

namespace ThinDeployer.Contract.Tests.Auditing;

/// <summary>Who did what, as it can be read afterwards. Each test has services of its own.</summary>
public abstract class AuditContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string CiToken = "the-token-of-ci-is-this-one";

    protected override string Configuration =>
        Named("plain", "", "true")
        + Named("later", "", "true")
        + Named("picky", ", variables: {tag: {argument: tag, pattern: '[0-9]+'}}", "echo %tag%")
        + Named("busy", ", when_busy: reject", "touch busy.began; until [ -e busy.go ]; do sleep 0.02; done")
        + Named("stays", "", "touch stays.began; sleep 600")
        + Named("never", ", request_regexp: '^something$'", "true")
        + ServiceYaml.Bare("unnamed", "token: the-token-of-nobody-special, pwd: site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) =>
        new Dictionary<string, string>(PageSession.Settings) { ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "3" };

    [Fact]
    public async Task A_deployment_and_its_repetition_have_an_entry_each()
    {
        var id = IdOf(await DeployAsync("plain"));
        var again = await SendAsync($"/deployments/{id}/rerun", CiToken);
        await Server.SendAsync(
            HttpMethod.Post,
            "/deploy/plain",
            content: null,
            ("X-Auth-Token", CiToken),
            ("Idempotency-Key", "one")
        );
        var repeated = await Server.SendAsync(
            HttpMethod.Post,
            "/deploy/plain",
            content: null,
            ("X-Auth-Token", CiToken),
            ("Idempotency-Key", "one")
        );

        var entries = await AuditReading.EntriesAsync(Server, "service=plain", 4);

        Assert.Equal(
            [
                $"deploy ci plain {id} accepted -",
                $"rerun ci plain {IdOf(again)} accepted -",
                $"deploy ci plain {IdOf(repeated)} accepted -",
                $"deploy ci plain {IdOf(repeated)} accepted repeated",
            ],
            entries.Select(AuditReading.Short)
        );
        Assert.All(entries, entry => Assert.Equal("127.0.0.1", entry.GetProperty("address").GetString()));
        Assert.All(
            entries,
            entry => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", entry.GetProperty("at").GetString())
        );
        var numbers = entries.Select(entry => entry.GetProperty("number").GetInt64()).ToList();
        Assert.Equal(numbers.Order(), numbers);
    }

    [Fact]
    public async Task What_a_rule_refuses_has_one_that_says_which_without_the_value()
    {
        Assert.Equal(400, (await DeployAsync("picky?tag=hunter2")).Status);

        var entry = Assert.Single(await AuditReading.EntriesAsync(Server, "service=picky", 1));

        Assert.StartsWith(
            "deploy ci picky - refused The variable \"tag\" does not match",
            AuditReading.Short(entry),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("hunter2", entry.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_service_and_a_cancelled_deployment_are_told()
    {
        var running = IdOf(await DeployAsync("busy", atOnce: true));
        await Server.Workspace.SiteHasAsync("busy.began");
        Assert.Equal(409, (await DeployAsync("busy")).Status);
        Server.Workspace.TouchSite("busy.go");
        var stays = IdOf(await DeployAsync("stays", atOnce: true));
        await Server.Workspace.SiteHasAsync("stays.began");
        Assert.Equal(202, (await SendAsync($"/deployments/{stays}/cancel", PageSession.AdminToken)).Status);
        await Server.SendAsync(
            HttpMethod.Get,
            $"/deployments/{stays}/log?follow=true",
            null,
            ("X-Auth-Token", CiToken)
        );
        Assert.Equal(409, (await SendAsync($"/deployments/{stays}/cancel", CiToken)).Status);

        var busy = await AuditReading.EntriesAsync(Server, "service=busy", 2);
        var cancelled = await AuditReading.EntriesAsync(Server, "service=stays", 3);

        Assert.Equal(
            [$"deploy ci busy {running} accepted -", $"deploy ci busy {running} refused busy"],
            busy.Select(AuditReading.Short)
        );
        Assert.Equal(
            [
                $"deploy ci stays {stays} accepted -",
                $"cancel admin stays {stays} accepted -",
                $"cancel ci stays {stays} refused ended",
            ],
            cancelled.Select(AuditReading.Short)
        );
    }

    [Fact]
    public async Task A_session_has_an_entry_for_its_beginning_and_its_end_and_what_it_does_has_the_token_s_name()
    {
        var session = await PageSession.BeginAsync(Server, "the-token-of-nobody-special");
        var proof = await session.AntiforgeryAsync();
        var deployed = await session.PostAsync("/deploy/unnamed", ("X-Antiforgery", proof));
        var left = await Server.SendAsync(
            HttpMethod.Post,
            "/ui/sign-out",
            PageSession.Form(("antiforgery", proof)),
            session.CookieHeader
        );
        Assert.Equal((202, 303), (deployed.Status, left.Status));

        var deployment = await AuditReading.EntriesAsync(Server, "service=unnamed", 1);
        var entries = await AuditReading.EntriesAsync(Server, "what=sign_out", 1);

        Assert.Equal("sign_out token - - accepted -", AuditReading.Short(entries[0]));
        Assert.StartsWith("deploy token unnamed ", AuditReading.Short(deployment[0]), StringComparison.Ordinal);
        var began = await AuditReading.EntriesAsync(Server, "what=sign_in", 1);
        Assert.Equal("sign_in token - - accepted -", AuditReading.Short(began[0]));
    }

    [Fact]
    public async Task Strangers_have_none_but_one_when_they_are_refused_often()
    {
        // Else it would be refused, too, for the failures of its address.
        const string strong = "a-viewer-token-that-can't-be-guessed";
        var settings = new Dictionary<string, string>(Settings(Server.Workspace))
        {
            ["THIN_DEPLOYER_VIEWER_TOKEN"] = strong,
        };
        await using var server = await StartOwnAsync(Configuration, settings);
        for (var i = 0; i < 10; i++)
        {
            await server.SendAsync(HttpMethod.Post, "/deploy/plain", null, ("X-Auth-Token", "wrong"));
        }

        Assert.Equal(404, (await server.GetAsync("/nothing")).Status);

        var entry = Assert.Single(await AuditReading.EntriesAsync(server, "", 1, strong));
        Assert.Equal("refused_often - - - refused -", AuditReading.Short(entry));
        Assert.Equal("127.0.0.1", entry.GetProperty("address").GetString());
    }

    [Fact]
    public async Task A_reload_has_one_with_its_result()
    {
        await using var server = await StartOwnAsync(Configuration, PageSession.Settings);

        server.Workspace.Write("deployer.yml", Configuration + Named("more", "", "true"));
        await AuditReading.EntriesAsync(server, "what=reload", 1);
        server.Workspace.Write("deployer.yml", "plain: {}\n");
        var entries = await AuditReading.EntriesAsync(server, "what=reload", 2);

        Assert.Equal("reload files - - accepted 8 services, added more", AuditReading.Short(entries[0]));
        Assert.Matches("^reload files - - refused [0-9]+ mistakes$", AuditReading.Short(entries[1]));
    }

    [Fact]
    public async Task What_deploys_nothing_has_none()
    {
        Assert.Equal(200, (await DeployAsync("never")).Status);
        var id = IdOf(await DeployAsync("later"));
        await Eventually.IsTrueAsync(
            async () =>
                (await AuditReading.AskAsync(Server, "", PageSession.AdminToken)).Text.Contains(
                    id,
                    StringComparison.Ordinal
                )
                    ? 1
                    : 0,
            1,
            "the later one is noted"
        );

        Assert.Empty(await AuditReading.EntriesAsync(Server, "service=never", 0));
    }

    [Theory]
    [InlineData(PageSession.AdminToken, "", 200)]
    [InlineData(PageSession.ViewerToken, "", 200)]
    [InlineData(CiToken, "", 404)]
    [InlineData(PageSession.ViewerToken, "limit=0", 400)]
    [InlineData(PageSession.ViewerToken, "limit=many", 400)]
    [InlineData(PageSession.ViewerToken, "limit=1000", 200)]
    [InlineData(PageSession.ViewerToken, "before=-1", 400)]
    [InlineData(PageSession.ViewerToken, "before=99999999999999999999", 400)]
    [InlineData(PageSession.ViewerToken, "what=dance", 400)]
    [InlineData(PageSession.ViewerToken, "since=yesterday", 400)]
    [InlineData(PageSession.ViewerToken, "since=2026-01-31", 200)]
    [InlineData(PageSession.ViewerToken, "service=%FF", 400)]
    [InlineData(PageSession.ViewerToken, "service=' OR 1=1 --", 200)]
    public async Task Who_sees_all_may_read_it(string token, string query, int status)
    {
        var answer = await AuditReading.AskAsync(Server, query, token);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200, answer.Json.TryGetProperty("audit", out _));
    }

    [Fact]
    public async Task Nobody_else_may()
    {
        await using var server = await StartOwnAsync(Configuration, PageSession.Settings);

        Assert.Equal(403, (await server.GetAsync("/audit")).Status);
        Assert.Equal(403, (await AuditReading.AskAsync(server, "", "wrong")).Status);
        Assert.Equal(405, (await SendAsync(server, "/audit", PageSession.AdminToken)).Status);
    }

    [Fact]
    public async Task The_page_shows_it_page_by_page_to_who_sees_all()
    {
        await using var server = await StartOwnAsync(Configuration, PageSession.Settings);
        await server.SendAsync(HttpMethod.Post, "/deploy/plain", null, ("X-Auth-Token", CiToken));
        await AuditReading.EntriesAsync(server, "service=plain", 1);
        var viewer = await PageSession.BeginAsync(server, PageSession.ViewerToken);
        var other = await PageSession.BeginAsync(server, CiToken);
        await AuditReading.EntriesAsync(server, "", 3);

        var page = await viewer.GetAsync("/ui/audit?service=plain");
        var first = await viewer.GetAsync("/ui/audit?limit=1");
        var foreign = await other.GetAsync("/ui/audit");
        var linked = await viewer.GetAsync("/ui/server");
        var wrong = await viewer.GetAsync("/ui/audit?what=%22%3E%3Cscript%3E");

        Assert.Contains("<td>deploy</td>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>sign in</td>", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/ui/audit?before=", first.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>", foreign.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/ui/audit\"", linked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", wrong.Text, StringComparison.Ordinal);
    }

    private static string Named(string name, string more, params string[] commands) =>
        ServiceYaml.Bare(name, $"token: {{ci: {CiToken}}}, pwd: site{more}", commands);

    private Task<Answer> DeployAsync(string service, bool atOnce = false) =>
        Server.SendAsync(
            HttpMethod.Post,
            $"/deploy/{service}",
            content: null,
            ("X-Auth-Token", CiToken),
            ("Prefer", atOnce ? "respond-async" : "wait=60")
        );

    private Task<Answer> SendAsync(string path, string token) => SendAsync(Server, path, token);

    private static Task<Answer> SendAsync(RunningServer server, string path, string token) =>
        server.SendAsync(HttpMethod.Post, path, content: null, ("X-Auth-Token", token));

    private static string IdOf(Answer answer) => answer.Json.GetProperty("id").GetString()!;
}
