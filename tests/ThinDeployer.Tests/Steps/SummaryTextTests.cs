using System.Text;
using CsCheck;
using ThinDeployer.Security;
using ThinDeployer.Steps;

namespace ThinDeployer.Tests.Steps;

public sealed class SummaryTextTests
{
    private const string Secret = "a-secret-of-the-service";

    private static readonly SecretMask Secrets = SecretMask.Of([new Secret(Secret)]);

    [Theory]
    [InlineData("released 1.2\n", "released 1.2\n")]
    [InlineData("a\tb\r\n\u0000c\u001b[31md\u0007\u007f\u0085e", "a\tb\nc[31mde")]
    [InlineData($"with {Secret}.", "with ***.")]
    [InlineData("with a-secret\u0001-of-the-service.", "with ***.")]
    public void Control_characters_and_secrets_are_taken_out(string written, string shown)
    {
        Assert.Equal(shown, Shown(Encoding.UTF8.GetBytes(written)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\n")]
    [InlineData("\u0000\u0000\u001b")]
    public void Nothing_but_blanks_is_none(string written)
    {
        Assert.Null(Shown(Encoding.UTF8.GetBytes(written)));
    }

    [Fact]
    public void What_is_no_text_is_replaced()
    {
        Assert.Equal("a\uFFFDb\uFFFD", Shown([(byte)'a', 0xFF, (byte)'b', 0xC3]));
    }

    [Fact]
    public void Above_the_limit_it_is_cut_between_characters_and_says_how_much_is_missing()
    {
        var written = "x" + new string('ä', 40_000);

        Assert.Equal($"x{new string('ä', 32_767)}\n[… 14466 bytes left out here …]\n", Read(written));
    }

    [Fact]
    public void The_beginning_of_a_secret_at_the_cut_is_left_out_too()
    {
        var before = new string('x', SummaryText.MaximumBytes - 10);

        var shown = Read($"{before}{Secret} and more");

        Assert.Equal($"{before}\n[… 32 bytes left out here …]\n", shown);
    }

    [Fact]
    public void Replacements_of_what_is_no_text_count()
    {
        var shown = Shown([.. Enumerable.Repeat((byte)0xFF, 60_000)])!;

        Assert.Equal($"\n[… {60_000 - 21_845} bytes left out here …]\n", shown.TrimStart('\uFFFD'));
    }

    [Fact]
    public void What_a_rollback_adds_stands_on_a_line_of_its_own()
    {
        Assert.Equal("one\ntwo\n", SummaryText.Joined("one", "two\n"));
        Assert.Equal("one\ntwo", SummaryText.Joined("one\n", "two"));
        Assert.Equal("one", SummaryText.Joined("one", now: null));
        Assert.Null(SummaryText.Joined(before: null, now: null));
    }

    [Fact]
    public void What_a_rollback_adds_to_one_that_was_cut_is_counted_with_what_is_missing()
    {
        var cut = Read(new string('x', 70_000));

        Assert.Equal(
            $"{new string('x', SummaryText.MaximumBytes)}\n[… 4473 bytes left out here …]\n",
            SummaryText.Joined(cut, "went back")
        );
    }

    [Fact]
    public void A_rollback_that_was_cut_itself_says_all_that_is_missing()
    {
        var cut = Read(new string('x', 70_000));

        Assert.Equal(
            $"one\n{new string('x', SummaryText.MaximumBytes - 4)}\n[… 4468 bytes left out here …]\n",
            SummaryText.Joined("one", cut)
        );
    }

    [Fact]
    public void Whatever_is_written_it_is_short_text_without_control_characters()
    {
        Gen.Byte.Array[0, 200]
            .Select(Gen.Int[1, 1_000])
            .Sample(
                (piece, times) =>
                {
                    var written = Enumerable.Repeat(piece, times).SelectMany(bytes => bytes).ToArray();

                    var shown = Shown(written) ?? "";

                    return Encoding.UTF8.GetByteCount(shown) <= SummaryText.MaximumBytes + 100
                        && !shown.Any(one => char.IsControl(one) && one is not ('\n' or '\t'))
                        && !shown.EnumerateRunes().Any(one => one.Value is 0);
                }
            );
    }

    /// <summary>As it is read from a file that holds so much.</summary>
    private static string? Read(string written)
    {
        var bytes = Encoding.UTF8.GetBytes(written);
        return SummaryText.Of(bytes.AsSpan(0, SummaryText.MaximumBytes), bytes.Length, Secrets);
    }

    private static string? Shown(ReadOnlySpan<byte> bytes) => SummaryText.Of(bytes, bytes.Length, Secrets);
}
