using System.Text.Json;
using CsCheck;
using ThinDeployer.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications.Kinds;

public sealed class TeamsKindTests
{
    private static readonly TeamsKind Kind = new();

    [Fact]
    public void A_failure_is_a_card()
    {
        var message = Sample.Json(Kind, Sample.News);

        var attachment = message.GetProperty("attachments")[0];
        var card = attachment.GetProperty("content");
        Assert.Equal("message", message.GetProperty("type").GetString());
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        Assert.Equal("AdaptiveCard", card.GetProperty("type").GetString());
        Assert.Equal(
            [
                "❌ shop: deployment failed after 3 s",
                "By: octocat (ci)",
                "Ref: main",
                "Commit: 59b20b8 Sell hats",
                "Failed step: make deploy (exit code 2): it ended badly",
                "Summary: 3 files",
                "changed",
                "Host: web-1",
                "make:\u00a0deploy",
                "make:\u00a0***\u00a0[deploy]\u00a0Error\u00a02",
            ],
            Lines(card.GetProperty("body"))
        );
        Assert.Equal(
            ["https://deploy.example.org/d/1_2", "https://forge.example.org/shop/commit/59b20b8"],
            card.GetProperty("actions").EnumerateArray().Select(action => action.GetProperty("url").GetString()!)
        );
    }

    [Fact]
    public void No_text_of_others_is_where_markdown_is_read_or_too_long() =>
        Sample
            .HostileFor(Kind)
            .Sample(
                sample =>
                {
                    var body = Sample.Http(Kind, sample.News, sample.Context).Body;
                    var card = JsonElement.Parse(body.Span).GetProperty("attachments")[0].GetProperty("content");

                    Assert.InRange(body.Length, 1, TeamsKind.Maximum);
                    Assert.All(
                        Lines(card.GetProperty("body")),
                        line =>
                        {
                            Assert.True(Sample.IsPlain(line));
                            Assert.DoesNotContain('\n', line);
                            Assert.NotEqual("", line);
                        }
                    );
                },
                iter: 300
            );

    [Fact]
    public void The_end_of_a_long_output_stays()
    {
        var output = string.Concat(Enumerable.Range(0, 5_000).Select(line => $"line {line}\n"));

        var card = Sample.Json(Kind, Sample.News with { Output = output }).GetProperty("attachments")[0];

        Assert.Equal("line\u00a04999", Lines(card.GetProperty("content").GetProperty("body"))[^1]);
    }

    /// <summary>Of all text runs, which there must be nothing else than.</summary>
    private static List<string> Lines(JsonElement blocks) =>
        [
            .. blocks
                .EnumerateArray()
                .SelectMany(block =>
                    block.GetProperty("type").GetString() is "Container"
                        ? Lines(block.GetProperty("items"))
                        : [string.Concat(block.GetProperty("inlines").EnumerateArray().Select(Run))]
                ),
        ];

    private static string Run(JsonElement run)
    {
        Assert.Equal("TextRun", run.GetProperty("type").GetString());
        return run.GetProperty("text").GetString()!;
    }
}
