using System.Text;
using ThinDeployer.Lines;
using ThinDeployer.Output;

namespace ThinDeployer.Tests.Lines;

public sealed class LineIndexTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a\n", 1)]
    [InlineData("\n", 1)]
    [InlineData("a\nb", 2)]
    [InlineData("\n\n", 2)]
    public void An_unfinished_line_counts_if_it_has_a_byte(string output, long total)
    {
        Assert.Equal(total, Sight.Of(output).Total);
    }

    [Fact]
    public void A_place_of_the_whole_output_has_a_line_though_the_middle_is_cut_out()
    {
        var output = new LineIndex().UpTo(
            new OutputContent([
                new OutputPart.InMemory(0, "one\ntwo\nthr"u8.ToArray()),
                new OutputPart.InMemory(100, "ee\nfour\nfive"u8.ToArray()),
            ]),
            isComplete: true,
            default
        );

        Assert.Equal(
            ["one", "two", "thr", "[… 89 bytes of output left out here …]", "ee", "four", "five"],
            Sight.Texts(output)
        );
        Assert.Equal([1, 2, 3, 4, 4, 5, 6, 7], new long[] { 0, 4, 10, 11, 99, 101, 103, 999 }.Select(output.LineOf));
    }

    [Fact]
    public void What_is_cut_out_while_an_output_grows_is_counted_anew()
    {
        var index = new LineIndex();
        var first = Part(0, "a\n", 50);
        Assert.Equal(150, Of(first, Part(100, "b\n", 50), Part(200, "c\n", 50)).Total);

        var later = Of(first, Part(200, "c\n", 50), Part(300, "d\n", 20));
        var last = Of(first, Part(201, "\nc", 40), Part(300, "d\n", 50));

        Assert.Equal(50 + 2 + 50 + 20, later.Total);
        Assert.Equal("c", Sight.Text(new LineReader(later).Read(102, 1)[0]));
        Assert.Equal(50 + 2 + 40 + 2 + 50, last.Total);

        IndexedOutput Of(params OutputPart[] parts) => index.UpTo(new OutputContent(parts), isComplete: false, default);
    }

    /// <summary>Where a full disk keeps the end from being told, the line that says so takes the place of the last bytes.</summary>
    [Fact]
    public void The_last_bytes_may_be_others_at_the_end()
    {
        var index = new LineIndex();
        Assert.Equal(1, index.UpTo(OutputContent.Of("12345678"), isComplete: false, default).Total);

        var ended = index.UpTo(OutputContent.Of("1234\nab\n"), isComplete: true, default);

        Assert.Equal(["1234", "ab"], Sight.Texts(ended));
    }

    [Fact]
    public void A_file_that_is_gone_has_no_lines()
    {
        var gone = new OutputPart.InFile(2, Path.Join(Path.GetTempPath(), "thin-deployer-none"), 0, 10);
        var content = new OutputContent([new OutputPart.InMemory(0, "a\n"u8.ToArray()), gone]);

        var output = new LineIndex().UpTo(content, isComplete: true, default);

        Assert.Equal(["a"], Sight.Texts(output));
        Assert.Equal(2, output.LineOf(8));
    }

    [Fact]
    public void However_long_an_output_is_its_index_stays_small()
    {
        var index = new LineIndex(firstSpacing: 1);
        var output = index.UpTo(
            OutputContent.Of(string.Concat(Enumerable.Range(1, 50_000).Select(i => $"{i}\n"))),
            isComplete: true,
            default
        );

        Assert.InRange(index.Places, 2, Checkpoints.Most);
        Assert.All(
            Enumerable.Range(1, 500).Select(i => i * 100L),
            number => Assert.Equal($"{number}", Sight.Text(new LineReader(output).Read(number, 1)[0]))
        );
    }

    [Fact]
    public void Only_the_outputs_that_were_looked_at_last_are_remembered()
    {
        var lines = new OutputLines();

        var totals = Enumerable
            .Range(0, OutputLines.MostOutputs * 3)
            .Select(i => lines.Of($"{i % 100}", OutputContent.Of("a\nb"), isComplete: true, default).Total);

        Assert.All(totals, total => Assert.Equal(2, total));
    }

    /// <summary>On a slow disk.</summary>
    [Fact]
    public async Task Who_reads_what_is_new_keeps_nobody_waiting_who_looks_at_what_is_known()
    {
        using var goesOn = new ManualResetEventSlim();
        using var reads = new ManualResetEventSlim();
        var index = new LineIndex();
        var known = Part(0, "a\n", 50);
        _ = Of(known);
        var first = Task.Run(() => Of(known, new SlowPart(known.End, "b\n"u8.ToArray(), reads, goesOn)));
        reads.Wait(TimeSpan.FromSeconds(30));

        var second = await Task.Run(() => Of(known)).WaitAsync(TimeSpan.FromSeconds(30));
        goesOn.Set();

        Assert.Equal(50, second.Total);
        Assert.Equal(51, (await first).Total);
        Assert.Equal(51, Of(known, Part(100, "b\n", 1)).Total);

        IndexedOutput Of(params OutputPart[] parts) => index.UpTo(new OutputContent(parts), isComplete: false, default);
    }

    [Fact]
    public async Task Many_may_look_at_once_and_each_sees_its_own()
    {
        var index = new LineIndex(firstSpacing: 64);

        var looks = await Task.WhenAll(
            Enumerable.Range(1, 64).Select(i => Task.Run(() => (i, Total: LinesOf(index, i * 4_000))))
        );

        Assert.All(looks, look => Assert.Equal(look.i * 4_000, look.Total));

        // Half of them see another middle.
        static long LinesOf(LineIndex index, int count)
        {
            var output = index.UpTo(
                new OutputContent([Part(count % 8_000, $"{count % 8_000:D7}\n", 1), Part(8_008, "abcdefg\n", count)]),
                isComplete: false,
                default
            );
            var gap = count % 8_000 == 0 ? 2 : 4;
            Assert.Equal("abcdefg", Sight.Text(new LineReader(output).Read(output.Total, 1)[0]));
            return output.Total - 1 - gap;
        }
    }

    [Fact]
    public void Lines_tell_where_they_begin()
    {
        string[] texts = ["a", new('x', 100_000), "\e[31mb\rc", "", "d"];
        var output = Sight.Of(string.Concat(texts.Select(text => text + "\n")));

        var lines = Sight.Read(output);

        Assert.Equal([0, 2, 100_003, 100_012, 100_013], lines.Select(output.PositionOf));
        Assert.Equal(2, output.PositionOf(new LineReader(output).ReadRest(2, lines[1].Next)));
    }

    [Fact]
    public void Each_line_belongs_to_a_step()
    {
        var output = Sight.Of(" # started\n > one\n\n > two\n > three\nend\n");
        long start = " # started\n".Length;

        var ranges = LineRange.OfSteps(output, [start, start + 8, null, start + 15]);

        Assert.Equal([new(1, 3), new(4, 4), new(5, 4), new LineRange(5, 6)], ranges);
        Assert.Equal([new LineRange(1, 6)], LineRange.OfSteps(output, [start]));
        Assert.Equal([new LineRange(7, 6)], LineRange.OfSteps(output, [null]));
    }

    private static OutputPart.InMemory Part(long start, string text, int times) =>
        new(start, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, times))));

    /// <summary>Tells when it is read, and waits.</summary>
    private sealed record SlowPart(long Start, byte[] Bytes, ManualResetEventSlim Reads, ManualResetEventSlim GoesOn)
        : OutputPart(Start)
    {
        internal override long Length => Bytes.Length;

        internal override int Read(Microsoft.Win32.SafeHandles.SafeFileHandle? file, long position, Span<byte> into)
        {
            Reads.Set();
            GoesOn.Wait(TimeSpan.FromSeconds(60));
            Bytes.AsSpan((int)(position - Start)).CopyTo(into);
            return Bytes.Length - (int)(position - Start);
        }
    }
}
