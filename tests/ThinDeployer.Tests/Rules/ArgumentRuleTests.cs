using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class ArgumentRuleTests
{
    [Theory]
    [InlineData("x", 4096, true)]
    [InlineData("x", 4097, false)]
    [InlineData("€", 1365, true)]
    [InlineData("€", 1366, false)]
    [InlineData("😀", 1024, true)]
    [InlineData("😀", 1025, false)]
    public void The_length_of_a_value_is_counted_in_bytes(string character, int times, bool isTaken)
    {
        var value = string.Concat(Enumerable.Repeat(character, times));

        Assert.Equal(isTaken, ArgumentRule.Fault(value, allowsDash: false) is null);
    }

    [Theory]
    [InlineData("-x", false)]
    [InlineData("a\0b", true)]
    public void What_may_never_be_is_refused_whatever_is_declared(string value, bool allowsDash) =>
        Assert.NotNull(ArgumentRule.Fault(value, allowsDash));

    [Fact]
    public void What_a_request_gives_may_not_begin_with_a_dash_and_is_named_without_its_value()
    {
        Assert.Equal("The argument \"tag\" must not begin with \"-\"", ArgumentRule.Complaint("tag", "-secret"));
        Assert.Null(ArgumentRule.Complaint("tag", "v1-"));
    }

    /// <summary>No attribute can hold it.</summary>
    [Fact]
    public void Half_a_character_is_refused() => Assert.NotNull(ArgumentRule.Fault("a\ud83d", allowsDash: true));
}
