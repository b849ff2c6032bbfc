using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Deciding;
using ThinDeployer.Contract.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>Who may decide does so on the page; who may not sees what is waited for.</summary>
public abstract class DecidingContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    protected override string Configuration =>
        Deciders.Service("careful", "approval: {by: [alice]}", "true") + Deciders.Service("held", "keep: 5", "true");

    [Fact]
    public async Task One_that_waits_is_approved_with_a_reason()
    {
        var id = await Server.WaitsAsync("careful");
        var other = await SignInAsync(ServiceYaml.Token);
        var alice = await SignInAsync(Deciders.Alice);

        await other.GoAsync($"/ui/deployments/{id}");
        var page = await alice.GoAsync($"/ui/deployments/{id}");

        await Expect(other.Page.GetByText("waits for 1 approval by alice")).ToBeVisibleAsync();
        await Expect(other.Page.GetByRole(AriaRole.Button, new() { Name = "Approve" })).ToHaveCountAsync(0);
        await page.GetByLabel("Reason", new() { Exact = true }).FillAsync("looks good");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("reason = looks good");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();

        await Expect(page.Locator("#state")).ToContainTextAsync("succeeded");
        await Expect(page.GetByText("alice: looks good")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task One_that_waits_is_rejected()
    {
        var id = await Server.WaitsAsync("careful");
        var page = await (await SignInAsync(Deciders.Alice)).GoAsync($"/ui/deployments/{id}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();

        await Expect(page.Locator("#state")).ToContainTextAsync("rejected");
    }

    [Fact]
    public async Task A_service_is_paused_and_goes_on()
    {
        var page = await (await SignInAsync(Deciders.Bob)).GoAsync("/ui/services/held");

        await page.GetByLabel("Reason", new() { Exact = true }).FillAsync("a disk is changed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();

        await Expect(page.GetByText("paused by bob: a disk is changed")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync();
        await Expect(page.GetByText("paused by bob")).ToHaveCountAsync(0);
    }
}
