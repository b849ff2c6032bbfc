using Microsoft.AspNetCore.Http;
using ThinDeployer.Http;

namespace ThinDeployer.Tests.Http;

public sealed class ForeignSiteTests
{
    [Theory]
    [InlineData("deploy.example.org", "https://deploy.example.org")]
    [InlineData("deploy.example.org", "http://deploy.example.org")]
    [InlineData("deploy.example.org:443", "https://deploy.example.org")]
    [InlineData("deploy.example.org:8012", "http://DEPLOY.example.org:8012")]
    [InlineData("[::1]:8012", "http://[::1]:8012")]
    [InlineData("deploy.example.org", "")]
    public void A_page_of_our_own_is_none(string host, string origin) => Assert.False(Sends(host, ("Origin", origin)));

    [Theory]
    [InlineData("https://example.org")]
    [InlineData("https://deploy.example.org.evil.example")]
    [InlineData("https://deploy.example.org:8443")]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("nonsense")]
    [InlineData("https://deploy.example.org, https://evil.example")]
    public void Any_other_page_is_one(string origin) => Assert.True(Sends("deploy.example.org", ("Origin", origin)));

    [Theory]
    [InlineData("cross-site", true)]
    [InlineData(" Cross-Site ", true)]
    [InlineData("same-site", false)]
    [InlineData("same-origin", false)]
    [InlineData("none", false)]
    [InlineData("", false)]
    public void The_browser_tells(string site, bool isForeign) =>
        Assert.Equal(isForeign, Sends("deploy.example.org", ("Sec-Fetch-Site", site)));

    [Fact]
    public void Who_is_no_browser_says_nothing_and_is_none() => Assert.False(Sends("deploy.example.org"));

    [Theory]
    [InlineData("?token=x", null, true)]
    [InlineData("", "Basic YWFhOnRlc3Q=", true)]
    [InlineData("", "Bearer x", false)]
    [InlineData("?other=x", null, false)]
    public void Only_some_tokens_can_be_sent_by_one(string query, string? authorization, bool mayBe)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        context.Request.Headers.Authorization = authorization;
        var arguments = new ArgumentCollection(new HashSet<string>(StringComparer.Ordinal));
        UrlEncoded.ReadQuery(context.Request, arguments);

        Assert.False(ForeignSite.MayHaveSentToken(context.Request, arguments));
        context.Request.Headers["Sec-Fetch-Site"] = "cross-site";
        Assert.Equal(mayBe, ForeignSite.MayHaveSentToken(context.Request, arguments));
    }

    private static bool Sends(string host, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Host = host;
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return ForeignSite.Sends(context.Request);
    }
}
