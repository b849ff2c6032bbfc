using CsCheck;
using ThinDeployer.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications.Kinds;

public sealed class GotifyKindTests
{
    private static readonly GotifyKind Kind = new();

    [Theory]
    [InlineData("https://gotify.example.org", "https://gotify.example.org/message")]
    [InlineData("https://example.org/gotify/", "https://example.org/gotify/message")]
    public void A_message_goes_to_the_server_with_the_token_of_the_application(string url, string expected)
    {
        var sent = Sample.Http(Kind, Sample.News, Sample.Context(Kind) with { Url = new Uri(url) });

        Assert.Equal(expected, sent.Url.AbsoluteUri);
        Assert.Equal([new("X-Gotify-Key", "tok")], sent.Headers);
    }

    [Fact]
    public void A_failure_is_plain_text_and_leads_to_the_deployment()
    {
        var message = Sample.Json(Kind, Sample.News);

        Assert.Equal("shop: deployment failed after 3 s", message.GetProperty("title").GetString());
        Assert.Equal(8, message.GetProperty("priority").GetInt32());
        var extras = message.GetProperty("extras");
        Assert.Equal("text/plain", extras.GetProperty("client::display").GetProperty("contentType").GetString());
        Assert.Equal(
            "https://deploy.example.org/d/1_2",
            extras.GetProperty("client::notification").GetProperty("click").GetProperty("url").GetString()
        );
    }

    [Fact]
    public void Nothing_is_too_long() =>
        Sample
            .HostileFor(Kind)
            .Sample(
                sample =>
                {
                    var message = Sample.Json(Kind, sample.News, sample.Context);
                    var text = message.GetProperty("message").GetString()!;
                    var title = message.TryGetProperty("title", out var written) ? written.GetString()! : "";

                    Assert.InRange(text.Length, 1, GotifyKind.MaximumMessage);
                    Assert.InRange(title.Length, 0, GotifyKind.MaximumTitle);
                    Assert.True(Sample.IsPlain(text));
                },
                iter: 500
            );
}
