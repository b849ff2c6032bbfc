using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

public sealed class InterpolationTests
{
    private readonly Problems _problems = new();

    [Theory]
    [InlineData("", "")]
    [InlineData("plain $ $A {} $(x)", "plain $ $A {} $(x)")]
    [InlineData("${A}", "1")]
    [InlineData("<${A}${B_2}>", "<1${A}>")]
    [InlineData("${NONE:-}", "")]
    [InlineData("${NONE:-a b}", "a b")]
    [InlineData("${NONE:--}", "-")]
    [InlineData("${EMPTY:-set}", "set")]
    [InlineData("${A:-other}", "1")]
    [InlineData("$${A}", "${A}")]
    [InlineData("$${", "${")]
    [InlineData("$$${A}", "$${A}")]
    [InlineData("$${A}${A}", "${A}1")]
    [InlineData("${A}$${A}", "1${A}")]
    [InlineData("${NONE:-$}", "$")]
    [InlineData("${NONE:-{}}", "{}")]
    [InlineData("$", "$")]
    public void References_are_filled_from_the_environment_once(string text, string expected)
    {
        var filled = Fill(text);

        Assert.Empty(_problems);
        Assert.Equal(expected, filled);
    }

    [Theory]
    [InlineData("${NONE}")]
    [InlineData("x${NONE}y${A}")]
    public void A_variable_that_is_not_set_is_a_mistake(string text)
    {
        var filled = Fill(text);

        Assert.Null(filled);
        Assert.Equal(
            "f.yml:2:3: shop: the environment variable \"NONE\" is not set, or empty; set it, or write \"${NAME:-default}\"",
            Assert.Single(_problems).ToString()
        );
    }

    [Fact]
    public void Every_variable_of_a_text_that_is_not_set_is_named()
    {
        Fill("${NONE}${EMPTY}");

        Assert.Equal(2, _problems.Count);
    }

    [Theory]
    [InlineData("${")]
    [InlineData("${}")]
    [InlineData("${A")]
    [InlineData("${A-b}")]
    [InlineData("${A:b}")]
    [InlineData("${A:=b}")]
    [InlineData("${1A}")]
    [InlineData("${A B}")]
    [InlineData("${ A}")]
    [InlineData("${é}")]
    [InlineData("${A:-b")]
    [InlineData("${A:-${B_2}}")]
    [InlineData("${#A}")]
    [InlineData("${{ A }}")]
    [InlineData("$${A}${")]
    public void A_broken_reference_is_a_mistake_that_says_how_to_write_it_plainly(string text)
    {
        var filled = Fill(text);

        Assert.Null(filled);
        Assert.Equal(
            "f.yml:2:3: shop: \"${\" is not followed by \"NAME}\" or \"NAME:-default}\"; write \"$${\" for a plain \"${\"",
            Assert.Single(_problems).ToString()
        );
    }

    [Fact]
    public void A_text_can_not_grow_without_bound()
    {
        var filled = Fill(string.Concat(Enumerable.Repeat("${LONG}", 100_000)));

        Assert.Null(filled);
        Assert.Equal("longer than 1,048,576 characters once \"${…}\" is filled in", Assert.Single(_problems).Message);
    }

    private string? Fill(string text) =>
        Scalars.Interpolated(
            new YamlText(new Place("f.yml", 2, 3), text, IsQuoted: false),
            new ReadingContext(_problems, "shop", Environment, "/home/user")
        );

    private static string? Environment(string name) =>
        name switch
        {
            "A" => "1",
            "B_2" => "${A}",
            "EMPTY" => "",
            "LONG" => new string('x', 10_000),
            _ => null,
        };
}
