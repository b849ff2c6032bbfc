using System.Text;
using CsCheck;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Security;

public sealed class SecretMaskTests
{
    /// <summary>Of few letters, so that they overlap, repeat and hold each other.</summary>
    private static readonly Gen<string[]> Secrets = Gen.Char["ab"]
        .Array[8, 14]
        .Select(characters => new string(characters))
        .Array[1, 5];

    private static readonly Gen<string> Noise = Gen.Char["abc\n"].Array[0, 12].Select(all => new string(all));

    /// <summary>Noise, secrets, and parts of them, as they come.</summary>
    private static readonly Gen<(string[] Secrets, string Text, int[] Cuts)> Sample =
        from secrets in Secrets
        from pieces in Gen.Select(
            Gen.Int[0, secrets.Length - 1].Select(index => secrets[index]),
            Noise,
            Gen.Int[0, 14]
        ).Array[0, 12]
        from cuts in Gen.Int[0, 200].Array[0, 12]
        select (
            secrets,
            string.Concat(
                pieces.Select(piece => piece.Item2 + piece.Item1[..Math.Min(piece.Item3, piece.Item1.Length)])
            ),
            cuts
        );

    [Fact]
    public void However_an_output_is_cut_it_is_masked_as_the_whole_and_holds_no_secret() =>
        Sample.Sample(
            sample =>
            {
                var masked = Run(sample.Secrets, Cut(sample.Text, sample.Cuts));

                return masked == Expected(sample.Secrets, sample.Text)
                    && !sample.Secrets.Any(secret => masked.Contains(secret, StringComparison.Ordinal));
            },
            iter: 10_000
        );

    [Fact]
    public void Only_what_may_still_become_a_secret_is_held_back() =>
        Sample.Sample(
            sample =>
            {
                var output = new MaskedOutput(MaskOf(sample.Secrets));
                var shown = "";
                return Enumerable
                    .Range(1, sample.Text.Length)
                    .All(end =>
                    {
                        var soFar = sample.Text[..end];
                        shown += Text(output.Pass(Encoding.UTF8.GetBytes(soFar[^1..])));
                        return shown == Expected(sample.Secrets, soFar, end - Open(sample.Secrets, soFar));
                    });
            },
            iter: 2_000
        );

    [Theory]
    [InlineData("a-secret-word", "say a-secret-word twice: a-secret-worda-secret-word", "say *** twice: ******")]
    [InlineData("abcdefgh|abcdefghijkl", "abcdefgh abcdefghijkl abcdefghijk", "*** *** ***ijk")]
    [InlineData("abcdefghij|ghijklmnop", "abcdefghijklmnop", "***")]
    [InlineData("aaaaaaaa", "aaaaaaaaaaaa b", "*** b")]
    [InlineData("żółty-żółw", "a żółty-żółw!", "a ***!")]
    [InlineData(
        "of several\nlines here\n\n  indented one",
        "of several\r\nlines here\r\nindented one",
        "***\r\n***\r\n***"
    )]
    [InlineData("  with blanks ", "with blanks, [  with blanks ]", "***, [  *** ]")]
    [InlineData("seven77", "seven77", "seven77")]
    [InlineData("seven77\nlong enough", "seven77 long enough", "seven77 ***")]
    [InlineData("", "nothing to hide", "nothing to hide")]
    public void A_text_is_masked(string secrets, string text, string masked)
    {
        Assert.Equal(masked, MaskOf(secrets.Split('|')).Masked(text));
    }

    [Theory]
    [InlineData("12345678", false)]
    [InlineData("1234567", true)]
    [InlineData("żółw", true)]
    [InlineData("żółwik", false)]
    [InlineData("", true)]
    [InlineData("long enough\nshort", true)]
    [InlineData("long enough\n{x}", true)]
    [InlineData("{\n  long enough\n}\n", false)]
    public void What_is_too_short_to_be_masked_is_known(string secret, bool isPartlyShown)
    {
        Assert.Equal(isPartlyShown, new Secret(secret).IsPartlyShown);
    }

    [Fact]
    public void Bytes_of_no_text_are_shown_as_they_are()
    {
        var output = new MaskedOutput(MaskOf(["a-secret-word"]));

        var shown = output.Pass([0xFE, 0xFF, .. "a-secret-word"u8, 0xFF]).ToArray();

        Assert.Equal([0xFE, 0xFF, .. "***"u8, 0xFF], shown);
    }

    [Fact]
    public void What_was_held_back_comes_when_the_output_ends_and_begins_nothing_after()
    {
        var output = new MaskedOutput(MaskOf(["a-secret-word"]));

        Assert.Equal("see ", Text(output.Pass("see a-secret-"u8)));
        Assert.Equal("a-secret-", Text(output.End()));
        Assert.Equal("word", Text(output.Pass("word"u8)));
        Assert.Equal("", Text(output.End()));
    }

    [Fact]
    public void Without_secrets_the_bytes_go_through_as_they_are()
    {
        var bytes = "anything"u8;

        Assert.True(new MaskedOutput(SecretMask.Of([new Secret("short")])).Pass(bytes) == bytes);
    }

    [Fact]
    public void Neither_a_secret_nor_a_mask_tells_its_text()
    {
        Assert.Equal("***", new Secret("a-secret-word").ToString());
        Assert.Equal("***", MaskOf(["a-secret-word"]).ToString());
    }

    private static SecretMask MaskOf(IEnumerable<string> secrets) =>
        SecretMask.Of(secrets.Select(secret => new Secret(secret)));

    private static string Run(IEnumerable<string> secrets, IEnumerable<string> pieces)
    {
        var output = new MaskedOutput(MaskOf(secrets));
        var shown = new StringBuilder();
        foreach (var piece in pieces)
        {
            shown.Append(Text(output.Pass(Encoding.UTF8.GetBytes(piece))));
        }

        return shown.Append(Text(output.End())).ToString();
    }

    private static IEnumerable<string> Cut(string text, int[] at)
    {
        var from = 0;
        foreach (var to in at.Select(cut => Math.Min(cut, text.Length)).Order().Append(text.Length))
        {
            yield return text[from..to];
            from = to;
        }
    }

    /// <summary>Each byte that belongs to a secret is hidden; what overlaps is one.</summary>
    /// <param name="secrets">Of one byte a character, as the text.</param>
    /// <param name="text">All of it.</param>
    /// <param name="until">How much of it is shown; null for all.</param>
    private static string Expected(string[] secrets, string text, int? until = null)
    {
        var masked = new StringBuilder();
        var hiddenTo = 0;
        for (var i = 0; i < text.Length && i <= (until ?? text.Length); i++)
        {
            var here = secrets.Where(secret => text.AsSpan(i).StartsWith(secret)).Select(secret => secret.Length);
            if (here.DefaultIfEmpty().Max() is > 0 and var longest)
            {
                masked.Append(i >= hiddenTo ? "***" : "");
                hiddenTo = Math.Max(hiddenTo, i + longest);
            }

            if (i >= hiddenTo && i != until)
            {
                masked.Append(text[i]);
            }
        }

        return masked.ToString();
    }

    /// <summary>How much at the end of a text a secret begins with, but is not.</summary>
    private static int Open(string[] secrets, string text) =>
        Enumerable
            .Range(0, text.Length + 1)
            .Select(start => text[start..])
            .First(end =>
                secrets.Any(secret => secret.Length > end.Length && secret.StartsWith(end, StringComparison.Ordinal))
            )
            .Length;

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
