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
            summary: null,
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
            summary: null,
            "the end",
            isCut: true,
            channel: null
        );

        Assert.Equal(
            "\"shop\" deployment finished successfully: \n\n[… only the last 7 characters …]\nthe end\n\n",
            message.Text
        );
    }

    [Fact]
    public void What_the_steps_wrote_stands_first_and_escaped()
    {
        Assert.Equal(
            "\"shop\" deployment finished successfully: \n\nreleased &lt;1.2&gt;\n\ndone\n\n",
            Summarized("released <1.2>\n")
        );
    }

    [Fact]
    public void A_long_summary_is_cut_between_characters()
    {
        Assert.Equal(
            $"\"shop\" deployment finished successfully: \n\n{new string('a', 299)}…\n\ndone\n\n",
            Summarized(new string('a', 299) + "😀 and more")
        );
    }

    private static string Summarized(string summary) =>
        NotificationMessage
            .Of("shop", succeeded: true, failedHook: null, summary, "done", isCut: false, channel: null)
            .Text;
}
