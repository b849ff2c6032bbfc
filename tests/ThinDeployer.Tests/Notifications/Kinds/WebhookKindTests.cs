using System.Text.Json;
using CsCheck;
using ThinDeployer.Notifications.Kinds;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Notifications.Kinds;

public sealed class WebhookKindTests
{
    private static readonly WebhookKind Kind = new();

    [Fact]
    public void It_sends_the_deployment_as_clients_see_it()
    {
        var news = Sample.News with { Json = """{"id":"1","status":"failed","steps":[1.50]}""", Repeats = 3 };

        var message = Sample.Json(Kind, news);

        Assert.Equal("deployment.failed", message.GetProperty("type").GetString());
        Assert.Equal("2026-11-30T12:00:00.000Z", message.GetProperty("timestamp").GetString());
        Assert.Equal(
            """
            {"event":"failed","text":"shop: deployment failed again, 3 times","host":"web-1","link":"https://deploy.example.org/d/1_2","repeats":3,"output":"make: deploy\nmake: *** [deploy] Error 2","deployment":{"id":"1","status":"failed","steps":[1.50]}}
            """,
            message.GetProperty("data").GetRawText()
        );
    }

    [Fact]
    public void What_has_no_json_is_told_in_short() =>
        Assert.Equal(
            """{"id":"1","service":"shop","status":"failed"}""",
            Sample.Json(Kind, Sample.News).GetProperty("data").GetProperty("deployment").GetRawText()
        );

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("a long random text that is no base64")]
    public void A_secret_signs_it_as_standard_webhooks_say(string secret)
    {
        var context = Sample.Context(Kind) with { Secret = secret };
        var key = SigningSecret.OfBase64(secret) ?? SigningSecret.OfText(secret);

        var sent = Sample.Http(Kind, Sample.News, context);

        var headers = sent.Headers.ToLookup(header => header.Key, header => header.Value);
        var claim = new StandardWebhooks([key]).Read(name => [.. headers[name]], context.Now);
        Assert.True(Assert.IsType<SignatureClaim.OverBody>(claim).IsRight(sent.Body));
        Assert.Equal(["msg_1"], headers["webhook-id"]);
        Assert.Equal(["Bearer tok"], headers["Authorization"]);
    }

    [Fact]
    public void Without_a_secret_it_can_still_be_told_from_a_repeat() =>
        Assert.Equal(
            [new("webhook-id", "msg_1"), new("webhook-timestamp", "1796040005")],
            Sample.Http(Kind, Sample.News, Sample.Context(Kind) with { Token = null }).Headers
        );

    [Fact]
    public void No_text_of_others_breaks_it() =>
        Sample
            .HostileFor(Kind)
            .Sample(
                sample =>
                {
                    var json = JsonSerializer.Serialize(sample.News.Output);
                    var data = Sample
                        .Json(Kind, sample.News with { Json = $"{{\"output\":{json}}}" }, sample.Context)
                        .GetProperty("data");

                    Assert.True(Sample.IsPlain(data.GetProperty("text").GetString()!));
                    Assert.Equal(
                        JsonElement.Parse(json).GetString(),
                        data.GetProperty("deployment").GetProperty("output").GetString()
                    );
                },
                iter: 300
            );
}
