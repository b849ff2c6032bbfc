using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Client;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Reloading;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>A page that is left open tells what happens elsewhere, and whether it still can.</summary>
public abstract class LiveContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    private const string Wait =
        "touch $DEPLOYMENT_SERVICE.began; until [ -e $DEPLOYMENT_SERVICE.go ]; do sleep 0.02; done";

    protected override string Configuration =>
        ServiceYaml.Of("site", Wait)
        + ServiceYaml.Of("fails", "false")
        + string.Concat(Enumerable.Range(10, 30).Select(number => ServiceYaml.Of($"more-{number}", "true")));

    [Fact]
    public async Task A_card_follows_what_others_deploy_without_being_loaded_again()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/?q=site");
        var card = page.Locator(".services .row").Filter(new() { HasText = "site" });
        await page.GetByLabel("Name").FillAsync("typed meanwhile");

        var id = await BeginAsync("site");
        await Expect(card.Locator(".state")).ToHaveTextAsync("▶ running");
        await Expect(page).ToHaveTitleAsync("▶ Services · Thin Deployer");
        await Expect(page.Locator("#icon[href*='icon-runs']")).ToHaveCountAsync(1);
        Server.Workspace.TouchSite("site.go");
        await Server.EndOfAsync(id);

        await Expect(card.Locator(".state")).ToHaveTextAsync("✓ succeeded");
        await Expect(page).ToHaveTitleAsync("✓ Services · Thin Deployer");
        await Expect(page.Locator("#icon[href*='icon-good']")).ToHaveCountAsync(1);
        await Expect(page.GetByLabel("Name")).ToHaveValueAsync("typed meanwhile");
        Assert.Equal(1, Loads(visitor));
        Assert.Equal(1, Streams(visitor));
    }

    [Fact]
    public async Task What_is_focused_stays_so()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/");
        var link = page.GetByRole(AriaRole.Link, new() { Name = "more-20", Exact = true });
        await link.FocusAsync();

        await Server.DeployAsync("more-20");
        await Server.DeployAsync("more-21");

        foreach (var service in (string[])["more-20", "more-21"])
        {
            await Expect(page.Locator(".row").Filter(new() { HasText = service }).Locator(".state"))
                .ToHaveTextAsync("✓ succeeded");
        }

        await Expect(link).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_failure_is_told_by_title_and_icon_of_its_service()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/services/fails");
        await Expect(page.GetByText("Never deployed.")).ToBeVisibleAsync();

        await Server.DeployAsync("fails");

        await Expect(page.Locator(".history .state")).ToHaveTextAsync("✗ failed");
        await Expect(page).ToHaveTitleAsync("✗ fails · Thin Deployer");
        await Expect(page.Locator("#icon[href*='icon-bad']")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_tab_that_nobody_sees_has_no_stream_and_catches_up()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/services/more-30");
        await Visitor.HideAsync(page, isHidden: true);
        await Eventually.IsTrueAsync(() => visitor.Ended.Any(IsStream), "the stream was closed");
        await Server.DeployAsync("more-30");
        await Visitor.HideAsync(page, isHidden: false);

        await Expect(page.Locator(".history .state")).ToHaveTextAsync("✓ succeeded");
        Assert.Equal(2, Streams(visitor));
    }

    /// <summary>It gives up by itself, and is opened again some time later, and by who looks at its tab.</summary>
    [Fact]
    public async Task A_stream_that_was_refused_is_opened_again_once()
    {
        var visitor = await SignInAsync();
        visitor.ExpectFault("status of 503");
        await visitor.Page.Clock.InstallAsync();
        await visitor.Page.RouteAsync(
            "**/ui/events?*",
            route => Streams(visitor) == 1 ? route.FulfillAsync(new() { Status = 503 }) : route.ContinueAsync()
        );
        var page = await visitor.GoAsync("/ui/services/more-31");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Disconnected, retrying…");

        await Visitor.HideAsync(page, isHidden: true);
        await Visitor.HideAsync(page, isHidden: false);
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("");
        await page.Clock.FastForwardAsync(10_000);
        await Server.DeployAsync("more-31");

        await Expect(page.Locator(".history .state")).ToHaveTextAsync("✓ succeeded");
        Assert.Equal(2, Streams(visitor));
    }

    [Fact]
    public async Task A_server_that_restarts_is_waited_for_and_what_happened_meanwhile_is_shown()
    {
        var workspace = new Workspace();
        workspace.Write("deployer.yml", Configuration);
        var start = new ProgramStart(new THost(), workspace);
        var first = await RunningServer.StartAsync(start);
        var address = Keep(new ConnectionCutter(first.Address, () => null));
        var visitor = await SignInAsync(ServiceYaml.Token, first, address.Address);
        visitor.ExpectFault("net::ERR_");
        visitor.ExpectFault("status of 503");
        var page = await visitor.GoAsync("/ui/services/site");

        var next = Keep(await first.CrashAndRestartAsync(start));
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Disconnected, retrying…");
        await next.DeployAtOnceAsync("site");
        address.Server = next.Address;

        await Expect(page.Locator(".history .state")).ToHaveTextAsync("▶ running");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("");
        next.Workspace.TouchSite("site.go");
        await Expect(page.Locator(".history .state")).ToHaveTextAsync("✓ succeeded");
        Assert.Equal(1, Loads(visitor));
    }

    [Fact]
    public async Task A_session_that_has_ended_meanwhile_says_so_and_leads_to_the_form_and_back()
    {
        var server = Keep(await StartOwnAsync(Reloaded.Service($"[{ServiceYaml.Token}, {Reloaded.NewToken}]", "true")));
        var visitor = await SignInAsync(ServiceYaml.Token, server);
        visitor.ExpectFault("status of 403");
        var page = await visitor.GoAsync("/ui/services/site");

        server.Workspace.Write("deployer.yml", Reloaded.Service(Reloaded.NewToken, "true"));
        await Reloaded.EventuallyAsync(server, ServiceYaml.Token, 403);
        await Reloaded.DeployAsync(server, Reloaded.NewToken);

        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Your session has ended. Sign in");
        await page.GetByRole(AriaRole.Status).GetByRole(AriaRole.Link).ClickAsync();
        await visitor.SendTokenAsync(Reloaded.NewToken);
        await page.WaitForURLAsync("**/ui/services/site");
    }

    private async Task<string> BeginAsync(string service)
    {
        var answer = await Server.DeployAtOnceAsync(service);
        await Server.Workspace.SiteHasAsync($"{service}.began");
        return answer.Json.GetProperty("id").GetString()!;
    }

    private static int Loads(Visitor visitor) => visitor.Requests.Count(request => request.IsNavigationRequest);

    private static int Streams(Visitor visitor) => visitor.Requests.Count(IsStream);

    private static bool IsStream(IRequest request) => request.Url.Contains("/ui/events?", StringComparison.Ordinal);
}
