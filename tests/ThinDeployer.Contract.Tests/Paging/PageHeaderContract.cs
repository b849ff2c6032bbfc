using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;
using ThinDeployer.Contract.Tests.Http;

namespace ThinDeployer.Contract.Tests.Paging;

/// <summary>What each page says to the browser beside what it shows, and how much it weighs.</summary>
public abstract partial class PageHeaderContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Bytes of a page with all that it needs, not compressed.</summary>
    private const int MostBytes = 100_000;

    protected override string Configuration => ServiceYaml.Of("site", "true");

    protected override IReadOnlyDictionary<string, string> Settings(Workspace workspace) => PageSession.Settings;

    public static TheoryData<string> Pages =>
        [
            "",
            "deployments",
            "queue",
            "server",
            "services/site",
            "deploy/site",
            "deployments/ID",
            "deployments/ID/again",
            "sign-in",
            "services/nobody",
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_takes_nothing_from_elsewhere_and_is_not_kept(string path)
    {
        var answer = await OpenAsync(path);

        Assert.Contains(answer.Status, (int[])[200, 404]);
        Assert.Equal("text/html; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal(Policy, answer.Header("Content-Security-Policy"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.DoesNotMatch(Inline, answer.Text);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_it_needs_may_be_kept_for_good_and_weighs_little(string path)
    {
        var page = await OpenAsync(path);
        var bytes = page.Bytes.Length;
        var names = Assets.Matches(page.Text).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(names);
        foreach (var name in names)
        {
            var asset = await Server.GetAsync(name);
            bytes += asset.Bytes.Length;
            Assert.Equal(200, asset.Status);
            Assert.Equal("public, max-age=31536000, immutable", asset.Header("Cache-Control"));
            Assert.Equal("nosniff", asset.Header("X-Content-Type-Options"));
        }

        Assert.InRange(bytes, 1, MostBytes);
    }

    [Fact]
    public async Task An_asset_of_another_version_is_not_there()
    {
        var answer = await Server.GetAsync("/ui/assets/page.000000000000.css");

        Assert.Equal(404, answer.Status);
        Assert.NotEqual("public, max-age=31536000, immutable", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task A_browser_without_a_session_is_led_to_sign_in_and_back()
    {
        var answer = await Server.GetAsync("/ui/deployments?service=site", ("Accept", "text/html"));

        Assert.Equal(303, answer.Status);
        Assert.Equal("/ui/sign-in?next=%2Fui%2Fdeployments%3Fservice%3Dsite", answer.Header("Location"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task Another_client_is_refused()
    {
        var answer = await Server.GetAsync("/ui/");

        Assert.Equal(403, answer.Status);
        Assert.NotEmpty(answer.Message);
    }

    /// <summary>The browser keeps the cookie back then; asked for by our own page, it sends it.</summary>
    [Fact]
    public async Task Who_comes_by_a_link_of_another_site_gets_a_page_that_asks_again()
    {
        var answer = await Server.GetAsync("/ui/", ("Accept", "text/html"), ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(200, answer.Status);
        Assert.Contains("http-equiv=\"refresh\"", answer.Text, StringComparison.Ordinal);
        Assert.Equal(Policy, answer.Header("Content-Security-Policy"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    private async Task<Answer> OpenAsync(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var id = path.Contains("ID", StringComparison.Ordinal)
            ? (await Server.DeployAsync("site")).Json.GetProperty("id").GetString()
            : null;
        var session = await PageSession.BeginAsync(Server, PageSession.AdminToken);
        return await session.GetAsync("/ui/" + path.Replace("ID", id, StringComparison.Ordinal));
    }

    /// <summary>A script, a style or a handler that the policy would not run anyway.</summary>
    [GeneratedRegex("<script(?![^>]* src=)|<style|<[^>]* (style|on[a-z]+)=", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Inline { get; }

    [GeneratedRegex("/ui/assets/[a-z0-9.-]+", RegexOptions.None, 1_000)]
    private static partial Regex Assets { get; }
}
