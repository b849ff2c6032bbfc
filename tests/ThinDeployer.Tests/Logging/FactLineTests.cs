using ThinDeployer.Logging;

namespace ThinDeployer.Tests.Logging;

public sealed class FactLineTests
{
    private const string Pattern = "{Method} {Status}[ ({Reason})][ by {Who}] for {Address}";

    [Theory]
    [InlineData(null, null, "GET 403 for ::1")]
    [InlineData("token_mismatch", null, "GET 403 (token_mismatch) for ::1")]
    [InlineData(null, "ci", "GET 403 by ci for ::1")]
    [InlineData("a", "b", "GET 403 (a) by b for ::1")]
    [InlineData("[{Method}]", "{Who}]", "GET 403 ([{Method}]) by {Who}] for ::1")]
    public void What_is_not_known_is_left_out_and_values_are_not_patterns(string? reason, string? who, string expected)
    {
        var line = new FactLine(
            Pattern,
            new("Method", "GET"),
            new("Status", 403),
            new("Reason", reason),
            new("Who", who),
            new("Address", "::1"),
            new("More", 1)
        );

        Assert.Equal(expected, line.ToString());
        Assert.Contains(line, fact => fact.Key == "More");
        Assert.DoesNotContain(line, fact => fact.Value is null);
    }
}
