using ThinDeployer.Deployments;
using ThinDeployer.Notifications;
using ThinDeployer.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications.Kinds;

public sealed class SeedKindTests
{
    private static readonly SeedKind Kind = new();

    [Theory]
    [InlineData("succeeded", null, true, "successfully")]
    [InlineData("succeeded", "on_success", false, "successfully, but its on_success did not succeed")]
    [InlineData("timed_out", null, false, "with a failure")]
    [InlineData("failed", "on_failure", true, "with a failure")]
    [InlineData("failed", "on_failure", false, "with a failure, and its rollback (on_failure) did not succeed")]
    public void The_text_is_that_of_the_original(string status, string? hook, bool isHookGood, string end)
    {
        var news = Sample.News with
        {
            Status = DeploymentStatuses.Parse(status)!.Value,
            Hook = hook,
            IsHookGood = isHookGood,
            Summary = null,
            Output = "a & b\n",
        };

        var message = Sample.Json(Kind, news);

        Assert.Equal(
            $"\"shop\" deployment finished {end}: \n\na &amp; b\n\n\n",
            message.GetProperty("text").GetString()
        );
        Assert.Equal("-100", message.GetProperty("channel").GetString());
    }

    [Fact]
    public void Only_the_end_of_a_long_output_is_sent()
    {
        var output = "😀" + new string('a', NotificationMessage.MaximumCharacters - 1);

        var text = Sample.Json(Kind, Sample.News with { Output = output }).GetProperty("text").GetString();

        Assert.Contains("[… only the last 11999 characters …]\naaa", text, StringComparison.Ordinal);
    }
}
