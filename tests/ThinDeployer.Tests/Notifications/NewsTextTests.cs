using ThinDeployer.Deployments;
using ThinDeployer.Notifications;
using ThinDeployer.Notifications.Kinds;
using ThinDeployer.Tests.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications;

public sealed class NewsTextTests
{
    [Theory]
    [InlineData("accepted", "queued", null, null, false, 0, "shop: deployment accepted")]
    [InlineData("started", "running", null, null, false, 0, "shop: deployment started")]
    [InlineData("waiting", "queued", null, null, false, 0, "shop: deployment waits for approval")]
    [InlineData("succeeded", "succeeded", 12_345L, null, false, 0, "shop: deployed in 12 s")]
    [InlineData("succeeded", "succeeded", 400L, "on_success", true, 0, "shop: deployed in 0.4 s")]
    [InlineData(
        "succeeded",
        "succeeded",
        65_000L,
        "on_success",
        false,
        0,
        "shop: deployed in 1 min 5 s, but its on_success failed"
    )]
    [InlineData("recovered", "succeeded", 7_800_000L, null, false, 0, "shop recovered: deployed in 2 h 10 min")]
    [InlineData("failed", "failed", 3_000L, null, false, 0, "shop: deployment failed after 3 s")]
    [InlineData("failed", "failed", 3_000L, "on_failure", true, 0, "shop: deployment failed after 3 s, rolled back")]
    [InlineData(
        "failed",
        "failed",
        3_000L,
        "on_failure",
        false,
        0,
        "shop: deployment failed after 3 s, and the rollback failed"
    )]
    [InlineData("failed", "timed_out", 120_000L, null, false, 0, "shop: deployment timed out after 2 min")]
    [InlineData("failed", "interrupted", 90_000_000L, null, false, 0, "shop: deployment was interrupted after 1 d 1 h")]
    [InlineData("failed", "cancelled", null, null, false, 0, "shop: deployment was cancelled")]
    [InlineData("failed", "superseded", null, null, false, 0, "shop: deployment was superseded")]
    [InlineData("failed", "failed", 3_000L, null, false, 1, "shop: deployment failed again")]
    [InlineData("failed", "failed", 3_000L, null, false, 12, "shop: deployment failed again, 12 times")]
    [InlineData(
        "failed",
        "timed_out",
        3_000L,
        "on_failure",
        true,
        2,
        "shop: deployment timed out again, 2 times, rolled back"
    )]
    public void The_headline_says_what_happened(
        string happened,
        string status,
        long? duration,
        string? hook,
        bool isHookGood,
        int repeats,
        string expected
    )
    {
        var news = Sample.News with
        {
            Event = NewsEvents.Parse(happened)!.Value,
            Status = DeploymentStatuses.Parse(status)!.Value,
            DurationMs = duration,
            Hook = hook,
            IsHookGood = isHookGood,
            Repeats = repeats,
        };

        Assert.Equal(expected, NewsText.Headline(news));
    }

    [Fact]
    public void Facts_are_told_by_name_and_in_short()
    {
        Assert.Equal(
            """
            By: octocat (ci)
            Ref: main
            Commit: 59b20b8 Sell hats
            Failed step: make deploy (exit code 2): it ended badly
            Summary: 3 files
            changed
            Host: web-1
            """,
            NewsText.Lines(NewsText.Facts(Sample.News, "web-1"))
        );
    }

    [Fact]
    public void What_is_not_known_is_no_fact()
    {
        var news = new News
        {
            Service = "shop",
            Deployment = "1",
            Event = NewsEvent.Failed,
            Status = DeploymentStatus.Cancelled,
            At = Sample.News.At,
            CancelledBy = "ci",
        };

        Assert.Equal("Cancelled by: ci\nHost: web-1", NewsText.Lines(NewsText.Facts(news, "web-1")));
    }

    [Fact]
    public void A_long_summary_is_cut_between_characters()
    {
        var news = Sample.News with { Summary = new string('a', 299) + "😀 and more" };

        var summary = NewsText.Facts(news, "web-1").Single(fact => fact.Label == "Summary");

        Assert.Equal(new string('a', 299) + "…", summary.Value);
    }

    [Theory]
    [InlineData("%service% is %status%", "shop is failed")]
    [InlineData("%who%/%ref%/%commit%", "octocat (ci)/main/59b20b8")]
    [InlineData("%duration% on %host%: %link%", "3 s on web-1: https://deploy.example.org/d/1_2")]
    [InlineData("100% of %shop% and %service%%", "100% of %shop% and shop%")]
    public void A_text_of_ones_own_is_filled_in(string template, string expected)
    {
        var context = Sample.Context(new SlackKind()) with { Target = Sample.Target(new SlackKind(), template) };

        Assert.Equal(expected, NewsText.Own(Sample.News, context));
    }

    [Fact]
    public void A_word_without_a_value_becomes_empty_and_a_value_is_not_filled_in_itself()
    {
        var kind = new SlackKind();
        var context = Sample.Context(kind) with { Target = Sample.Target(kind, "[%ref%] %who%"), Link = null };
        var news = Sample.News with { Ref = null, Actor = "%host%", Who = null };

        Assert.Equal("[] %host%", NewsText.Own(news, context));
    }

    [Fact]
    public void A_text_of_ones_own_that_says_nothing_leaves_the_headline()
    {
        var context = Sample.Context(new EmailKind()) with { Target = Sample.Target(new EmailKind(), " %ref% ") };
        var news = Sample.News with { Ref = null };

        Assert.StartsWith(NewsText.Headline(news), NewsText.Body(news, context), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_word_of_a_template_has_a_value()
    {
        var kind = new SlackKind();
        var template = string.Join(' ', NewsTemplate.Words.Select(word => $"%{word}%"));
        var context = Sample.Context(kind) with { Target = Sample.Target(kind, template) };

        Assert.DoesNotContain('%', NewsText.Own(Sample.News, context)!);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://forge.example.org@evil.example/")]
    [InlineData("/relative")]
    public void An_address_that_leads_elsewhere_than_it_seems_is_no_link(string url)
    {
        var news = Sample.News with { CommitUrl = url };

        Assert.Equal(["Deployment"], NewsText.Links(news, Sample.Context(new SlackKind())).Select(link => link.Label));
    }
}
