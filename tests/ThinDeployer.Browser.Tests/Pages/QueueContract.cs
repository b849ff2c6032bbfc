using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>What runs and what waits, why, and that it can be stopped.</summary>
public abstract class QueueContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    private const string Wait =
        "touch $DEPLOYMENT_SERVICE.began; until [ -e $DEPLOYMENT_SERVICE.go ]; do sleep 0.02; done";

    protected override string Configuration =>
        ServiceYaml.Of("line", Wait)
        + ServiceYaml.Bare("ours", $"token: {ServiceYaml.Token}, pwd: site, lock: host", Wait)
        + ServiceYaml.Bare("theirs", "token: another-token-of-these-tests, pwd: site, lock: host", Wait)
        + ServiceYaml.Of("stopped", Wait);

    [Fact]
    public async Task What_waits_says_why()
    {
        await BeginAsync("line");
        await Server.DeployAtOnceAsync("line");
        await Server.DeployAtOnceAsync("line");
        var visitor = await SignInAsync();

        var page = await visitor.GoAsync("/ui/queue");

        var waiting = page.GetByRole(AriaRole.Region, new() { Name = "Waiting" }).Locator(".row");
        await Expect(waiting.Filter(new() { HasText = "line" }).Locator("p.facts"))
            .ToHaveTextAsync(["waits until the one that runs has ended", "waits behind 1 deployment"]);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Running" }).Locator(".row"))
            .ToContainTextAsync(["line"]);
        await visitor.GoAsync("/ui/");
        await Expect(page.Locator(".services .row").Filter(new() { HasText = "line" }))
            .ToContainTextAsync("2 deployments wait until the one that runs has ended");
        await page.GetByRole(AriaRole.Link, new() { Name = "2 deployments wait" }).ClickAsync();
        await page.WaitForURLAsync("**/ui/queue");
        Server.Workspace.TouchSite("line.go");
        await Expect(page.GetByText("Nothing runs.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Nothing waits.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_has_a_lock_is_told_to_who_may_see_it()
    {
        await Server.SendAsync(
            HttpMethod.Post,
            "/deploy/theirs",
            content: null,
            ("X-Auth-Token", "another-token-of-these-tests"),
            ("Prefer", "respond-async")
        );
        await Server.Workspace.SiteHasAsync("theirs.began");
        await Server.DeployAtOnceAsync("ours");
        var admin = await SignInAsync();
        var owner = await SignInAsync(ServiceYaml.Token);

        await admin.GoAsync("/ui/queue");
        await owner.GoAsync("/ui/queue");

        var ours = new LocatorFilterOptions { HasText = "ours" };
        await Expect(admin.Page.Locator(".row").Filter(ours).Locator("p.facts"))
            .ToHaveTextAsync("waits for the lock host, which theirs has");
        await Expect(owner.Page.Locator(".row").Filter(ours).Locator("p.facts"))
            .ToHaveTextAsync("waits for the lock host");
        await Expect(owner.Page.GetByText("theirs")).ToHaveCountAsync(0);
        Server.Workspace.TouchSite("theirs.go");
        Server.Workspace.TouchSite("ours.go");
    }

    [Fact]
    public async Task It_is_stopped_from_the_queue_by_who_may()
    {
        await BeginAsync("stopped");
        var viewer = await SignInAsync(ViewerToken);
        await viewer.GoAsync("/ui/queue");
        await Expect(viewer.Page.Locator(".row").Filter(new() { HasText = "stopped" })).ToHaveCountAsync(1);
        await Expect(viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" })).ToHaveCountAsync(0);
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/queue");

        await page.Locator(".row")
            .Filter(new() { HasText = "stopped" })
            .GetByRole(AriaRole.Button, new() { Name = "Stop" })
            .ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Stop this deployment of stopped?" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();

        await page.WaitForURLAsync("**/ui/deployments/*");
        await Server.EndOfAsync(new Uri(page.Url).Segments[^1]);
        await page.ReloadAsync();
        await Expect(page.Locator("#state")).ToHaveTextAsync("⊘ cancelled");
        await Expect(page.GetByText("stopped by")).ToBeVisibleAsync();
        Assert.Single(visitor.Posted, path => path.EndsWith("/cancel", StringComparison.Ordinal));
    }

    private async Task BeginAsync(string service)
    {
        await Server.DeployAtOnceAsync(service);
        await Server.Workspace.SiteHasAsync($"{service}.began");
    }
}
