using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

/// <summary>Masks as umask(1) takes them in octal.</summary>
public sealed class FileMaskTests
{
    [Theory]
    [InlineData("022", "022")]
    [InlineData("0022", "022")]
    [InlineData("0", "000")]
    [InlineData("77", "077")]
    [InlineData("777", "777")]
    [InlineData("0777", "777")]
    public void An_octal_number_is_one(string text, string written) =>
        Assert.Equal(written, FileMask.Written(Assert.NotNull(FileMask.Parse(text))));

    [Theory]
    [InlineData("")]
    [InlineData("028")]
    [InlineData("1000")]
    [InlineData("00022")]
    [InlineData("-22")]
    [InlineData("0o22")]
    [InlineData("u=rwx,g=rx")]
    [InlineData("022 ")]
    [InlineData("０２２")]
    public void Anything_else_is_none(string text) => Assert.Null(FileMask.Parse(text));

    [Theory]
    [InlineData("umask: u=rwx", "\"umask\" must be an octal mask for the modes of files, such as 022 or 027")]
    [InlineData("umask: [022]", "\"umask\" must be a text, not a list")]
    public void A_mistake_says_what_would_be_right(string yaml, string told)
    {
        var problems = new Problems();
        var map = (YamlMap)YamlFile.Parse("file.yml", yaml, new NodeBudget(), problems)!;

        var mask = new MapReader(map, new ReadingContext(problems, "shop", _ => null, "/")).FileMask("umask");

        Assert.Null(mask);
        Assert.EndsWith(told, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }
}
