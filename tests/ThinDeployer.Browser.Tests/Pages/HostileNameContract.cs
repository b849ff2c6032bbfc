using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using ThinDeployer.Browser.Tests.Browsing;
using ThinDeployer.Contract.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace ThinDeployer.Browser.Tests.Pages;

/// <summary>
/// What strangers may write into a commit, and others into a request, is text to the page wherever it is shown. Whether
/// any of it was run is what every visitor watches for: a dialog, an error, a request for its picture.
/// </summary>
public abstract class HostileNameContract<THost>(SharedServer<THost> shared, Chromium chromium)
    : PageContract<THost>(shared, chromium)
    where THost : IHostProgram, new()
{
    private const string Secret = "the-secret-of-the-sender";
    private const string Subject = "<img src=x onerror=alert(1)>\"><script>alert(2)</script>{{7*7}}";
    private const string Actor = "\u202Etxt.exe\u202C'\"><svg onload=alert(3)>";

    /// <summary>What turns the direction of writing is shown as a character of its own.</summary>
    private const string ShownActor = "\uFFFDtxt.exe\uFFFD'\"><svg onload=alert(3)>";

    private const string Ref = "refs/heads/</title></textarea><script>alert(4)</script>";
    private const string Commit = "\" onmouseover=alert(5) x=\"";

    protected override string Configuration =>
        ServiceYaml.Bare("hook", $"signature: {{sender: github, secret: {Secret}}}, pwd: site, respond: wait", "false")
        + ServiceYaml.With(
            "form",
            "variables: {text: {argument: text, allow_dash: true}}",
            "printf %s %text% > text.txt; echo '<img src=y onerror=alert(6)>'"
        );

    [Fact]
    public async Task A_commit_is_text_on_each_page_that_shows_it()
    {
        var id = await PushAsync();
        var visitor = await SignInAsync();

        foreach (
            var path in (string[])["", "deployments", "services/hook", $"deployments/{id}", $"deployments/{id}/again"]
        )
        {
            var page = await visitor.GoAsync($"/ui/{path}");
            await Expect(page.Locator("main script:not([src]), main img, main [onmouseover], main svg[onload]"))
                .ToHaveCountAsync(0);
        }

        await visitor.GoAsync($"/ui/deployments/{id}");
        await Expect(visitor.Page.Locator(".subject")).ToHaveTextAsync(Subject);
        await Expect(visitor.Page.Locator(".ref")).ToHaveTextAsync(Ref["refs/heads/".Length..]);
        await Expect(visitor.Page.Locator("dd bdi").Filter(new() { HasText = "txt.exe" })).ToHaveTextAsync(ShownActor);
    }

    [Fact]
    public async Task A_link_that_is_no_web_page_is_no_link()
    {
        var id = await PushAsync("javascript:alert(7)");
        var visitor = await SignInAsync();

        var page = await visitor.GoAsync($"/ui/deployments/{id}");

        await Expect(page.Locator(".subject")).ToBeVisibleAsync();
        await Expect(page.Locator("a[href^='javascript']")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_link_to_the_commit_tells_its_page_nothing()
    {
        var id = await PushAsync("https://git.example.org/c/1");
        var visitor = await SignInAsync();

        var page = await visitor.GoAsync($"/ui/deployments/{id}");

        var link = page.Locator("a[href='https://git.example.org/c/1']");
        await Expect(link).ToHaveAttributeAsync("rel", "noopener noreferrer");
    }

    [Fact]
    public async Task A_value_is_text_in_the_form_the_dialog_and_the_history()
    {
        var visitor = await SignInAsync();
        var page = await visitor.GoAsync($"/ui/deploy/form?text={Uri.EscapeDataString(Subject)}");
        await Expect(page.GetByLabel("text")).ToHaveValueAsync(Subject);

        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator("ul li")).ToHaveTextAsync($"text = {Subject}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Deploy" }).ClickAsync();

        await page.WaitForURLAsync("**/ui/deployments/*");
        await Server.EndOfAsync(new Uri(page.Url).Segments[^1]);
        Assert.Equal(Subject, Server.Workspace.ReadSite("text.txt"));
        await visitor.GoAsync("/ui/services/form");
        await Expect(page.GetByRole(AriaRole.Listitem).Locator(".value")).ToHaveTextAsync($"text = {Subject}");
    }

    [Fact]
    public async Task Filters_and_names_of_an_address_are_text()
    {
        var visitor = await SignInAsync();
        visitor.ExpectFault("status of 400");
        visitor.ExpectFault("status of 404");
        // What the browser says of a date that is none.
        visitor.ExpectFault("does not conform to the required format");
        var hostile = Uri.EscapeDataString(Subject);

        var page = await visitor.GoAsync($"/ui/?q={hostile}&state={hostile}&from={hostile}");
        await Expect(page.GetByLabel("Name")).ToHaveValueAsync(Subject);
        await visitor.GoAsync(
            $"/ui/deployments?service={hostile}&status={hostile}&who={hostile}&since={hostile}&before={hostile}"
        );
        await Expect(page.GetByLabel("Service")).ToHaveValueAsync(Subject);
        await visitor.GoAsync($"/ui/services/{hostile}");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing here" })).ToBeVisibleAsync();
    }

    /// <returns>The deployment's id.</returns>
    private async Task<string> PushAsync(string url = "https://git.example.org/c/0")
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object>
            {
                ["ref"] = Ref,
                ["after"] = Commit,
                ["pusher"] = new Dictionary<string, string> { ["name"] = Actor },
                ["head_commit"] = new Dictionary<string, string> { ["message"] = $"{Subject}\n\nmore", ["url"] = url },
            }
        );
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));
        var answer = await Server.SendAsync(
            HttpMethod.Post,
            "/deploy/hook",
            content,
            ("X-GitHub-Event", "push"),
            ("X-Hub-Signature-256", $"sha256={signature}")
        );
        return answer.Json.GetProperty("id").GetString()!;
    }
}
