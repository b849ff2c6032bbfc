using ThinDeployer.Notifications;

namespace ThinDeployer.Tests.Notifications;

public sealed class NotificationMessageTests
{
    [Theory]
    [InlineData(true, "\"shop\" deployment finished successfully: \n\nall &lt;good&gt; &amp; well\n\n")]
    [InlineData(false, "\"shop\" deployment finished with a failure: \n\nall &lt;good&gt; &amp; well\n\n")]
    public void The_text_is_the_one_of_the_original_with_slacks_markup_escaped(bool succeeded, string text)
    {
        var message = NotificationMessage.Of(
            "shop",
            succeeded,
            failedHook: null,
            "all <good> & well",
            isCut: false,
            channel: null
        );

        Assert.Equal(text, message.Text);
    }

    [Fact]
    public void A_cut_is_told()
    {
        var message = NotificationMessage.Of(
            "shop",
            succeeded: true,
            failedHook: null,
            "the end",
            isCut: true,
            channel: null
        );

        Assert.Equal(
            "\"shop\" deployment finished successfully: \n\n[… only the last 7 characters …]\nthe end\n\n",
            message.Text
        );
    }
}
