using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>What a person deploys goes through the one door, with the values that he saw.</summary>
public abstract class DeployFormContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    private const string Variables =
        "variables: {branch: {argument: ref, pattern: '[a-z/-]+', default: main}, "
        + "stage: {argument: stage, choices: [test, live]}, api_key: {argument: key, default: the-hidden-default}}";

    protected override string Configuration =>
        ServiceYaml.With("site", Variables, "echo %branch% %stage% >> ran.txt; echo %api_key% > key.txt")
        + ServiceYaml.With("plain", "vars: {name: World}", "echo Hello %name% > plain.txt")
        + ServiceYaml.With("hook", "when: {json: ref, equals: main}, variables: {branch: {json: ref}}", "echo %branch%")
        + ServiceYaml.With(
            "names",
            $"vars: {{{string.Join(", ", NamesOfAForm.Select(name => $"{name}: before"))}}}",
            $"echo {string.Join(' ', NamesOfAForm.Select(name => $"%{name}%"))} > names.txt"
        )
        + $"fleet: {{token: {ServiceYaml.Token}, machines: [web-1, web-2]}}\n";

    /// <summary>What a form itself has under these names is hidden by a field of the same name.</summary>
    private static readonly string[] NamesOfAForm =
    [
        "action",
        "attributes",
        "dataset",
        "elements",
        "getAttribute",
        "matches",
        "method",
        "querySelector",
        "submit",
    ];

    [Fact]
    public async Task The_form_is_made_of_the_variables_and_filled_by_the_link()
    {
        var visitor = await SignInAsync();

        var page = await visitor.GoAsync("/ui/deploy/site?ref=feature/door&stage=live");

        await Expect(page.GetByLabel("branch")).ToHaveValueAsync("feature/door");
        await Expect(page.GetByLabel("branch")).ToHaveAccessibleDescriptionAsync("must match [a-z/-]+");
        await Expect(page.GetByLabel("stage")).ToHaveValueAsync("live");
        await Expect(page.GetByLabel("stage").Locator("option")).ToHaveTextAsync(["test", "live"]);
        await Expect(page.GetByLabel("api_key")).ToHaveAttributeAsync("type", "password");
        await Expect(page.GetByLabel("api_key")).ToHaveValueAsync("");
        Assert.DoesNotContain("the-hidden-default", await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_link_it_has_the_defaults_and_lets_one_choose()
    {
        var visitor = await SignInAsync();

        var page = await visitor.GoAsync("/ui/deploy/site");

        await Expect(page.GetByLabel("branch")).ToHaveValueAsync("main");
        await Expect(page.GetByLabel("stage")).ToHaveValueAsync("");
        await Expect(page.GetByLabel("stage").Locator("option")).ToHaveTextAsync(["choose", "test", "live"]);
    }

    [Fact]
    public async Task A_value_that_only_machines_know_gets_a_field_by_its_name()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/deploy/fleet?tag=1.2.3");

        await page.GetByLabel("Name of a value").FillAsync("stage");
        await page.GetByRole(AriaRole.Button, new() { Name = "Give a value" }).ClickAsync();
        await page.GetByLabel("stage", new() { Exact = true }).FillAsync("live");
        await DeployAsync(page);

        await Expect(page.GetByText("On web-1, web-2")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).Locator("ul li")).ToHaveTextAsync(["stage = live", "tag = 1.2.3"]);
    }

    [Fact]
    public async Task A_server_that_orders_no_machines_about_has_no_page_of_them()
    {
        var visitor = await SignInAsync();
        visitor.ExpectFault("status of 404");

        var page = await visitor.GoAsync("/ui/machines");

        await Expect(page.GetByText("This server orders no machines about")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Machines" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_will_run_is_said_before_and_then_runs_by_the_route_of_all()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/deploy/site");
        await page.GetByLabel("branch").FillAsync("release");
        await page.GetByLabel("stage").SelectOptionAsync("test");
        await page.GetByLabel("api_key").FillAsync("typed-by-a-person");
        await DeployAsync(page);
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Deploy site?" });
        await Expect(dialog.Locator("ul li")).ToHaveTextAsync(["ref = release", "stage = test", "key = •••"]);
        await Expect(dialog.Locator("ol li"))
            .ToHaveTextAsync(["echo %branch% %stage% >> ran.txt; echo %api_key% > key.txt"]);
        Assert.Empty(visitor.Posted);

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();

        await page.WaitForURLAsync("**/ui/deployments/*");
        await Server.Workspace.SiteHasAsync("key.txt");
        Assert.Equal("release test\n", Server.Workspace.ReadSite("ran.txt"));
        Assert.Equal(["/deploy/site"], visitor.Posted);
    }

    [Fact]
    public async Task Who_says_no_deploys_nothing()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/deploy/plain");
        await DeployAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Empty(visitor.Posted);
    }

    [Fact]
    public async Task What_is_left_as_it_was_is_not_sent()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/deploy/plain");
        await DeployAsync(page);
        var posted = page.WaitForRequestAsync("**/deploy/plain");

        await ConfirmAsync(page);

        Assert.Equal("", (await posted).PostData ?? "");
        await Server.Workspace.SiteHasAsync("plain.txt");
        await page.WaitForURLAsync("**/ui/deployments/*");
    }

    [Fact]
    public async Task An_argument_may_have_any_name()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/deploy/names?elements=linked");
        foreach (var name in NamesOfAForm.Except(["elements"]))
        {
            await page.GetByLabel(name, new() { Exact = true }).FillAsync("filled");
        }

        await DeployAsync(page);
        await Expect(page.GetByRole(AriaRole.Dialog).Locator("ul li"))
            .ToHaveTextAsync(
                NamesOfAForm
                    .Order(StringComparer.Ordinal)
                    .Select(name => $"{name} = {(name == "elements" ? "linked" : "filled")}")
            );
        await ConfirmAsync(page);

        await page.WaitForURLAsync("**/ui/deployments/*");
        await Server.Workspace.SiteHasAsync("names.txt");
        Assert.Equal(
            "filled filled filled linked filled filled filled filled filled\n",
            Server.Workspace.ReadSite("names.txt")
        );
    }

    [Fact]
    public async Task A_value_that_is_refused_is_told_in_the_words_of_the_server()
    {
        var visitor = await SignInAsync();
        visitor.ExpectFault("status of 400");
        var page = await visitor.GoAsync("/ui/deploy/site?ref=UPPER&stage=live");
        await DeployAsync(page);

        await ConfirmAsync(page);

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("\"branch\"");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("[a-z/-]+");
        await Expect(page.GetByLabel("branch")).ToHaveValueAsync("UPPER");
    }

    [Fact]
    public async Task What_must_be_chosen_is_asked_for_before_anything_is_sent()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync("/ui/deploy/site");

        await DeployAsync(page);

        await Expect(page.GetByLabel("stage")).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_only_a_sender_can_give_is_told()
    {
        var visitor = await SignInAsync();

        var page = await visitor.GoAsync("/ui/deploy/hook");

        await Expect(page.GetByText("This service takes from a sender what no form gives: branch")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_viewer_sees_what_would_run_and_no_button()
    {
        var visitor = await SignInAsync(ViewerToken);
        await visitor.GoAsync("/ui/");
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Deploy site" })).ToHaveCountAsync(0);

        var page = await visitor.GoAsync("/ui/deploy/site");

        await Expect(page.GetByText("Your token may look, and not deploy this.")).ToBeVisibleAsync();
        await Expect(page.Locator("#commands li")).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Deploy" })).ToHaveCountAsync(0);
    }

    private static Task DeployAsync(IPage page) =>
        page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();

    private static Task ConfirmAsync(IPage page) =>
        page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();
}
