using System.Text.RegularExpressions;
using CsCheck;
using ThinDeployer.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications.Kinds;

public sealed partial class MattermostKindTests
{
    private static readonly MattermostKind Kind = new();

    [Fact]
    public void A_failure_is_markdown()
    {
        var message = Sample.Json(Kind, Sample.News);

        Assert.Equal("-100", message.GetProperty("channel").GetString());
        Assert.Equal(
            """
            ❌ **shop: deployment failed after 3 s**
            **By:** octocat (ci)
            **Ref:** main
            **Commit:** 59b20b8 Sell hats
            **Failed step:** make deploy (exit code 2): it ended badly
            **Summary:** 3 files
            changed
            **Host:** web-1
            ```
            make: deploy
            make: *** [deploy] Error 2
            ```
            [Deployment](https://deploy.example.org/d/1_2)
            [Commit](https://forge.example.org/shop/commit/59b20b8)
            """,
            message.GetProperty("text").GetString()
        );
    }

    [Fact]
    public void No_text_of_others_is_markup_or_too_long_not_even_as_slacks_own() =>
        Sample
            .HostileFor(Kind)
            .Sample(
                sample =>
                {
                    var text = Sample.Json(Kind, sample.News, sample.Context).GetProperty("text").GetString()!;

                    Assert.InRange(text.Length, 1, MattermostKind.Maximum);
                    MarkdownCheck.NothingOfOthers(text);
                    MarkdownCheck.NothingOfOthers(SlackLink().Replace(text, "[${label}](${url})"));
                },
                iter: 500
            );

    [Fact]
    public void An_address_in_a_text_of_ones_own_leads_to_its_place_and_stands_once()
    {
        var context = Sample.Context(Kind) with { Target = Sample.Target(Kind, "a_b: %link%") };

        var text = Sample.Json(Kind, Sample.News with { Output = "" }, context).GetProperty("text").GetString();

        Assert.Equal(@"a\_b: https://deploy.example.org/d/1_2", text);
    }

    /// <summary>What Mattermost makes Markdown of, before it reads it.</summary>
    [GeneratedRegex(@"<(?<url>[^<\|]+)\|(?<label>[^>]+)>", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex SlackLink();
}
