using ThinDeployer.Notifications;

namespace ThinDeployer.Tests.Notifications;

public sealed class NotificationMessageTests
{
    [Theory]
    [InlineData(true, "\"shop\" deployment finished successfully: \n\nall <good> & well\n\n")]
    [InlineData(false, "\"shop\" deployment finished with a failure: \n\nall <good> & well\n\n")]
    public void The_text_is_the_one_of_the_original_with_slacks_markup_escaped(bool succeeded, string text)
    {
        var message = NotificationMessage.Of("shop", succeeded, "all <good> & well", channel: null);

        var escaped = text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
        Assert.Equal(escaped, message.Text);
    }

    [Theory]
    [InlineData(12_000, 0)]
    [InlineData(12_001, 1)]
    [InlineData(50_000, 38_000)]
    public void Of_a_long_output_the_end_is_sent_and_the_cut_is_told(int length, int cut)
    {
        var output = new string('x', length - 3) + "end";

        var text = NotificationMessage.Of("shop", succeeded: true, output, channel: null).Text;

        var said = cut > 0 ? $"[… the first {cut} characters are left out …]\n" : "";
        Assert.Equal($"\"shop\" deployment finished successfully: \n\n{said}{output[cut..]}\n\n", text);
    }

    [Fact]
    public void A_character_of_two_units_is_not_cut_in_half()
    {
        var output = "😀" + new string('x', NotificationMessage.MaximumCharacters - 1);

        var text = NotificationMessage.Of("shop", succeeded: true, output, channel: null).Text;

        Assert.DoesNotContain(text, char.IsSurrogate);
    }
}
