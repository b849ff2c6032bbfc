using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Paging;

/// <summary>A session does what a page of ours asks for, and nothing that another site's page could have asked for.</summary>
public abstract class ForgedActionContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string OtherToken = "another-token-of-these-tests";

    protected override string Configuration =>
        ServiceYaml.Of("site", "true")
        + ServiceYaml.Of("slow", "touch began; until [ -e go ]; do sleep 0.02; done")
        + ServiceYaml.Bare("other", $"token: {OtherToken}, pwd: site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => PageSession.Settings;

    private static string[] ActionsOn(string? id) =>
        ["/deploy/site", $"/deployments/{id}/rerun", $"/deployments/{id}/cancel", "/services/site/rollback"];

    /// <summary>What is sent beside the cookie; <c>PROOF</c> stands for the one that is right.</summary>
    public static TheoryData<string> Forgeries =>
        [
            "",
            "X-Antiforgery: ",
            "X-Antiforgery: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "X-Antiforgery: PROOF\nOrigin: https://evil.example",
            "X-Antiforgery: PROOF\nOrigin: null",
            "X-Antiforgery: PROOF\nSec-Fetch-Site: cross-site",
        ];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Without_proof_or_from_another_site_nothing_is_done(string headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var session = await PageSession.BeginAsync(Server, PageSession.AdminToken);
        var sent = Headers(headers, await session.AntiforgeryAsync());
        var slow = (await Server.DeployAtOnceAsync("slow")).Json.GetProperty("id").GetString();
        var before = await AllAsync();

        var deploy = await session.PostAsync("/deploy/site", sent);
        var rerun = await session.PostAsync($"/deployments/{slow}/rerun", sent);
        var cancel = await session.PostAsync($"/deployments/{slow}/cancel", sent);
        var back = await session.PostAsync("/services/site/rollback", sent);

        Assert.Equal((403, 403, 403, 403), (deploy.Status, rerun.Status, cancel.Status, back.Status));
        Assert.Equal(before, await AllAsync());
        Assert.Equal(202, (await Server.ControlAsync($"{slow}/cancel")).Status);
    }

    [Fact]
    public async Task Who_may_only_look_is_told_so()
    {
        var slow = (await Server.DeployAtOnceAsync("slow")).Json.GetProperty("id").GetString();
        var viewer = await PageSession.BeginAsync(Server, PageSession.ViewerToken);
        var proof = ("X-Antiforgery", await viewer.AntiforgeryAsync());

        foreach (var path in ActionsOn(slow))
        {
            var answer = await viewer.PostAsync(path, proof);
            Assert.Equal((403, "This token may look, and do nothing"), (answer.Status, answer.Message));
        }

        await Server.ControlAsync($"{slow}/cancel");
    }

    [Theory]
    [InlineData("")]
    [InlineData("X-Antiforgery: wrong")]
    public async Task A_page_without_proof_is_told_to_be_loaded_again(string headers)
    {
        var slow = (await Server.DeployAtOnceAsync("slow")).Json.GetProperty("id").GetString();
        var session = await PageSession.BeginAsync(Server, PageSession.AdminToken);

        foreach (var path in ActionsOn(slow))
        {
            var answer = await session.PostAsync(path, Headers(headers, proof: ""));
            Assert.Equal((403, "No page of this session asks for this; reload it"), (answer.Status, answer.Message));
        }

        await Server.ControlAsync($"{slow}/cancel");
    }

    [Fact]
    public async Task A_page_whose_session_has_ended_is_told_so()
    {
        var ended = new PageSession(Server, ("thin-deployer", "AAAA"));

        var answer = await ended.PostAsync("/deploy/site", ("X-Antiforgery", "BBBB"));

        Assert.Equal((403, "The session has ended; sign in again"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task The_proof_of_another_session_is_none()
    {
        var mine = await PageSession.BeginAsync(Server, PageSession.AdminToken);
        var others = await PageSession.BeginAsync(Server, PageSession.AdminToken);

        var answer = await mine.PostAsync("/deploy/site", ("X-Antiforgery", await others.AntiforgeryAsync()));

        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task A_page_of_ours_is_let_in()
    {
        var session = await PageSession.BeginAsync(Server, OtherToken);

        var answer = await session.PostAsync(
            "/deploy/other",
            ("X-Antiforgery", await session.AntiforgeryAsync()),
            ("Origin", Server.Address.GetLeftPart(UriPartial.Authority)),
            ("Sec-Fetch-Site", "same-origin")
        );

        Assert.Equal(202, answer.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("X-Antiforgery: PROOF")]
    [InlineData("X-Antiforgery: PROOF\nSec-Fetch-Site: same-origin")]
    public async Task A_link_never_deploys(string headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var session = await PageSession.BeginAsync(Server, PageSession.AdminToken);
        var proof = await session.AntiforgeryAsync();
        var before = await AllAsync();

        var answer = await Server.GetAsync("/deploy/site", [session.CookieHeader, .. Headers(headers, proof)]);

        Assert.Equal(403, answer.Status);
        Assert.Equal(before, await AllAsync());
    }

    [Theory]
    [InlineData(OtherToken)]
    [InlineData(PageSession.ViewerToken)]
    public async Task A_session_may_no_more_than_its_token(string token)
    {
        var slow = (await Server.DeployAtOnceAsync("slow")).Json.GetProperty("id").GetString();
        var session = await PageSession.BeginAsync(Server, token);
        var proof = ("X-Antiforgery", await session.AntiforgeryAsync());
        var before = await AllAsync();

        var deploy = await session.PostAsync("/deploy/site", proof);
        var rerun = await session.PostAsync($"/deployments/{slow}/rerun", proof);
        var cancel = await session.PostAsync($"/deployments/{slow}/cancel", proof);

        Assert.Equal(403, deploy.Status);
        Assert.Contains(rerun.Status, (int[])[403, 404]);
        Assert.Contains(cancel.Status, (int[])[403, 404]);
        Assert.Equal(before, await AllAsync());
        Assert.Equal(202, (await Server.ControlAsync($"{slow}/cancel")).Status);
    }

    [Fact]
    public async Task What_is_somebody_elses_is_not_there()
    {
        var id = (await Server.DeployAtOnceAsync("slow")).Json.GetProperty("id").GetString();
        var session = await PageSession.BeginAsync(Server, OtherToken);

        foreach (var path in (string[])[$"deployments/{id}", $"deployments/{id}/again", "services/slow", "deploy/slow"])
        {
            var answer = await session.GetAsync($"/ui/{path}");
            Assert.Equal(404, answer.Status);
            Assert.Contains("Nothing here", answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal(404, (await session.GetAsync($"/deployments/{id}/log")).Status);
        Assert.DoesNotContain(
            "slow",
            (await session.GetAsync("/ui/deployments?service=slow")).Text.Replace(
                "value=\"slow\"",
                "",
                StringComparison.Ordinal
            ),
            StringComparison.Ordinal
        );
        await Server.ControlAsync($"{id}/cancel");
    }

    [Fact]
    public async Task A_stream_needs_the_session_and_takes_it()
    {
        var id = (await Server.DeployAsync("site")).Json.GetProperty("id").GetString();
        var session = await PageSession.BeginAsync(Server, ServiceYaml.Token);
        var stream = ("Accept", "text/event-stream");

        var changes = await Server.GetAsync("/ui/events", stream);
        var stranger = await Server.GetAsync($"/deployments/{id}/log", stream);
        var reader = await Server.GetAsync($"/deployments/{id}/log", stream, session.CookieHeader);

        Assert.Equal((403, 403, 200), (changes.Status, stranger.Status, reader.Status));
        Assert.Contains("event: end", reader.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("antiforgery=wrong")]
    [InlineData("antiforgery=PROOF", "Origin: https://evil.example")]
    [InlineData("antiforgery=PROOF", "Sec-Fetch-Site: cross-site")]
    public async Task Nobody_else_signs_a_reader_out(string form, string header = "X-Nothing: 1")
    {
        ArgumentNullException.ThrowIfNull(form);
        var session = await PageSession.BeginAsync(Server, OtherToken);
        var proof = await session.AntiforgeryAsync();
        var content = PageSession.Form([
            .. form.Split('=') is [var name, var value]
                ? [(name, value.Replace("PROOF", proof, StringComparison.Ordinal))]
                : Array.Empty<(string, string)>(),
        ]);

        var answer = await Server.SendAsync(
            HttpMethod.Post,
            "/ui/sign-out",
            content,
            [session.CookieHeader, .. Headers(header, proof)]
        );

        Assert.Equal(403, answer.Status);
        Assert.Equal(200, (await session.GetAsync("/ui/")).Status);
    }

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    public async Task Nor_in_as_somebody_else(string header)
    {
        var answer = await PageSession.SignInAsync(Server, OtherToken, Headers(header, proof: ""));

        Assert.Equal(403, answer.Status);
        // Some cookie may come, for a form that is taken: it opens nothing.
        var given = answer.Header("Set-Cookie") is null ? ("", "") : PageSession.CookieIn(answer);
        Assert.Equal(303, (await new PageSession(Server, given).GetAsync("/ui/")).Status);
    }

    private async Task<int> AllAsync() =>
        (await Server.AskAsync("/deployments?limit=200")).Json.GetProperty("deployments").GetArrayLength();

    private static (string Name, string Value)[] Headers(string text, string proof) =>
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(": ", 2))
                .Select(pair => (pair[0], pair[1].Replace("PROOF", proof, StringComparison.Ordinal))),
        ];
}
