using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

public sealed class ScalarsTests
{
    [Theory]
    [InlineData("0B", 0)]
    [InlineData("1KiB", 1_024)]
    [InlineData("25MiB", 26_214_400)]
    [InlineData("2GiB", 2_147_483_648)]
    [InlineData("007B", 7)]
    [InlineData("8589934591GiB", 9_223_372_035_781_033_984)]
    public void A_size_is_a_whole_number_and_a_unit(string text, long expected)
    {
        var isSize = Scalars.TrySize(text, out var bytes);

        Assert.True(isSize);
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("B")]
    [InlineData("1 MiB")]
    [InlineData(" 1MiB")]
    [InlineData("1MiB ")]
    [InlineData("1mib")]
    [InlineData("1MB")]
    [InlineData("1.5MiB")]
    [InlineData("-1B")]
    [InlineData("+1B")]
    [InlineData("1,000B")]
    [InlineData("٣B")]
    [InlineData("8589934592GiB")]
    [InlineData("9223372036854775808B")]
    public void Anything_else_is_no_size(string text)
    {
        var isSize = Scalars.TrySize(text, out var bytes);

        Assert.False(isSize);
        Assert.Equal(0, bytes);
    }

    [Theory]
    [InlineData(true, "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")]
    [InlineData(false, "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")]
    public void A_boolean_has_the_spellings_of_PyYAML(bool expected, params string[] spellings)
    {
        foreach (var spelling in spellings)
        {
            Assert.True(Scalars.TryBoolean(spelling, out var value));
            Assert.Equal(expected, value);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("y")]
    [InlineData("n")]
    [InlineData("yEs")]
    [InlineData("1")]
    [InlineData("0")]
    [InlineData(" true")]
    public void Anything_else_is_no_boolean(string text) => Assert.False(Scalars.TryBoolean(text, out _));
}
