using System.Text;
using CsCheck;
using ThinDeployer.Lines;
using ThinDeployer.Output;

namespace ThinDeployer.Tests.Lines;

/// <summary>Whatever a program prints, however it grows, and wherever it is cut.</summary>
public sealed class HostileOutputTests
{
    private static readonly string[] Fragments =
    [
        "\n",
        "\r",
        "\r\n",
        "\e",
        "\e[",
        "\e[1",
        ";31",
        "m",
        "\e[0m",
        "\e[38;2;1;2;3m",
        "\e[38:5:",
        "\e]0;",
        "\e]8;;http://x\e\\",
        "\e\\",
        "\a",
        "\eP",
        "\e_",
        "\e(",
        "\u0018",
        "\b",
        "\0",
        "\t",
        "\u007f",
        "\u009b1m",
        "\u202e",
        "\u200d",
        "é",
        "日",
        "😀",
        "a",
        "word ",
        "https://example.com/(a).",
        "<img src=x onerror=alert(1)>",
    ];

    private static readonly Gen<byte[]> Piece = Gen.Frequency(
        (20, Gen.Int[0, Fragments.Length - 1].Select(i => Encoding.UTF8.GetBytes(Fragments[i]))),
        (2, Gen.Byte.Array[0, 6]),
        (1, Gen.Int[1, 300].Select(i => Encoding.UTF8.GetBytes(new string('x', i))))
    );

    private static readonly Gen<byte[]> Output = Piece
        .Array[0, 60]
        .Select(pieces => pieces.SelectMany(_ => _).ToArray());

    /// <summary>Some lines are too long to be read at once.</summary>
    private static readonly Gen<byte[]> LongOutput =
        from pieces in Gen.Select(Piece.Array[1, 8], Gen.Frequency((3, Gen.Int[1, 3]), (1, Gen.Int[1, 2_000]))).Array[
            1,
            6
        ]
        select pieces
            .SelectMany(piece => Enumerable.Repeat(piece.Item1.SelectMany(_ => _), piece.Item2))
            .SelectMany(_ => _)
            .ToArray();

    [Fact]
    public void Whatever_it_is_no_control_character_is_shown()
    {
        Output.Sample(bytes =>
        {
            var output = Sight.Of(bytes);

            var shown = string.Concat(Sight.Texts(output));

            Assert.DoesNotContain(
                shown.EnumerateRunes(),
                rune => UnseenCharacter.Is(rune) && !UnseenCharacter.IsJoiner(rune)
            );
        });
    }

    [Fact]
    public void An_index_of_what_grew_in_pieces_is_that_of_the_whole()
    {
        Gen.Select(Output, Gen.Int[0, 400].Array[0, 6], Gen.Int[1, 40])
            .Sample(
                (bytes, cuts, spacing) =>
                {
                    var index = new LineIndex(spacing);
                    foreach (var cut in cuts.Select(cut => Math.Min(cut, bytes.Length)))
                    {
                        // Now and then it is also shorter than before, as for one who looked earlier and comes later.
                        index.UpTo(OutputContent.Of(bytes.AsMemory(0, cut)), isComplete: false, default);
                    }

                    var output = index.UpTo(OutputContent.Of(bytes), isComplete: true, default);

                    IsAsInOnePass(bytes, output);
                }
            );
    }

    [Fact]
    public void Long_lines_are_shown_as_short_ones()
    {
        LongOutput.Sample(bytes => IsAsInOnePass(bytes, Sight.Of(bytes)), iter: 50);
    }

    [Fact]
    public void A_middle_may_be_cut_out_at_any_time()
    {
        var shape = Gen.Select(Gen.Int[0, 90], Gen.Int[0, 40], Gen.Int[0, 60], Gen.Int[0, 60]);
        Gen.Select(Output, shape.Array[1, 6])
            .Sample(
                (bytes, shapes) =>
                {
                    var index = new LineIndex(firstSpacing: 8);
                    foreach (var (first, gap, second, third) in shapes)
                    {
                        var content = new OutputContent([
                            Part(bytes, 0, first),
                            Part(bytes, first + gap, second),
                            Part(bytes, first + gap + second, third),
                        ]);

                        var output = index.UpTo(content, isComplete: false, default);

                        IsAsInOnePass(Joined(content), output, content);
                    }
                }
            );
    }

