using System.Text;
using CsCheck;
using ThinDeployer.Notifications;
using ThinDeployer.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications.Kinds;

public sealed class NtfyKindTests
{
    private static readonly NtfyKind Kind = new();

    [Fact]
    public void A_failure_is_published_as_json_at_the_root()
    {
        var sent = Sample.Http(Kind, Sample.News);
        var message = Sample.Json(Kind, Sample.News);

        Assert.Equal("https://chat.example.org/base/", sent.Url.AbsoluteUri);
        Assert.Equal([new("Authorization", "Bearer tok")], sent.Headers);
        Assert.Equal("hook", message.GetProperty("topic").GetString());
        Assert.Equal("shop: deployment failed after 3 s", message.GetProperty("title").GetString());
        Assert.Equal(4, message.GetProperty("priority").GetInt32());
        Assert.Equal("x", message.GetProperty("tags")[0].GetString());
        Assert.Equal("https://deploy.example.org/d/1_2", message.GetProperty("click").GetString());
        var text = message.GetProperty("message").GetString();
        Assert.StartsWith("By: octocat (ci)\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n\nmake: deploy\nmake: *** [deploy] Error 2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_token_it_sends_none() =>
        Assert.Empty(Sample.Http(Kind, Sample.News, Sample.Context(Kind) with { Token = null }).Headers);

    [Fact]
    public void A_success_is_less_urgent() =>
        Assert.Equal(
            3,
            Sample.Json(Kind, Sample.News with { Event = NewsEvent.Recovered }).GetProperty("priority").GetInt32()
        );

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

                    Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, NtfyKind.MaximumMessage);
                    Assert.InRange(Encoding.UTF8.GetByteCount(title), 0, NtfyKind.MaximumTitle);
                    Assert.DoesNotContain('\n', title);
                    Assert.True(Sample.IsPlain(text));
                },
                iter: 500
            );
}
