using System.Text.RegularExpressions;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class PatternMistakeTests
{
    [Theory]
    [InlineData("(a", "a \"(\" is not closed; write \"\\(\" if a bracket is meant, seen at character 2")]
    [InlineData("a)", "a \")\" closes nothing")]
    [InlineData("[a", "a \"[\" is not closed")]
    [InlineData("*main", "repeats nothing; write \".*\" for any text")]
    [InlineData("a**", "follow one another")]
    [InlineData("a{2,1}", "the first number is the larger one")]
    [InlineData("[z-a]", "runs backwards, seen at character 4")]
    [InlineData("[a-\\w]", "can't begin or end a range")]
    [InlineData("a\\", "it ends with a backslash")]
    [InlineData("\\y", "before a letter that means nothing so")]
    [InlineData("\\c", "\"\\c\" needs a letter")]
    [InlineData("\\xg", "needs two hexadecimal digits")]
    [InlineData("\\p{Nothing}", "the name of a kind of characters")]
    [InlineData("\\k<a>", "a group that it does not have")]
    [InlineData("(?<1a>x)", "a name that it can't have")]
    [InlineData("(?y)", "what follows \"(?\" means nothing")]
    [InlineData("(?#a", "is not closed")]
    public void It_is_told_in_plain_words(string pattern, string told)
    {
        var exception = Assert.Throws<RegexParseException>(() => PatternEngine.Compile(pattern));

        Assert.Contains(told, PatternMistake.Of(exception, pattern), StringComparison.Ordinal);
    }
}
