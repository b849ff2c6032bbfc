using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class MistakenClassTests
{
    [Theory]
    [InlineData("\"branch\": \"([production|stage]+)\"", "production|stage")]
    [InlineData("[a|b]", "a|b")]
    [InlineData("x[^main|master]", "^main|master")]
    [InlineData(@"\[a|b] [c|d]", "c|d")]
    [InlineData("[]a|b]", "]a|b")]
    [InlineData("[1|2", "1|2")]
    public void A_bar_between_words_in_a_class_was_meant_otherwise(string pattern, string inside)
    {
        Assert.Equal(inside, MistakenClass.Find(pattern));
    }

    [Theory]
    [InlineData("(production|stage)")]
    [InlineData(@"\[a|b\]")]
    [InlineData(@"[a\|b]")]
    [InlineData(@"[\w|\d]")]
    [InlineData(@"[\w|d]")]
    [InlineData("[|a]")]
    [InlineData("[a|]")]
    [InlineData("[a-z]|[0-9]")]
    [InlineData("[")]
    [InlineData("[^")]
    [InlineData("[]")]
    [InlineData("\\")]
    [InlineData("")]
    public void Other_patterns_are_left_alone(string pattern)
    {
        Assert.Null(MistakenClass.Find(pattern));
    }
}
