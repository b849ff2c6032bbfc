using CsCheck;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class PathGlobsTests
{
    [Theory]
    [InlineData("src/**", "src/a", true)]
    [InlineData("src/**", "src/a/b.cs", true)]
    [InlineData("src/**", "src", false)]
    [InlineData("src/**", "src2/a", false)]
    [InlineData("src/**", "x/src/a", false)]
    [InlineData("/src/**", "src/a", true)]
    [InlineData("./src/**", "src/a", true)]
    [InlineData("src/", "src/a/b", true)]
    [InlineData("src/", "src", false)]
    [InlineData("src", "src/a", false)]
    [InlineData("src", "src", true)]
    [InlineData("*.md", "README.md", true)]
    [InlineData("*.md", "docs/a.md", false)]
    [InlineData("**/*.md", "README.md", true)]
    [InlineData("**/*.md", "docs/x/a.md", true)]
    [InlineData("**.md", "docs/x/a.md", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "a/xb", false)]
    [InlineData("**/a/**", "x/a/b", true)]
    [InlineData("**/a/**", "xa/b", false)]
    [InlineData("**", "anything/at/all", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a?c", "a😀c", true)]
    [InlineData("*", ".github", true)]
    [InlineData("*/x", "a/b/x", false)]
    [InlineData("a+(b).c", "a+(b).c", true)]
    [InlineData("[id].tsx", "[id].tsx", true)]
    [InlineData("a.c", "abc", false)]
    [InlineData("A", "a", false)]
    [InlineData("a*", "a\nb", true)]
    [InlineData("a", "a\n", false)]
    public void A_glob_matches_a_path(string glob, string path, bool matches)
    {
        Assert.Null(PathGlobs.FaultOf(glob));
        Assert.True(PathGlobs.TryParse([glob], out var globs));

        Assert.Equal(matches, globs.Match(path));
    }

    [Fact]
    public void One_of_several_is_enough()
    {
        Assert.True(PathGlobs.TryParse(["docs/", "a|b"], out var globs));

        Assert.True(globs.Match("docs/x"));
        Assert.True(globs.Match("a|b"));
        Assert.False(globs.Match("a"));
    }

    [Fact]
    public void It_says_what_a_naive_matcher_says() =>
        Gen.Select(
                RuleSample.OneOf("a", "b", "/", "*", "?", "**", "/**/", "**/").Array[1, 7],
                Gen.Char["ab/"].Array[0, 8]
            )
            .Where((parts, _) => PathGlobs.FaultOf(string.Concat(parts)) is null)
            .Sample(
                (parts, characters) =>
                {
                    var (glob, path) = (string.Concat(parts), new string(characters).TrimStart('/'));
                    Assert.True(PathGlobs.TryParse([glob], out var globs));
                    var plain = glob.TrimStart('/');

                    Assert.Equal(NaiveGlob.Match(plain.EndsWith('/') ? plain + "**" : plain, path), globs.Match(path));
                },
                iter: 20_000
            );

    [Fact]
    public void A_hostile_path_takes_no_longer_than_another()
    {
        Assert.True(PathGlobs.TryParse([string.Concat(Enumerable.Repeat("**a", 200))], out var globs));
        var started = ComputingTime.Now;

        Assert.False(globs.Match(new string('a', 150) + "/" + new string('b', 200_000)));

        Assert.InRange(ComputingTime.Now - started, TimeSpan.Zero, TimeSpan.FromSeconds(8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("!src/**")]
    [InlineData(@"src\a")]
    public void What_has_no_meaning_is_refused(string glob) => Assert.NotNull(PathGlobs.FaultOf(glob));

    [Fact]
    public void Too_many_are_refused() =>
        Assert.False(PathGlobs.TryParse([.. Enumerable.Repeat("0123456789", 300)], out _));

    [Theory]
    [InlineData('?')]
    [InlineData('*')]
    [InlineData('a')]
    public void The_longest_ones_are_taken_or_refused_and_nothing_is_thrown(char character) =>
        _ = PathGlobs.TryParse([new string(character, PathGlobs.MaximumLength)], out _);
}
