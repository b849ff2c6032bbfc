using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>Everybody can use the page: by keyboard, on a phone, with a screen reader, in the dark, without script.</summary>
public abstract class AccessContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    private static readonly string[] Paths =
    [
        "",
        "deployments",
        "queue",
        "server",
        "services/site",
        "services/fails",
        "deploy/site",
        "deploy/fleet?tag=1.2.3",
        "deployments/ID",
        "deployments/ID/again",
        "sign-in",
        "services/nobody",
    ];

    protected override string Configuration =>
        ServiceYaml.With(
            "site",
            "variables: {branch: {argument: ref, default: main}, stage: {argument: stage, choices: [test, live]}}",
            "echo %branch% %stage%"
        )
        + ServiceYaml.Of(
            "fails",
            "echo a-word-that-is-longer-than-a-phone-is-wide-by-far-and-has-no-place-to-break",
            "exit 3"
        )
        + $"fleet: {{token: {ServiceYaml.Token}, machines: [web-1, web-2]}}\n"
        + ServiceYaml.Of("a-service-whose-name-is-longer-than-most-and-has-to-break-somewhere", "true")
        + ServiceYaml.Of("waits", "until [ -e go ]; do sleep 0.02; done");

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_serious_on_any_page(ColorScheme scheme)
    {
        var visitor = await SignInAsync(options: new BrowserNewContextOptions { ColorScheme = scheme });
        visitor.ExpectFault("status of 404");
        var found = new List<string>();

        // Axe takes a second of a processor for a page, and both hosts send the same ones.
        foreach (var path in (await PathsAsync()).Take(IsBehindProxy ? 2 : Paths.Length))
        {
            var page = await visitor.GoAsync(path);
            found.AddRange(await page.BarriersAsync(path));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public async Task Nothing_is_wider_than_a_phone()
    {
        var visitor = await SignInAsync(options: new BrowserNewContextOptions { ViewportSize = Access.Phone });
        visitor.ExpectFault("status of 404");
        var wide = new List<string>();

        foreach (var path in await PathsAsync())
        {
            var page = await visitor.GoAsync(path);
            wide.AddRange(await page.TooWideAsync(path));
        }

        Assert.True(wide.Count == 0, string.Join('\n', wide));
    }

    [Fact]
    public async Task A_keyboard_is_enough_to_deploy()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/deploy/site?stage=test");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByText("Skip to the content")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "branch");
        await TabToAsync(page, "stage");
        await page.Keyboard.PressAsync("Tab");
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true });
        await Expect(button).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Deploy" })).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(button).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync("**/ui/deployments/*");
    }

    [Fact]
    public async Task Who_wants_less_motion_sees_none()
    {
        var id = (await Server.DeployAtOnceAsync("waits")).Json.GetProperty("id").GetString();
        var visitor = await SignInAsync(options: new BrowserNewContextOptions { ReducedMotion = ReducedMotion.Reduce });

        var page = await visitor.GoAsync($"/ui/deployments/{id}");

        await Expect(page.Locator("#state")).ToHaveTextAsync("▶ running");
        Assert.Equal(0, await page.EvaluateAsync<int>("document.getAnimations().length"));
        await Server.ControlAsync($"{id}/cancel");
    }

    [Fact]
    public async Task Without_script_all_can_be_read_and_a_session_begins_and_ends()
    {
        var visitor = await VisitAsync(options: new BrowserNewContextOptions { JavaScriptEnabled = false });
        visitor.ExpectFault("status of 404");
        var page = await visitor.GoAsync("/ui/sign-in?next=%2Fui%2Fqueue");
        await visitor.SendTokenAsync(AdminToken);
        await page.WaitForURLAsync("**/ui/queue");

        foreach (var path in await PathsAsync())
        {
            await visitor.GoAsync(path);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        }

        await visitor.GoAsync("/ui/deploy/site");
        await Expect(page.Locator("noscript p")).ToBeVisibleAsync();
        await visitor.GoAsync("/ui/deployments?service=fails");
        await Expect(page.Locator(".history .row").First).ToContainTextAsync("failed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/ui/sign-in**");
        await visitor.GoAsync("/ui/");
        await page.WaitForURLAsync("**/ui/sign-in**");
    }

    private async Task<IReadOnlyList<string>> PathsAsync()
    {
        await Server.DeployAsync("site?stage=test");
        var id = (await Server.DeployAsync("fails")).Json.GetProperty("id").GetString();
        return [.. Paths.Select(path => "/ui/" + path.Replace("ID", id, StringComparison.Ordinal))];
    }

    private static async Task TabToAsync(IPage page, string label)
    {
        var field = page.GetByLabel(label);
        for (var presses = 0; presses < 3; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await field.EvaluateAsync<bool>("field => field === document.activeElement"))
            {
                return;
            }
        }

        await Expect(field).ToBeFocusedAsync();
    }
}