    [Fact]
    public void What_is_shown_is_found()
    {
        Gen.Select(Gen.OneOf(Output, LongOutput), Gen.Int[0, 1_000], Gen.Int[1, 4])
            .Sample(
                (bytes, at, length) =>
                {
                    var output = Sight.Of(bytes);
                    var lines = Sight.Read(output);
                    if (lines.Count == 0)
                    {
                        return;
                    }

                    var line = lines[at % lines.Count];
                    var text = Sight.Text(line);
                    var start = text.Length == 0 ? 0 : at % text.Length;
                    var wanted = text[start..Math.Min(text.Length, start + length)];
                    // What is hidden may be written over what is shown.
                    if (wanted.Length == 0 || wanted.Any(char.IsSurrogate) || line.HiddenBytes > 0)
                    {
                        return;
                    }

                    var (found, _) = new LineSearch(output, wanted).From(1, default);

                    var expected = lines.Where(one =>
                        one.HiddenBytes > 0 || Sight.Text(one).Contains(wanted, StringComparison.OrdinalIgnoreCase)
                    );
                    Assert.Contains(line.Number, found);
                    Assert.Subset(expected.Select(one => one.Number).ToHashSet(), found.ToHashSet());
                },
                iter: 60
            );
    }

    /// <summary>Each line alone, by one pass over all before it.</summary>
    private static void IsAsInOnePass(byte[] bytes, IndexedOutput output, OutputContent? content = null)
    {
        content ??= OutputContent.Of(bytes);
        var lines = Sight.Read(output);
        var cursor = new LineCursor(Checkpoint.Start);
        var rest = bytes.AsSpan();
        var number = 0;
        while (!rest.IsEmpty)
        {
            var length = rest.IndexOf((byte)'\n');
            var line = length < 0 ? rest : rest[..length];
            var (start, end) = VisiblePart.Of(line);
            var at = cursor;
            at.Pass(line[..start]);
            var isWhole = end - start <= LineReader.MostOfLine;
            var visible = isWhole ? line[start..end] : line.Slice(start, LineReader.MostOfLine);
            var tokens = new LineTokens(visible, isWhole, default, at.Place.Style);
            var painter = new LinePainter();
            painter.Paint(ref tokens);

            Assert.Equal(painter.Pieces(isWhole), lines[number].Pieces);
            Assert.Equal(end, lines[number].Next + lines[number].HiddenBytes);
            if (Whole(content, cursor.Position) is { } position)
            {
                Assert.Equal(number + 1, output.LineOf(position));
            }

            number++;
            cursor.Pass(length < 0 ? rest : rest[..(length + 1)]);
            rest = rest[(length < 0 ? rest.Length : length + 1)..];
        }

        Assert.Equal(number, output.Total);
    }

    /// <summary>The position in the whole output of a byte without gaps; null for one of the line of a gap.</summary>
    private static long? Whole(OutputContent content, long joined)
    {
        var parts = content.Joined().Parts.Zip(OriginsOf(content));
        var (part, origin) = parts.LastOrDefault(pair => pair.First.Start <= joined);
        return part is null ? 0
            : origin.IsGap ? null
            : origin.Start + joined - part.Start;
    }

    private static IEnumerable<(long Start, bool IsGap)> OriginsOf(OutputContent content)
    {
        var end = 0L;
        foreach (var part in content.Parts)
        {
            if (part.Start > end)
            {
                yield return (end, true);
            }

            yield return (part.Start, false);
            end = part.End;
        }
    }

    private static OutputPart.InMemory Part(byte[] bytes, int start, int length) =>
        new(start, bytes.AsMemory(Math.Min(start, bytes.Length), Math.Clamp(bytes.Length - start, 0, length)));

    private static byte[] Joined(OutputContent content) =>
        [.. content.Joined().Parts.Cast<OutputPart.InMemory>().SelectMany(part => part.Bytes.ToArray())];
}
