using CsCheck;
using ThinDeployer.Notifications;
using ThinDeployer.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications.Kinds;

public sealed class DiscordKindTests
{
    private static readonly DiscordKind Kind = new();

    [Fact]
    public void A_failure_is_an_embed_that_mentions_nobody()
    {
        var message = Sample.Json(Kind, Sample.News);

        var embed = message.GetProperty("embeds")[0];
        Assert.Equal("shop: deployment failed after 3 s", embed.GetProperty("title").GetString());
        Assert.Equal("2026-11-30T12:00:00Z", embed.GetProperty("timestamp").GetString());
        var description = embed.GetProperty("description").GetString();
        Assert.StartsWith("**By:** octocat (ci)\n", description, StringComparison.Ordinal);
        Assert.EndsWith(
            """

            ```
            make: deploy
            make: *** [deploy] Error 2
            ```
            [Deployment](https://deploy.example.org/d/1_2)
            [Commit](https://forge.example.org/shop/commit/59b20b8)
            """,
            description,
            StringComparison.Ordinal
        );
        Assert.Equal(0, message.GetProperty("allowed_mentions").GetProperty("parse").GetArrayLength());
    }

    [Fact]
    public void Good_bad_and_neither_have_three_colours() =>
        Assert.Equal(
            3,
            new[] { NewsEvent.Recovered, NewsEvent.Failed, NewsEvent.Waiting }
                .Select(happened => Sample.Json(Kind, Sample.News with { Event = happened }))
                .Select(message => message.GetProperty("embeds")[0].GetProperty("color").GetInt32())
                .Distinct()
                .Count()
        );

    [Fact]
    public void No_text_of_others_is_markup_or_too_long() =>
        Sample
            .HostileFor(Kind)
            .Sample(
                sample =>
                {
                    var embed = Sample.Json(Kind, sample.News, sample.Context).GetProperty("embeds")[0];
                    var description = embed.GetProperty("description").GetString()!;
                    var title = embed.TryGetProperty("title", out var written) ? written.GetString()! : "";

                    Assert.InRange(description.Length, 1, DiscordKind.MaximumDescription);
                    Assert.InRange(title.Length, 0, DiscordKind.MaximumTitle);
                    MarkdownCheck.NothingOfOthers(description);
                    MarkdownCheck.NothingOfOthers(title);
                },
                iter: 500
            );
}
