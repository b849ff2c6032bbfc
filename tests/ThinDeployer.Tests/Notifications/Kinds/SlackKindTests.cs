using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using ThinDeployer.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications.Kinds;

public sealed partial class SlackKindTests
{
    private static readonly SlackKind Kind = new();

    [Fact]
    public void A_failure_has_a_header_facts_an_output_and_links()
    {
        var message = Sample.Json(Kind, Sample.News);

        Assert.Equal("❌ shop: deployment failed after 3 s", message.GetProperty("text").GetString());
        var blocks = message.GetProperty("blocks").EnumerateArray().ToList();
        Assert.Equal(
            ["header", "section", "section", "context"],
            blocks.Select(block => block.GetProperty("type").GetString()!)
        );
        Assert.Equal("❌ shop: deployment failed after 3 s", Text(blocks[0]));
        Assert.StartsWith("By: octocat (ci)\nRef: main\n", Text(blocks[1]), StringComparison.Ordinal);
        Assert.Equal("```\nmake: deploy\nmake: *** [deploy] Error 2\n```", Text(blocks[2]));
        Assert.Equal(
            ["<https://deploy.example.org/d/1_2|Deployment>", "<https://forge.example.org/shop/commit/59b20b8|Commit>"],
            blocks[3].GetProperty("elements").EnumerateArray().Select(one => one.GetProperty("text").GetString()!)
        );
    }

    [Fact]
    public void A_text_of_ones_own_stands_instead_of_headline_and_facts()
    {
        var context = Sample.Context(Kind) with { Target = Sample.Target(Kind, "<!channel> %service%") };

        var message = Sample.Json(Kind, Sample.News, context);

        Assert.Equal("&lt;!channel&gt; shop", message.GetProperty("text").GetString());
        Assert.Equal("&lt;!channel&gt; shop", Text(message.GetProperty("blocks")[0]));
    }

    [Fact]
    public void No_text_of_others_is_markup_or_too_long() =>
        Sample
            .HostileFor(Kind)
            .Sample(
                sample =>
                {
                    var message = Sample.Json(Kind, sample.News, sample.Context);
                    Check(message.GetProperty("text").GetString()!, SlackKind.MaximumSection);
                    foreach (var block in message.GetProperty("blocks").EnumerateArray())
                    {
                        CheckBlock(block);
                    }
                },
                iter: 500
            );

    private static void CheckBlock(JsonElement block)
    {
        if (block.GetProperty("type").GetString() is "context")
        {
            foreach (var link in block.GetProperty("elements").EnumerateArray())
            {
                Assert.Matches(Link(), link.GetProperty("text").GetString());
            }

            return;
        }

        var text = block.GetProperty("text");
        if (text.GetProperty("type").GetString() is "mrkdwn")
        {
            Assert.True(text.GetProperty("verbatim").GetBoolean());
            Assert.Equal("", Sample.Fence(Text(block))?.Outside);
        }

        Check(
            Text(block),
            block.GetProperty("type").GetString() is "header" ? SlackKind.MaximumHeader : SlackKind.MaximumSection
        );
    }

    private static void Check(string text, int maximum)
    {
        Assert.InRange(text.Length, 1, maximum);
        Assert.DoesNotMatch(Raw(), text);
        Assert.True(Sample.IsPlain(text));
    }

    private static string Text(JsonElement block) => block.GetProperty("text").GetProperty("text").GetString()!;

    /// <summary>A sign that is not escaped, or half of an escape.</summary>
    [GeneratedRegex("[<>]|&(?!amp;|lt;|gt;)", RegexOptions.None, 10_000)]
    private static partial Regex Raw();

    [GeneratedRegex(@"^<https?://[^<>|\s]+\|(Deployment|Commit)>$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Link();
}
