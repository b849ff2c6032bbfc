using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Client;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Reloading;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>A token against a session, and how it ends.</summary>
public abstract class SignInContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    private const string SignInPath = "**/ui/sign-in**";

    protected override string Configuration =>
        ServiceYaml.Of("site", "true")
        + ServiceYaml.Bare("other", "token: {ada: another-token-of-these-tests}, pwd: site", "true");

    [Theory]
    [InlineData(ServiceYaml.Token, "site", false)]
    [InlineData(AdminToken, "other site", true)]
    public async Task A_token_opens_what_it_opens_elsewhere(string token, string services, bool seesServer)
    {
        var visitor = await VisitAsync();
        await visitor.GoAsync("/");
        await visitor.Page.WaitForURLAsync(SignInPath);

        await visitor.SendTokenAsync(token);

        await visitor.Page.WaitForURLAsync("**/ui/");
        await Expect(visitor.Page.Locator(".services h2")).ToHaveTextAsync(services.Split(' '));
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Server", Exact = true }))
            .ToHaveCountAsync(seesServer ? 1 : 0);
    }

    [Fact]
    public async Task A_wrong_token_says_so_and_begins_nothing()
    {
        var visitor = await VisitAsync();
        visitor.ExpectFault("status of 403");
        await visitor.GoAsync("/ui/sign-in");

        await visitor.SendTokenAsync("a-token-that-nobody-has");

        await Expect(visitor.Page.GetByRole(AriaRole.Alert))
            .ToContainTextAsync("No token of this server is written so.");
        await visitor.GoAsync("/ui/");
        await visitor.Page.WaitForURLAsync(SignInPath);
    }

    [Fact]
    public async Task The_token_is_kept_nowhere_and_no_script_sees_the_cookie()
    {
        var visitor = await VisitAsync();
        await visitor.GoAsync("/ui/sign-in");
        await visitor.SendTokenAsync(AdminToken);
        await visitor.Page.WaitForURLAsync("**/ui/");

        var cookie = Assert.Single(await visitor.Context.CookiesAsync());
        var seen = await visitor.Page.EvaluateAsync<string>(
            "[document.cookie, ...Object.values(localStorage), ...Object.values(sessionStorage), location.href].join('')"
        );

        Assert.Equal(("thin-deployer", "/", -1), (cookie.Name, cookie.Path, cookie.Expires));
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain(AdminToken, cookie.Value, StringComparison.Ordinal);
        Assert.Equal(new Uri(Server.Address, "/ui/").ToString(), seen);
        Assert.DoesNotContain(visitor.Requests, request => request.Url.Contains("token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signing_out_ends_it_also_for_a_cookie_that_was_copied()
    {
        var visitor = await SignInAsync();
        await visitor.GoAsync("/ui/");
        var thief = await VisitAsync(
            options: new BrowserNewContextOptions { StorageState = await visitor.Context.StorageStateAsync() }
        );
        await thief.GoAsync("/ui/");
        await Expect(thief.Page.Locator(".services")).ToBeVisibleAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await visitor.Page.WaitForURLAsync(SignInPath);
        await thief.GoAsync("/ui/");
        await thief.Page.WaitForURLAsync(SignInPath);
    }

    [Fact]
    public async Task Signing_in_leads_back_to_what_was_wanted()
    {
        var visitor = await VisitAsync();
        await visitor.GoAsync("/ui/deployments?service=site&status=failed");
        await visitor.Page.WaitForURLAsync(SignInPath);

        await visitor.SendTokenAsync(AdminToken);

        await visitor.Page.WaitForURLAsync("**/ui/deployments?service=site&status=failed");
    }

    [Fact]
    public async Task But_never_to_somewhere_else()
    {
        var visitor = await VisitAsync();
        await visitor.GoAsync("/ui/sign-in?next=%2F%2Fevil.example%2Fui%2F");

        await visitor.SendTokenAsync(AdminToken);

        await visitor.Page.WaitForURLAsync(new Uri(Server.Address, "/ui/").ToString());
    }

    [Fact]
    public async Task It_ends_with_its_token()
    {
        var server = Keep(await StartOwnAsync(Reloaded.Service(ServiceYaml.Token, "true")));
        var visitor = await SignInAsync(ServiceYaml.Token, server);

        server.Workspace.Write("deployer.yml", Reloaded.Service(Reloaded.NewToken, "true"));
        await Reloaded.EventuallyAsync(server, Reloaded.NewToken, 202);
        await visitor.GoAsync("/ui/");

        await visitor.Page.WaitForURLAsync(SignInPath);
    }

    [Fact]
    public async Task It_outlives_a_restart_of_the_server()
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", Configuration);
        var start = new ProgramStart(new THost(), workspace);
        var first = await RunningServer.StartAsync(start);
        var address = Keep(new ConnectionCutter(first.Address, () => null));
        var visitor = await SignInAsync(ServiceYaml.Token, first, address.Address);

        var next = Keep(await first.CrashAndRestartAsync(start));
        address.Server = next.Address;
        await visitor.GoAsync("/ui/");

        await Expect(visitor.Page.Locator(".services h2")).ToHaveTextAsync("site");
    }
}
