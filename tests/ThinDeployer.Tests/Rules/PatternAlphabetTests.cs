using System.Text.RegularExpressions;
using CsCheck;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class PatternAlphabetTests
{
    private static readonly string[] Fragments =
    [
        .. "a Z 0 é . _ - / : $ ` | ( ) (?: (?i) (?i: (?P<n> (?<n> (?= (?!a) (?x) [ [^ ] ]] [a-z] [a-] [+--] [!-~] [\\w.] [\\-] [\\s] [a-z-[b]] * + ? {2} {,2} {1,} { } \\ \\. \\$ \\d \\w \\W \\s \\S \\b \\x24 \\044 \\u0024 \\p{S} \\1 \\cA ^ \\Z #".Split(
            ' '
        ),
        " ",
    ];

    private static readonly string Values = string.Concat(Enumerable.Range(1, 126).Select(code => (char)code)) + "é";

    [Theory]
    [InlineData("[A-Za-z0-9._-]+", "-._")]
    [InlineData("v[0-9]{1,3}(?:\\.[0-9]+){2}", ".")]
    [InlineData("main|stage", "")]
    [InlineData("refs/heads/([a-z]+)", "/")]
    [InlineData("(?P<tag>\\w+)", "_")]
    [InlineData("(?<tag>\\d+)", "")]
    [InlineData("(?i)(?i:a)", "")]
    [InlineData("^\\$[]$]?\\Z", "$]")]
    [InlineData("a{", "{")]
    [InlineData("[+--]", "+,-")]
    [InlineData("[é-ü]", "")]
    public void What_a_pattern_lets_in_beside_letters_and_digits_is_told(string pattern, string characters) =>
        Assert.Equal(characters, PatternAlphabet.Of(pattern));

    [Theory]
    [InlineData(".*")]
    [InlineData("[^;]+")]
    [InlineData("\\S+")]
    [InlineData("[\\s]")]
    [InlineData("\\x24")]
    [InlineData("[a-z-[b]]")]
    [InlineData("(?=a).")]
    [InlineData("(?x)a")]
    [InlineData("[a-\\x7f]")]
    public void What_may_let_in_anything_is_not(string pattern) => Assert.Null(PatternAlphabet.Of(pattern));

    [Fact]
    public void No_value_that_matches_has_another_character() =>
        Gen.Select(
                Gen.OneOf(Fragments).Array[1, 6].Select(string.Concat),
                Gen.OneOf(Values.ToCharArray()).Array[1, 3].Select(value => new string(value)).Array[60]
            )
            .Where((pattern, _) => PatternAlphabet.Of(pattern) is not null && IsPattern(pattern))
            .Sample(
                (pattern, values) =>
                {
                    var characters = PatternAlphabet.Of(pattern)!;
                    var compiled = WholePattern.Parse(pattern);
                    return values
                        .Concat(Values.Select(character => character.ToString()))
                        .Select(compiled.Match)
                        .OfType<string>()
                        .SelectMany(value => value)
                        .All(character =>
                            !char.IsAscii(character)
                            || char.IsAsciiLetterOrDigit(character)
                            || characters.Contains(character)
                        );
                },
                iter: Math.Max(Check.Iter, 2_000)
            );

    private static bool IsPattern(string pattern)
    {
        try
        {
            return WholePattern.Parse(pattern).Source == pattern;
        }
        catch (RegexParseException)
        {
            return false;
        }
    }
}
