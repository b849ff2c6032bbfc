using System.Diagnostics;
using System.Text.RegularExpressions;
using CsCheck;
using ThinDeployer.Pages;

namespace ThinDeployer.Tests.Pages;

public sealed partial class SummaryHtmlTests
{
    [Theory]
    [InlineData("# Deployed *1.2*", "<h1>Deployed <em>1.2</em></h1>\n")]
    [InlineData("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n")]
    [InlineData("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>\n")]
    [InlineData("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n")]
    [InlineData("[here](javascript:alert(1))", "<p>here</p>\n")]
    [InlineData("[here](JAVASCRIPT:alert(1))", "<p>here</p>\n")]
    [InlineData("[here](data:text/html,x)", "<p>here</p>\n")]
    [InlineData("[here](/ui/sign-out)", "<p>here</p>\n")]
    [InlineData("<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n")]
    [InlineData("![a picture](https://example.org/x.png)", "<p>a picture</p>\n")]
    [InlineData(
        "[here](https://example.org/?a=1&b=\"2)",
        "<p><a href=\"https://example.org/?a=1&amp;b=%222\" rel=\"noopener noreferrer\" target=\"_blank\">here</a></p>\n"
    )]
    public void Markdown_becomes_tame_html(string summary, string html) =>
        Assert.Equal(html, SummaryHtml.Of(summary).Value);

    [Fact]
    public void A_table_is_one() =>
        Assert.Contains("<td>2</td>", SummaryHtml.Of("a | b\n--- | ---\n1 | 2").Value, StringComparison.Ordinal);

    [Fact]
    public void One_that_would_grow_by_the_square_of_its_size_is_text()
    {
        var (wide, tall) = (
            string.Concat(Enumerable.Repeat("|a", 3000)),
            string.Concat(Enumerable.Repeat("|b\n", 3000))
        );

        var html = SummaryHtml.Of($"{wide}|\n{wide.Replace('a', '-')}|\n{tall}").Value!;

        Assert.StartsWith("<pre>", html, StringComparison.Ordinal);
        Assert.InRange(html.Length, 1, 64 * 1024);
    }

    [Fact]
    public void Its_alignment_is_no_style() =>
        Assert.DoesNotContain("style", SummaryHtml.Of("a | b\n--: | :-:\n1 | 2").Value, StringComparison.Ordinal);

    /// <summary>Whatever is written, no tag and no address comes of it but those that are meant.</summary>
    [Fact]
    public void Nothing_else_comes_of_any_text()
    {
        string[] pieces =
        [
            "<",
            ">",
            "\"",
            "'",
            "&",
            "[",
            "]",
            "(",
            ")",
            "!",
            "*",
            "_",
            "`",
            "\n",
            " ",
            "javascript:",
            "https://e.org",
            "<a href=x>",
            "onerror=",
            "|",
            "---",
            "\\",
            "#",
            "&#x6a;",
            "\t",
            "x",
        ];
        Gen.Int[0, pieces.Length - 1]
            .Select(i => pieces[i])
            .Array[0, 40]
            .Sample(
                text =>
                {
                    var html = SummaryHtml.Of(string.Concat(text)).Value!;
                    Assert.All(Tag().Matches(html), tag => Assert.Matches(Known(), tag.Value));
                    Assert.DoesNotContain("href=\"javascript", html, StringComparison.OrdinalIgnoreCase);
                },
                iter: 3000
            );
    }

    [Theory]
    [InlineData(">")]
    [InlineData("[")]
    [InlineData("*")]
    [InlineData("- ")]
    [InlineData("![")]
    [InlineData("`")]
    [InlineData("|")]
    [InlineData("<")]
    [InlineData("_a")]
    public void A_summary_that_is_full_of_signs_takes_no_long_time(string sign)
    {
        var begin = Stopwatch.GetTimestamp();

        _ = SummaryHtml.Of(string.Concat(Enumerable.Repeat(sign, 64 * 1024 / sign.Length)));

        Assert.InRange(Stopwatch.GetElapsedTime(begin), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(
        "^<(/?(p|h[1-6]|em|strong|code|pre|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|a)|hr /|br /|ol start=\"[0-9]+\"|"
            + "code class=\"language-[^\"<>]*\"|a href=\"https?://[^\"]*\"( title=\"[^\"]*\")?( rel=\"noopener noreferrer\" target=\"_blank\")?)>$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Known();
}
