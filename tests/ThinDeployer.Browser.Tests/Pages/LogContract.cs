using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>Whatever a step prints, its reader sees all of it, and nothing of it moves by itself.</summary>
public abstract class LogContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    /// <summary>Of 100,000, those around what is seen.</summary>
    private const int MostLines = 1_000;

    /// <summary>Room for the whole pane: what is followed is its end.</summary>
    private static readonly ViewportSize Tall = new() { Width = 1200, Height = 2000 };

    /// <summary>Prints what makes a pane scroll, and waits; the name is that of the service.</summary>
    private static string Waits(string name) =>
        $"seq 1 200; touch {name}.began; until [ -e {name}.more ]; do sleep 0.02; done; seq 201 300; "
        + $"until [ -e {name}.go ]; do sleep 0.02; done; echo the very end";

    protected override string Configuration =>
        ServiceYaml.Of("many", "seq 1 100000")
        + ServiceYaml.Of("wide", "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo after")
        + ServiceYaml.Of("steps", "echo a needle", "echo hay", "echo another needle")
        + ServiceYaml.Of(
            "colors",
            "printf '\\033[31mred\\033[0m <img src=x onerror=alert(1)> https://example.org/a\\n'"
        )
        + ServiceYaml.Of("watched", Waits("watched"))
        + ServiceYaml.Of("hidden", Waits("hidden"))
        + ServiceYaml.Of("stopped", Waits("stopped"));

    [Fact]
    public async Task Of_a_hundred_thousand_lines_only_those_around_what_is_seen_are_in_the_document()
    {
        var page = await OpenAsync("many");
        await Expect(Line(page, "1")).ToBeVisibleAsync();

        foreach (var (part, line) in (((double, string)[])[(1, "100000"), (0, "1")]))
        {
            await page.Locator(".log").EvaluateAsync("(pane, part) => pane.scrollTop = pane.scrollHeight * part", part);
            await Expect(Line(page, line)).ToBeVisibleAsync();
            Assert.InRange(await page.Locator(".line").CountAsync(), 1, MostLines);
        }
    }

    [Fact]
    public async Task A_line_of_a_megabyte_is_shown_in_parts_and_hides_nothing_that_follows()
    {
        var page = await OpenAsync("wide");

        await Expect(Line(page, "after")).ToBeVisibleAsync();
        var more = page.Locator("button.more");
        await Expect(more).ToContainTextAsync("more bytes: show");
        var before = await page.Locator(".log").InnerTextAsync();
        Assert.InRange(before.Length, 1, 200_000);
        var told = await more.InnerTextAsync();
        await more.ClickAsync();

        await Expect(more).Not.ToHaveTextAsync(told);
    }

    [Fact]
    public async Task A_search_finds_what_stands_in_folded_steps()
    {
        var page = await OpenAsync("steps");
        await Expect(page.Locator("details.step[open]")).ToHaveCountAsync(0);
        await page.GetByLabel("Find in all lines").FillAsync("needle");
        await page.GetByLabel("Find in all lines").PressAsync("Enter");

        await Expect(page.Locator(".line.at .text")).ToContainTextAsync("needle");
        await Expect(page.Locator("#log-hits")).ToContainTextAsync(" of ");
        await Expect(page.Locator("details.step[open]")).Not.ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_link_leads_to_its_lines()
    {
        var page = await OpenAsync("many", "#L50120-L50140");

        await Expect(page.Locator(".line.marked")).ToHaveCountAsync(21);
        await Expect(page.Locator(".line.marked").First).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Ctrl_F_in_the_output_searches_all_of_it()
    {
        var page = await OpenAsync("many");
        await page.Locator(".log").FocusAsync();

        await page.Keyboard.PressAsync("Control+f");

        await Expect(page.GetByLabel("Find in all lines")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Colors_are_classes_links_are_links_and_the_rest_is_text()
    {
        var page = await OpenAsync("colors");

        var line = page.Locator(".line .text").Filter(new() { HasText = "onerror" }).Last;
        await Expect(line).ToHaveTextAsync("red <img src=x onerror=alert(1)> https://example.org/a");
        await Expect(line.Locator("span").First).ToHaveTextAsync("red");
        await Expect(line.Locator("[style]")).ToHaveCountAsync(0);
        await Expect(line.Locator("a")).ToHaveAttributeAsync("rel", "noopener noreferrer");
        await Expect(page.Locator(".log img")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Output_is_followed_until_one_scrolls_up_and_again_by_the_button()
    {
        var page = await WatchAsync("watched");
        var follow = page.GetByRole(AriaRole.Button, new() { Name = "Follow" });
        await Expect(Line(page, "200")).ToBeInViewportAsync();
        await Expect(follow).ToHaveAttributeAsync("aria-pressed", "true");

        await page.Locator(".log").HoverAsync();
        await page.Mouse.WheelAsync(0, -600);
        await Expect(follow).ToHaveAttributeAsync("aria-pressed", "false");
        await page.RunAndWaitForResponseAsync(
            () =>
            {
                Server.Workspace.TouchSite("watched.more");
                return Task.CompletedTask;
            },
            answer => answer.Url.Contains("/lines", StringComparison.Ordinal)
        );
        await Expect(follow).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(Line(page, "300")).Not.ToBeInViewportAsync();
        await follow.ClickAsync();

        await Expect(Line(page, "300")).ToBeInViewportAsync();
        await Expect(follow).ToHaveAttributeAsync("aria-pressed", "true");
        Server.Workspace.TouchSite("watched.go");
        await Expect(Line(page, "the very end")).ToBeInViewportAsync();
        await Expect(page.Locator("#state")).ToHaveTextAsync("✓ succeeded");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Deploy this version again" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_tab_that_was_hidden_catches_up()
    {
        var page = await WatchAsync("hidden");
        await Expect(Line(page, "200")).ToBeInViewportAsync();

        await Visitor.HideAsync(page, isHidden: true);
        Server.Workspace.TouchSite("hidden.more");
        Server.Workspace.TouchSite("hidden.go");
        await Visitor.HideAsync(page, isHidden: false);

        await Expect(Line(page, "the very end")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task What_is_watched_can_be_stopped()
    {
        var page = await WatchAsync("stopped");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();

        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();

        await Expect(page.Locator("#state")).ToHaveTextAsync("⊘ cancelled");
        await Expect(page.GetByText("stopped by")).ToBeVisibleAsync();
    }

    private async Task<IPage> OpenAsync(string service, string hash = "")
    {
        var id = (await Server.DeployAsync(service)).Json.GetProperty("id").GetString();
        var visitor = await SignInAsync();
        return await visitor.GoAsync($"/ui/deployments/{id}{hash}");
    }

    /// <summary>While it runs.</summary>
    private async Task<IPage> WatchAsync(string service)
    {
        var id = (await Server.DeployAtOnceAsync(service)).Json.GetProperty("id").GetString();
        await Server.Workspace.SiteHasAsync($"{service}.began");
        var visitor = await SignInAsync(options: new BrowserNewContextOptions { ViewportSize = Tall });
        return await visitor.GoAsync($"/ui/deployments/{id}");
    }

    /// <summary>The one that has this text and no other.</summary>
    private static ILocator Line(IPage page, string text) =>
        page.Locator(".log").GetByText(text, new() { Exact = true });
}
