using System.Text;
using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Deployments;

public sealed class GateDecisionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_long_reason_is_cut_between_two_characters(int before)
    {
        var reason = new string('a', before) + string.Concat(Enumerable.Repeat("😀", GateDecision.LongestReason));

        var kept = GateDecision.Of("anna", "127.0.0.1", DateTimeOffset.UnixEpoch, reason).Reason!;

        Assert.InRange(kept.Length, GateDecision.LongestReason - 1, GateDecision.LongestReason);
        Assert.StartsWith(kept, reason, StringComparison.Ordinal);
        Assert.DoesNotContain(Rune.ReplacementChar, kept.EnumerateRunes());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a hotfix")]
    public void A_short_one_stays(string? reason) =>
        Assert.Equal(reason, GateDecision.Of("anna", address: null, DateTimeOffset.UnixEpoch, reason).Reason);
}
