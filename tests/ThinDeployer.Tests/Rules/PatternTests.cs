using System.Text.RegularExpressions;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class PatternTests
{
    [Theory]
    [InlineData("refs/heads/(.+)", "refs/heads/main", "main")]
    [InlineData("a|ab", "ab", "ab")]
    [InlineData("main|stage", "stage-x", null)]
    [InlineData("main|stage", "x-main", null)]
    [InlineData("main", "main\n", null)]
    [InlineData("main$", "main\n", null)]
    [InlineData("^main$", "main", "main")]
    [InlineData(@"v(?:\d+)\.(?P<minor>\d+)", "v1.22", "22")]
    [InlineData(@"v(\d+)|main", "main", null)]
    [InlineData(@"(a*)b", "b", "")]
    [InlineData("(?x) ma in # a comment", "main", "main")]
    [InlineData("(?i)MAIN", "main", "main")]
    [InlineData(@"(?=m)(.)ain", "main", "m")]
    [InlineData("", "", "")]
    public void The_whole_value_must_match_and_its_group_is_passed(string pattern, string value, string? passed) =>
        Assert.Equal(passed, WholePattern.Parse(pattern).Match(value));

    [Theory]
    [InlineData("a)|(b")]
    [InlineData("(")]
    [InlineData("a)(?#")]
    [InlineData("a\\")]
    public void What_is_no_pattern_is_refused(string pattern) =>
        Assert.ThrowsAny<RegexParseException>(() => WholePattern.Parse(pattern));

    [Theory]
    [InlineData("^main", true)]
    [InlineData("main$", true)]
    [InlineData(@"\Amain", true)]
    [InlineData(@"main\Z", true)]
    [InlineData("a|^b", true)]
    [InlineData("[]^$]$", true)]
    [InlineData("main", false)]
    [InlineData(@"\^main\$", false)]
    [InlineData("[^a]", false)]
    [InlineData("[]^$]", false)]
    [InlineData(@"[\]$]", false)]
    [InlineData(@"\\A", false)]
    [InlineData("", false)]
    public void An_anchor_is_found(string pattern, bool isThere) => Assert.Equal(isThere, PatternAnchor.IsIn(pattern));
}
