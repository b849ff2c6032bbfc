using System.Xml.Linq;
using CsCheck;
using ThinDeployer.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications.Kinds;

public sealed class TelegramKindTests
{
    private static readonly TelegramKind Kind = new();

    [Fact]
    public void A_failure_is_html_to_a_chat()
    {
        var context = Sample.Context(Kind) with { Url = null, Token = "123:ab_C" };

        var sent = Sample.Http(Kind, Sample.News, context);
        var message = Sample.Json(Kind, Sample.News, context);

        Assert.Equal("https://api.telegram.org/bot123:ab_C/sendMessage", sent.Url.AbsoluteUri);
        Assert.Equal("-100", message.GetProperty("chat_id").GetString());
        Assert.Equal("HTML", message.GetProperty("parse_mode").GetString());
        Assert.True(message.GetProperty("link_preview_options").GetProperty("is_disabled").GetBoolean());
        Assert.Equal(
            """
            ❌ <b>shop: deployment failed after 3 s</b>
            <b>By:</b> octocat (ci)
            <b>Ref:</b> main
            <b>Commit:</b> 59b20b8 Sell hats
            <b>Failed step:</b> make deploy (exit code 2): it ended badly
            <b>Summary:</b> 3 files
            changed
            <b>Host:</b> web-1
            <pre>make: deploy
            make: *** [deploy] Error 2</pre>
            <a href="https://deploy.example.org/d/1_2">Deployment</a> · <a href="https://forge.example.org/shop/commit/59b20b8">Commit</a>
            """,
            message.GetProperty("text").GetString()
        );
    }

    [Theory]
    [InlineData("1:a/../../x?", "https://chat.example.org/base/hook/bot1:a%2F..%2F..%2Fx%3F/sendMessage")]
    [InlineData("1:a", "https://chat.example.org/base/hook/bot1:a/sendMessage")]
    public void A_token_leads_nowhere_else(string token, string expected) =>
        Assert.Equal(
            expected,
            Sample.Http(Kind, Sample.News, Sample.Context(Kind) with { Token = token }).Url.AbsoluteUri
        );

    [Fact]
    public void No_text_of_others_is_markup_or_too_long() =>
        Sample
            .HostileFor(Kind)
            .Sample(
                sample =>
                {
                    var text = Sample.Json(Kind, sample.News, sample.Context).GetProperty("text").GetString()!;
                    var parsed = XElement.Parse($"<all>{text}</all>", LoadOptions.PreserveWhitespace);

                    Assert.InRange(text.Length, 1, TelegramKind.Maximum);
                    Assert.True(Sample.IsPlain(text));
                    Assert.All(parsed.Elements(), element => Assert.Matches("^(b|pre|a)$", element.Name.LocalName));
                    Assert.All(parsed.Elements(), element => Assert.Empty(element.Elements()));
                    parsed.Element("pre")?.Remove();
                    Assert.DoesNotMatch("@(?!\u200b)", parsed.Value);
                },
                iter: 500
            );
}
