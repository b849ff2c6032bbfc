using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>Who reads an output moves in it, and is told when there is none any more.</summary>
public abstract class ReadingContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    private const string Gone = "This deployment is not kept any more.";

    /// <summary>Where the upper edge of the pane is, as if each line had its place below the one before.</summary>
    private const string Place = """
        () => {
            const edge = document.querySelector(".log").getBoundingClientRect().top;
            const row = [...document.querySelectorAll(".line")].find(row => row.getBoundingClientRect().bottom > edge + 1);
            return row ? row.firstChild.dataset.n * 20 + edge - row.getBoundingClientRect().top : -1;
        }
        """;

    protected override string Configuration =>
        ServiceYaml.Of("huge", "seq 1 1000000")
        + ServiceYaml.With("forgets", "keep: 1", "echo once")
        + ServiceYaml.Of(
            "grows",
            "seq 1 200; touch grows.began; until [ -e grows.more ]; do sleep 0.02; done; seq 201 300; "
                + "until [ -e grows.go ]; do sleep 0.02; done"
        )
        + ServiceYaml.Of("waits", "touch waits.began; until [ -e waits.go ]; do sleep 0.02; done");

    [Fact]
    public async Task A_wheel_moves_as_far_in_a_million_lines_as_in_a_hundred()
    {
        var page = await (await SignInAsync()).GoAsync($"/ui/deployments/{await DeployAsync("huge")}#L500002");
        await Expect(Line(page, "500000")).ToBeInViewportAsync();
        await page.Locator(".log").HoverAsync();
        var start = await page.EvaluateAsync<double>(Place);
        var third = await page.Locator(".log").EvaluateAsync<double>("pane => pane.clientHeight / 3");
        // What is loaded meanwhile moves nothing: not by a part of a line either.
        Assert.Equal((500_002 * 20) - third, start, tolerance: 1);

        foreach (var (step, times) in (((int, int)[])[(300, 30), (-300, 45), (8_000, 5), (-8_000, 8)]))
        {
            for (var i = 1; i <= times; i++)
            {
                await page.Mouse.WheelAsync(0, step);
                var wanted = start + (step * i);
                try
                {
                    await page.WaitForFunctionAsync(
                        $"wanted => Math.abs(({Place})() - wanted) < 3",
                        wanted,
                        new() { Timeout = 10_000 }
                    );
                }
                catch (TimeoutException)
                {
                    Assert.Fail(
                        $"After {i} times {step}: {await page.EvaluateAsync<double>(Place)} instead of {wanted}"
                    );
                }
            }

            start += step * times;
        }

        foreach (var (part, line) in (((double, string)[])[(1, "1000000"), (0, "1")]))
        {
            await page.Locator(".log").EvaluateAsync("(pane, part) => pane.scrollTop = pane.scrollHeight * part", part);
            await Expect(Line(page, line)).ToBeInViewportAsync();
        }
    }

    [Fact]
    public async Task Each_line_is_drawn_once_however_late_its_answer_comes()
    {
        var id = await DeployAsync("huge");
        var visitor = await SignInAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await visitor.Page.RouteAsync(
            "**/lines?*",
            async route =>
            {
                asked.TrySetResult();
                await answers.Task;
                await route.ContinueAsync();
            }
        );
        var page = await visitor.GoAsync($"/ui/deployments/{id}#L500002");
        await asked.Task;

        // The same lines are wanted again; the page's own timer comes before this one.
        await page.EvaluateAsync("() => (location.hash = '#L500004', new Promise(done => setTimeout(done, 200)))");
        answers.SetResult();
        await Expect(Line(page, "500103")).ToBeAttachedAsync();
        await Expect(Line(page, "499903")).ToBeAttachedAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var numbers = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.line > .n')].map(number => number.dataset.n)"
        );
        Assert.Equal(numbers.Distinct(), numbers);
    }

    [Fact]
    public async Task On_a_small_screen_the_end_is_in_sight_until_one_scrolls_up()
    {
        var id = (await Server.DeployAtOnceAsync("grows")).Json.GetProperty("id").GetString();
        await Server.Workspace.SiteHasAsync("grows.began");
        var small = new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 400, Height = 500 },
        };
        var page = await (await SignInAsync(options: small)).GoAsync($"/ui/deployments/{id}");
        var follow = page.GetByRole(AriaRole.Button, new() { Name = "Follow" });
        await Expect(Line(page, "200")).ToBeInViewportAsync();

        // A person is slower than a frame: that the page went to the end itself has been told by then.
        await page.EvaluateAsync(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => scrollTo(0, 0))"
        );
        await Expect(follow).ToHaveAttributeAsync("aria-pressed", "false");
        Server.Workspace.TouchSite("grows.more");
        await follow.ClickAsync();
        await Expect(Line(page, "300")).ToBeInViewportAsync();
        await Expect(follow).ToHaveAttributeAsync("aria-pressed", "true");

        Server.Workspace.TouchSite("grows.go");
    }

    [Fact]
    public async Task One_that_is_forgotten_meanwhile_says_so_where_it_is_searched()
    {
        var visitor = await SignInAsync();
        visitor.ExpectFault("status of 404");
        var page = await visitor.GoAsync($"/ui/deployments/{await DeployAsync("forgets")}");
        await Expect(Line(page, "once")).ToBeVisibleAsync();

        await DeployAsync("forgets");
        await page.GetByLabel("Find in all lines").FillAsync("once");

        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = Gone })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task One_that_is_forgotten_meanwhile_is_not_waited_for()
    {
        var id = (await Server.DeployAtOnceAsync("waits")).Json.GetProperty("id").GetString();
        await Server.Workspace.SiteHasAsync("waits.began");
        var visitor = await SignInAsync();
        visitor.ExpectFault("status of 404");
        await visitor.Page.RouteAsync("**/events", route => route.FulfillAsync(new() { Status = 404 }));
        var isGone = false;
        await visitor.Page.RouteAsync(
            $"**/ui/deployments/{id}*",
            route => isGone ? route.FulfillAsync(new() { Status = 404 }) : route.ContinueAsync()
        );
        await visitor.Page.RouteAsync("**/lines?*", route => route.FulfillAsync(new() { Status = 404 }));

        var page = await visitor.GoAsync($"/ui/deployments/{id}");
        isGone = true;

        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = Gone })).ToBeVisibleAsync();
        Server.Workspace.TouchSite("waits.go");
    }

    private async Task<string?> DeployAsync(string service) =>
        (await Server.DeployAsync(service)).Json.GetProperty("id").GetString();

    /// <summary>The one that has this text and no other.</summary>
    private static ILocator Line(IPage page, string text) =>
        page.Locator(".log").GetByText(text, new() { Exact = true });
}
