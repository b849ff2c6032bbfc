using System.Text;
using CsCheck;
using ThinDeployer.Notifications;
using ThinDeployer.Tests.Notifications.Kinds;

namespace ThinDeployer.Tests.Notifications;

public sealed class LimitedTextTests
{
    [Fact]
    public void Nothing_grows_beyond_the_limit_or_is_cut_within_a_character() =>
        Gen.Select(Sample.Hostile, Sample.Hostile, Gen.Int[0, 60])
            .Sample(
                (first, second, limit) =>
                {
                    var text = LimitedText
                        .OfBytes(limit)
                        .Add(PlainText.Of(first), part => $"<{part.Replace("&", "&amp;", StringComparison.Ordinal)}>");
                    var head = text.ToString();
                    var whole = text.AddEnd(PlainText.Of(second), part => part).ToString();

                    return Encoding.UTF8.GetByteCount(whole) <= limit
                        && whole == PlainText.Of(whole)
                        && (head.Length == 0 || (head.StartsWith('<') && head.EndsWith('>')));
                },
                iter: 3_000
            );

    [Fact]
    public void A_text_that_fits_is_whole() =>
        Assert.Equal(
            "[abc]def",
            LimitedText.OfCharacters(8).Add("abc", part => $"[{part}]").AddEnd("def", part => part).ToString()
        );

    [Fact]
    public void The_beginning_of_a_text_and_the_end_of_an_output_stay() =>
        Assert.Equal(
            "[ab…]…9",
            LimitedText.OfCharacters(5).Add("abcdef", part => $"[{part}]").ToString()
                + LimitedText.OfCharacters(2).AddEnd("123456789", part => part)
        );

    [Theory]
    [InlineData("a\u001b[31mb\r\nc\u0000", "a[31mb\nc")]
    [InlineData("a\u202eb\u2028c", "ab\nc")]
    [InlineData("\tkept\n", "\tkept\n")]
    public void A_plain_text_steers_nothing(string text, string expected) => Assert.Equal(expected, PlainText.Of(text));

    [Fact]
    public void Half_a_character_can_not_be_shown() => Assert.Equal("a\ufffdb", PlainText.Of("a" + '\ud83d' + "b"));
}
