using System.Text;
using System.Text.RegularExpressions;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class RequestPatternTests
{
    [Theory]
    [InlineData("main", """{"ref": "refs/heads/main"}""", true)]
    [InlineData("main", """{"ref": "refs/heads/other"}""", false)]
    [InlineData("\"branch\": \"([production|stage]+)\"", """{"branch": "production"}""", true)]
    [InlineData("(?P<what>ma)in", "main", true)]
    [InlineData("(?P<q>[\"'])x(?P=q)", "'x'", true)]
    [InlineData("(?P<q>[\"'])x(?P=q)", "'x\"", false)]
    [InlineData(@"end\Z", "the end", true)]
    [InlineData(@"end\Z", "the end\n", false)]
    [InlineData("^a{,3}$", "aaa", true)]
    [InlineData("^a{,3}$", "aaaa", false)]
    [InlineData(@"^[\]a]+$", "]a", true)]
    [InlineData("^[]a{,3}]+$", "]{,3}a", true)]
    [InlineData("^[^]a]$", "b", true)]
    [InlineData(@"\\Z", @"\Z", true)]
    [InlineData("ünï", "ünïcode", true)]
    [InlineData("^$", "", true)]
    [InlineData(@"^\{", "\uFEFF{}", true)]
    public void A_pattern_is_searched_as_python_would(string pattern, string body, bool matches)
    {
        var outcome = RequestPattern.Parse(pattern).Search(RuleSample.Request(body)).Outcome;

        Assert.Equal(Outcomes.Of(matches), outcome);
    }

    [Theory]
    [InlineData("refs/heads/main", "payload=%7B%22ref%22%3A%22refs%2Fheads%2Fmain%22%7D", true, true)]
    [InlineData("payload=", "payload=%7B%22ref%22%3A%22refs%2Fheads%2Fmain%22%7D", true, false)]
    [InlineData("refs/heads/other", "payload=%7B%22ref%22%3A%22refs%2Fheads%2Fmain%22%7D", false, true)]
    public void In_a_form_the_payload_is_searched_as_it_was_meant(
        string pattern,
        string form,
        bool matches,
        bool searchesPayload
    )
    {
        var request = RuleSample.Request(
            Encoding.UTF8.GetBytes(form),
            address: null,
            [],
            [("payload", Uri.UnescapeDataString(form["payload=".Length..]))],
            ("Content-Type", "application/x-www-form-urlencoded")
        );

        var (outcome, detail) = RequestPattern.Parse(pattern).Search(request);

        Assert.Equal(Outcomes.Of(matches), outcome);
        Assert.Equal(searchesPayload ? "searched: the body, and the form's \"payload\"" : "searched: the body", detail);
    }

    [Fact]
    public void A_pattern_that_backtracks_without_end_gives_up()
    {
        var pattern = RequestPattern.Parse(@"^(a+)+\1$");

        var outcome = pattern.Search(RuleSample.Request(new string('a', 60) + "!")).Outcome;

        Assert.True(pattern.Backtracks);
        Assert.Equal(Outcome.Undecided, outcome);
    }

    [Theory]
    [InlineData("(a+)+$", false)]
    [InlineData("(?=a)a", true)]
    [InlineData("(?>a+)b", true)]
    [InlineData("(a{1,100}){1,200}", true)]
    public void Only_what_needs_it_backtracks(string pattern, bool backtracks) =>
        Assert.Equal(backtracks, RequestPattern.Parse(pattern).Backtracks);

    [Fact]
    public void A_body_that_is_no_text_can_not_be_decided() =>
        Assert.Equal(
            Outcome.Undecided,
            RequestPattern.Parse("a").Search(RuleSample.Request([(byte)'a', 0xFF], null, [], [])).Outcome
        );

    [Theory]
    [InlineData("(")]
    [InlineData("[a")]
    [InlineData("(?P<")]
    [InlineData("(?P=")]
    [InlineData(@"\")]
    public void What_is_no_pattern_is_refused(string pattern) =>
        Assert.ThrowsAny<RegexParseException>(() => RequestPattern.Parse(pattern));
}
