using ThinDeployer.Pages;

namespace ThinDeployer.Tests.Pages;

public sealed class ShownTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);

    [Theory]
    [InlineData("-00:00:05", "just now")]
    [InlineData("00:00:59", "just now")]
    [InlineData("00:01:00", "1 min ago")]
    [InlineData("00:59:59", "59 min ago")]
    [InlineData("01:00:00", "1 h ago")]
    [InlineData("23:59:59", "23 h ago")]
    [InlineData("1.00:00:00", "yesterday")]
    [InlineData("2.00:00:00", "2 days ago")]
    [InlineData("400.00:00:00", "400 days ago")]
    public void An_age_is_told_roughly(string ago, string text) =>
        Assert.Equal(
            text,
            Shown.Ago(Now - TimeSpan.Parse(ago, System.Globalization.CultureInfo.InvariantCulture), Now)
        );

    [Theory]
    [InlineData(4, "0.00 s")]
    [InlineData(420, "0.42 s")]
    [InlineData(1500, "1.5 s")]
    [InlineData(12_900, "12 s")]
    [InlineData(60_000, "1 min")]
    [InlineData(185_000, "3 min 5 s")]
    [InlineData(7_800_000, "2 h 10 min")]
    [InlineData(90_000_000, "1 d 1 h")]
    public void A_time_has_two_units_at_most(long milliseconds, string text) =>
        Assert.Equal(text, Shown.Span(milliseconds));

    [Theory]
    [InlineData("refs/heads/feature/x", "feature/x")]
    [InlineData("refs/tags/v1", "v1")]
    [InlineData("main", "main")]
    public void A_branch_is_told_without_what_all_begin_with(string written, string shown) =>
        Assert.Equal(shown, Shown.Ref(written));
}
