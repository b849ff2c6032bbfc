using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>What was deployed, by whom, and how to have it again.</summary>
public abstract class HistoryContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    /// <summary>Deployments on one page.</summary>
    private const int Most = 50;

    protected override string Configuration =>
        ServiceYaml.Of("good", "true")
        + ServiceYaml.Of("bad", "echo tried; exit 3")
        + ServiceYaml.Of("broken", "echo tried; exit 3")
        + ServiceYaml.Bare("named", "token: {ada: the-token-of-ada-in-these-tests}, pwd: site", "true")
        + ServiceYaml.Of("many", "true")
        + ServiceYaml.With("version", "variables: {tag: {argument: tag, default: none}}", "echo %tag% >> tags.txt");

    [Fact]
    public async Task Filters_stand_in_the_address_and_can_be_sent_to_somebody()
    {
        await Server.DeployAsync("good");
        await Server.DeployAsync("bad");
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/deployments");
        await page.GetByLabel("Service").FillAsync("bad");
        await page.GetByLabel("State").SelectOptionAsync("failed");

        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();

        await page.WaitForURLAsync("**/ui/deployments?service=bad&status=failed*");
        await Expect(page.Locator(".history .row")).ToHaveCountAsync(1);
        await Expect(page.Locator(".history .row")).ToContainTextAsync("bad");
        await Expect(page.GetByLabel("Service")).ToHaveValueAsync("bad");
        var other = await SignInAsync(ViewerToken);
        await other.GoAsync(new Uri(page.Url).PathAndQuery);
        await Expect(other.Page.Locator(".history .row")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "All", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/ui/deployments");
    }

    [Fact]
    public async Task Who_and_since_when_are_filters_too()
    {
        await Server.SendAsync(
            HttpMethod.Post,
            "/deploy/named",
            content: null,
            ("X-Auth-Token", "the-token-of-ada-in-these-tests")
        );
        await Server.DeployAsync("good");
        var visitor = await SignInAsync();

        var page = await visitor.GoAsync("/ui/deployments?who=ada");
        await Expect(page.Locator(".history .row")).ToHaveCountAsync(1);
        await Expect(page.Locator(".history .row")).ToContainTextAsync("named");
        await visitor.GoAsync("/ui/deployments?service=named&since=2000-01-01");
        await Expect(page.Locator(".history .row")).ToHaveCountAsync(1);

        await visitor.GoAsync("/ui/deployments?since=2999-01-01");

        await Expect(page.GetByText("No deployment is so.")).ToBeVisibleAsync();
    }

    /// <summary>One reader for both: who is shown all where he asked for less draws a wrong conclusion.</summary>
    [Theory]
    [InlineData("since=01/02/2026", "\"since\" must be a time")]
    [InlineData("since=yesterday&status=failed", "\"since\" must be a time")]
    [InlineData("status=broken", "\"status\" must be one of: waiting")]
    public async Task A_filter_that_is_not_understood_is_told_in_the_words_of_the_API(string query, string complaint)
    {
        await Server.DeployAsync("good");
        var visitor = await SignInAsync();
        visitor.ExpectFault("status of 400");

        var page = await visitor.GoAsync($"/ui/deployments?{query}");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(complaint);
        await Expect(page.Locator(".history .row")).ToHaveCountAsync(0);
        Assert.Equal(400, (await Server.AskAsync($"/deployments?{query}")).Status);
    }

    [Theory]
    [InlineData("2026-01-31", "date")]
    [InlineData("2026-01-31T12:00:00Z", "text")]
    public async Task A_time_that_was_asked_for_stays_in_its_field(string since, string type)
    {
        var visitor = await SignInAsync();

        var page = await visitor.GoAsync($"/ui/deployments?since={since}");

        await Expect(page.GetByLabel("Since, UTC")).ToHaveValueAsync(since);
        await Expect(page.GetByLabel("Since, UTC")).ToHaveAttributeAsync("type", type);
    }

    [Fact]
    public async Task Older_ones_are_on_the_next_page()
    {
        for (var i = 0; i < Most + 3; i++)
        {
            await Server.DeployAsync("many");
        }

        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/deployments?service=many");
        await Expect(page.Locator(".history .row")).ToHaveCountAsync(Most);

        await page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();

        await page.WaitForURLAsync("**/ui/deployments?service=many&before=*");
        await Expect(page.Locator(".history .row")).ToHaveCountAsync(3);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Older" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_service_shows_how_often_it_succeeds_and_what_came_in()
    {
        await Server.DeployAsync("good");
        var visitor = await SignInAsync();

        var page = await visitor.GoAsync("/ui/services/good");

        await Expect(page.GetByText("100 % of the last")).ToBeVisibleAsync();
        await Expect(page.Locator("svg.chart[aria-label^='How long the last']")).ToBeVisibleAsync();
        await Expect(page.Locator(".delivery").First).ToContainTextAsync("accepted");
        await Expect(page.Locator("pre").Last).ToContainTextAsync("true");
        Assert.DoesNotContain(ServiceYaml.Token, await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_deployment_opens_with_what_failed()
    {
        var id = (await Server.DeployAsync("broken")).Json.GetProperty("id").GetString();
        var visitor = await SignInAsync();

        var page = await visitor.GoAsync($"/ui/deployments/{id}");

        await Expect(page.Locator("#state")).ToHaveTextAsync("✗ failed");
        await Expect(page.Locator("details.step").First).ToHaveJSPropertyAsync("open", true);
        await Expect(page.Locator("details.step summary").First).ToContainTextAsync("exit code 3");
        await Expect(page).ToHaveTitleAsync($"✗ broken {id![^6..]} · Thin Deployer");
    }

    [Fact]
    public async Task An_older_version_says_what_differs_and_is_deployed_again()
    {
        var first = (await Server.DeployAsync("version?tag=one")).Json.GetProperty("id").GetString();
        await Server.DeployAsync("version?tag=two");
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync($"/ui/deployments/{first}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Deploy this version again" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "What differs" }).Locator("tbody tr"))
            .ToHaveTextAsync("tagonetwo");

        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy this version again" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Deploy this version of version again?" });
        await Expect(dialog.Locator("ol li")).ToHaveTextAsync("echo %tag% >> tags.txt");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Deploy this version again" }).ClickAsync();

        await page.WaitForURLAsync(url =>
            url.Contains("/ui/deployments/", StringComparison.Ordinal)
            && !url.Contains(first!, StringComparison.Ordinal)
        );
        await Server.EndOfAsync(new Uri(page.Url).Segments[^1]);
        Assert.Equal("one\ntwo\none\n", Server.Workspace.ReadSite("tags.txt"));
        Assert.Equal([$"/deployments/{first}/rerun"], visitor.Posted);
    }
}
