namespace ThinDeployer.Tests.Lines;

public sealed class WebAddressTests
{
    [Theory]
    [InlineData("see https://example.com/a?b=c#d.", "see <link|https://example.com/a?b=c#d>.")]
    [InlineData("(http://example.com/a_(b)), next", "(<link|http://example.com/a_(b)>), next")]
    [InlineData("<https://example.com>", "<<link|https://example.com>>")]
    [InlineData("HTTPS://EXAMPLE.COM \"http://x\"", "<link|HTTPS://EXAMPLE.COM> \"<link|http://x>\"")]
    [InlineData("http://[::1]:8012/x]", "<link|http://[::1]:8012/x>]")]
    [InlineData("参见https://example.com/。", "参见<link|https://example.com/>。")]
    [InlineData("\e[4mhttp://a.example\e[0m/rest", "<underline, link|http://a.example>/rest")]
    public void Addresses_of_pages_are_links(string line, string drawn)
    {
        Assert.Equal(drawn.Replace(", link", "+link", StringComparison.Ordinal), Sight.Drawn(line));
    }

    [Theory]
    [InlineData("javascript:alert(1) ftp://example.com file:///etc/passwd data:text/html,x")]
    [InlineData("http:// https://. http://?x xhttps://example.com")]
    [InlineData("https://exаmple.com")]
    [InlineData("https://good.example@evil.example/")]
    public void Nothing_else_is(string line)
    {
        Assert.Equal(line, Sight.Drawn(line));
    }

    [Fact]
    public void An_address_that_is_cut_off_is_none()
    {
        var line = new string('x', 8_180) + " https://example.com/a";

        Assert.DoesNotContain("link", Sight.Drawn(line), StringComparison.Ordinal);
    }
}
