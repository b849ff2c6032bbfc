using System.Text.RegularExpressions;
using ThinDeployer.Operating.Importing;

namespace ThinDeployer.Tests.Importing;

/// <summary>Go's patterns, by what pkg.go.dev/regexp/syntax says of them.</summary>
public sealed class GoPatternTests
{
    [Theory]
    [InlineData("^refs/heads/(main|stage)$", @"^refs/heads/(main|stage)\z")]
    [InlineData(@"^v\d+\.\d+$", @"^v[0-9]+\.[0-9]+\z")]
    [InlineData("(?i)deploy", "(?i)deploy")]
    [InlineData("(?m)^a$|(?-m:b$)", @"(?m)^a$|(?-m:b\z)")]
    [InlineData("(?U)a+", "a+")]
    [InlineData("(?sU:a.b)$", @"(?s:a.b)\z")]
    [InlineData("(?P<name>a)(?<other>b)", "(?<name>a)(?<other>b)")]
    [InlineData(@"\Qa.b\E$", @"a\.b\z")]
    [InlineData("a{2,}b{,3}", @"a{2,}b\{,3\}")]
    [InlineData("[[:digit:]x-]", @"[0-9x\u002D]")]
    [InlineData(@"[^\D]", @"[^\u0000-\u002F\u003A-\uFFFF]")]
    [InlineData("[]a]", @"[\u005Da]")]
    [InlineData(@"\pL\P{Lu}\p{^Nd}", @"\p{L}\P{Lu}\P{Nd}")]
    [InlineData(@"\x41\x{e9}\101", "AéA")]
    [InlineData(@"\/\_\-", "/_-")]
    [InlineData("", "")]
    public void It_is_written_as_this(string go, string expected) => Assert.Equal(expected, GoPattern.Translate(go));

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("[a")]
    [InlineData(@"\")]
    [InlineData("(?=a)")]
    [InlineData("(?!a)")]
    [InlineData(@"(a)\1")]
    [InlineData(@"\p{Greek}")]
    [InlineData(@"\C")]
    [InlineData(@"[\x{1F422}]")]
    [InlineData("[[:nothing:]]")]
    [InlineData("*")]
    public void What_has_no_equivalent_is_none(string go) => Assert.Null(GoPattern.Translate(go));

    [Theory]
    [InlineData("main$", "main\n", false)]
    [InlineData("(?m)main$", "main\n", true)]
    [InlineData(@"^\d$", "٣", false)]
    [InlineData(@"^\w$", "é", false)]
    [InlineData(@"^\W$", "é", true)]
    [InlineData(@"^\s$", "\u00A0", false)]
    [InlineData(@"^\s$", "\v", false)]
    [InlineData("^[[:space:]]$", "\v", true)]
    [InlineData(@"\bmain\b", "émain", true)]
    [InlineData(@"\bmain\b", "xmain", false)]
    [InlineData(@"a\Bb", "ab", true)]
    [InlineData(@"^[^\W_]$", "_", false)]
    [InlineData("^[a-z-[]$", "[", true)]
    public void It_finds_what_Go_finds(string go, string text, bool found)
    {
        var pattern = GoPattern.Translate(go);

        Assert.NotNull(pattern);
        Assert.Equal(found, Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
    }
}
