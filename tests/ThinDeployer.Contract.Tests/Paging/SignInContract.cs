using System.Globalization;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Paging;

/// <summary>What is sent and answered when a token is given for a session.</summary>
public abstract class SignInContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    /// <summary>Long enough that no number of attempts finds it.</summary>
    private const string StrongToken = "a-token-of-thirty-two-characters";

    protected override string Configuration => ServiceYaml.Of("site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => PageSession.Settings;

    [Fact]
    public async Task The_cookie_is_for_no_script_and_for_no_other_site()
    {
        var answer = await PageSession.SignInAsync(Server, ServiceYaml.Token);

        Assert.Equal(["thin-deployer", "path=/", "samesite=strict", "httponly"], Attributes(answer));
    }

    /// <summary>What a host's own proxy says of itself wins over what a client says.</summary>
    [Theory]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Origin", "https://HOST")]
    public async Task Behind_a_proxy_that_takes_off_TLS_it_is_for_TLS_and_this_host_only(string header, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var tells = !IsBehindProxy || header == "Origin";

        var answer = await PageSession.SignInAsync(
            Server,
            ServiceYaml.Token,
            (header, value.Replace("HOST", Server.Address.Authority, StringComparison.Ordinal)),
            ("Sec-Fetch-Site", "same-origin")
        );

        Assert.Equal(
            tells
                ? ["__Host-thin-deployer", "path=/", "secure", "samesite=strict", "httponly"]
                : ["thin-deployer", "path=/", "samesite=strict", "httponly"],
            Attributes(answer)
        );
        var session = new PageSession(Server, PageSession.CookieIn(answer));
        Assert.Equal(200, (await session.GetAsync("/ui/")).Status);
    }

    [Fact]
    public async Task An_old_cookie_hides_none_that_still_opens()
    {
        var session = await PageSession.BeginAsync(Server, ServiceYaml.Token);
        var old = ("Cookie", $"__Host-thin-deployer=AAAA; __Secure-thin-deployer=BBBB; {Of(session)}");

        var page = await Server.GetAsync("/ui/", old, ("Accept", "text/html"));
        var proof = ("X-Antiforgery", await session.AntiforgeryAsync());
        var action = await Server.SendAsync(HttpMethod.Post, "/deploy/site", content: null, old, proof);

        Assert.Equal((200, 202), (page.Status, action.Status));
        Assert.Contains(proof.Item2, page.Text, StringComparison.Ordinal);
    }

    /// <summary>What a host's own proxy says of itself wins over what a client says.</summary>
    [Fact]
    public async Task Behind_TLS_a_cookie_that_anybody_on_the_way_could_have_set_does_not_count()
    {
        var session = await PageSession.BeginAsync(Server, ServiceYaml.Token);

        var answer = await Server.GetAsync(
            "/ui/",
            session.CookieHeader,
            ("Accept", "text/html"),
            ("X-Forwarded-Proto", "https")
        );

        Assert.Equal(IsBehindProxy ? 200 : 303, answer.Status);
    }

    [Fact]
    public async Task A_right_token_counts_beside_a_session_that_has_ended()
    {
        await using var changes = await Server.OpenAsync(
            HttpMethod.Get,
            "/ui/events",
            ("Accept", "text/event-stream"),
            ("Cookie", "thin-deployer=AAAA"),
            ("X-Auth-Token", ServiceYaml.Token)
        );
        await changes.TextUntilAsync(": follows");

        await Server.DeployAsync("site");

        Assert.DoesNotContain("over", await changes.TextUntilAsync("event: "), StringComparison.Ordinal);
    }

    /// <summary>The browser did not send the cookie that it has: another one would take its place.</summary>
    [Fact]
    public async Task A_link_of_another_site_gets_no_cookie()
    {
        var answer = await Server.GetAsync("/ui/sign-in", ("Accept", "text/html"), ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(200, answer.Status);
        Assert.Null(answer.Header("Set-Cookie"));
        Assert.NotNull((await Server.GetAsync("/ui/sign-in", ("Accept", "text/html"))).Header("Set-Cookie"));
    }

    [Fact]
    public async Task Who_signs_out_of_a_session_that_has_ended_can_sign_in()
    {
        var session = await PageSession.BeginAsync(Server, ServiceYaml.Token);
        var form = ("antiforgery", await session.AntiforgeryAsync());
        await Server.SendAsync(HttpMethod.Post, "/ui/sign-out", PageSession.Form(form), session.CookieHeader);

        var again = await Server.SendAsync(
            HttpMethod.Post,
            "/ui/sign-out",
            PageSession.Form(form),
            session.CookieHeader
        );

        Assert.Equal((303, "/ui/sign-in"), (again.Status, again.Header("Location")));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/ui/")]
    [InlineData("/\\evil.example")]
    [InlineData("/ui/\\..\\..//evil.example")]
    [InlineData("/ui/\t/evil.example")]
    [InlineData("/ui/x\r\nX-Injected: 1")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/deploy/site?token=" + ServiceYaml.Token)]
    [InlineData("/ui/sign-out")]
    [InlineData("/ui/../deploy/site")]
    [InlineData("/ui/queue/%2E./../deploy/site")]
    [InlineData("/ui/%2e%2E/deployments?limit=1")]
    [InlineData("/ui/..?x=/")]
    public async Task It_leads_to_no_place_but_a_page(string next)
    {
        var answer = await Server.SendAsync(
            HttpMethod.Post,
            "/ui/sign-in",
            PageSession.Form(("token", ServiceYaml.Token), ("next", next))
        );

        Assert.Equal((303, "/ui/"), (answer.Status, answer.Header("Location")));
        Assert.Null(answer.Header("X-Injected"));
    }

    [Fact]
    public async Task A_token_in_the_query_is_not_looked_at()
    {
        var answer = await Server.SendAsync(
            HttpMethod.Post,
            $"/ui/sign-in?token={ServiceYaml.Token}",
            PageSession.Form(("next", "/ui/"))
        );

        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task Guesses_are_limited_unless_the_token_could_not_have_been_guessed()
    {
        await using var server = await StartOwnAsync(
            Configuration + ServiceYaml.Bare("strong", $"token: {StrongToken}, pwd: site", "true"),
            new Dictionary<string, string> { ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "3" }
        );
        var statuses = new List<int>();
        while (statuses.Count < 4)
        {
            statuses.Add((await PageSession.SignInAsync(server, "a-wrong-token")).Status);
        }

        var weak = await PageSession.SignInAsync(server, ServiceYaml.Token);
        var strong = await PageSession.SignInAsync(server, StrongToken);

        Assert.Equal([403, 403, 403, 429], statuses);
        Assert.Equal(429, weak.Status);
        Assert.StartsWith("text/html", weak.Header("Content-Type"), StringComparison.Ordinal);
        Assert.InRange(int.Parse(weak.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
        Assert.Contains("Too many failed attempts", weak.Text, StringComparison.Ordinal);
        Assert.Equal(303, strong.Status);
    }

    [Fact]
    public async Task A_form_that_is_too_large_is_a_failed_attempt()
    {
        await using var server = await StartOwnAsync(
            Configuration,
            new Dictionary<string, string> { ["THIN_DEPLOYER_AUTH_FAILURES_PER_MINUTE"] = "2" }
        );
        var statuses = new List<int>();
        foreach (var length in (int[])[20_000, 100_000, 20_000])
        {
            statuses.Add((await PageSession.SignInAsync(server, new string('x', length))).Status);
        }

        Assert.Equal([413, 403, 429], statuses);
        Assert.Equal(429, (await PageSession.SignInAsync(server, ServiceYaml.Token)).Status);
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 303)]
    [InlineData("*/*", 200)]
    [InlineData("application/json", 200)]
    [InlineData("application/json, text/html", 200)]
    [InlineData(null, 200)]
    public async Task Only_a_browser_is_sent_from_the_root_to_the_page(string? accept, int status)
    {
        var answer = await Server.GetAsync("/", accept is null ? [] : [("Accept", accept)]);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 303 ? "/ui/" : null, answer.Header("Location"));
        if (status == 200)
        {
            Assert.Equal("{\"message\": \"pong\"}", answer.Text);
        }
    }

    [Fact]
    public async Task Without_the_page_there_is_nothing_of_it()
    {
        await using var server = await StartOwnAsync(
            Configuration,
            new Dictionary<string, string> { ["THIN_DEPLOYER_PAGE"] = "false" }
        );

        var root = await server.GetAsync("/", ("Accept", "text/html"));
        var page = await server.GetAsync("/ui/", ("Accept", "text/html"));
        var signIn = await PageSession.SignInAsync(server, ServiceYaml.Token);

        Assert.Equal((200, "pong"), (root.Status, root.Message));
        Assert.Equal((404, 404), (page.Status, signIn.Status));
    }

    private static string Of(PageSession session) => $"{session.Cookie.Name}={session.Cookie.Value}";

    /// <summary>Of the one cookie: its name, and what stands behind its value, without a time.</summary>
    private static string[] Attributes(Answer answer)
    {
        var parts = answer.Header("Set-Cookie")!.Split("; ");
        return [parts[0].Split('=')[0], .. parts[1..].Select(part => part.ToLowerInvariant())];
    }
}
