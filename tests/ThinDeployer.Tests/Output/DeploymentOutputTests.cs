using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ThinDeployer.Deployments;
using ThinDeployer.Output;
using ThinDeployer.Security;

namespace ThinDeployer.Tests.Output;

public sealed class DeploymentLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thin-deployer-").FullName;
    private int _count;

    public void Dispose() => TemporaryFolder.Remove(_folder);

    [Fact]
    public void Without_output_of_a_step_there_is_no_file()
    {
        using var log = New(out _, maximumBytes: 100);

        log.WriteLine("started");
        log.WriteLine("ended");
        var summary = log.Finish();

        Assert.Equal(new OutputSummary(14, 0, Head: null, "started\nended\n"), summary);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_line_of_ours_ends_the_one_before()
    {
        using var log = New(out _, maximumBytes: 100);

        log.WriteLine("first");
        log.Write("no end"u8);
        log.WriteLine("second");
        log.Finish();

        Assert.Equal("first\nno end\nsecond\n", TextOf(log.Content));
    }

    [Theory]
    [InlineData("")]
    [InlineData("before\n")]
    public void What_comes_after_its_end_is_not_written(string before)
    {
        using var log = New(out _, maximumBytes: 100);
        log.Write(Encoding.UTF8.GetBytes(before));
        log.Finish();
        var files = Directory.GetFiles(_folder).Length;

        // A process that outlived even SIGKILL may still print.
        log.Write("late\n"u8);
        log.WriteLine("later");

        Assert.Equal(before, TextOf(log.Content));
        Assert.Equal(files, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void Up_to_the_limit_all_is_kept() =>
        Gen
            .Byte.Array[1, 20]
            .Array[1, 8]
            .Sample(chunks =>
            {
                using var log = New(out var files, maximumBytes: 200);
                Fill(log, chunks);
                var all = chunks.SelectMany(chunk => chunk).ToArray();

                var before = BytesOf(log.Content);
                var summary = log.Finish();

                return before.SequenceEqual(all)
                    && summary.CutBytes == 0
                    && BytesOf(log.Content).SequenceEqual(all)
                    && (
                        summary.Inline is { } inline
                            ? Encoding.UTF8.GetByteCount(inline)
                            : files.Content(head: null).End
                    ) == all.Length;
            });

    [Fact]
    public void Above_the_limit_the_head_and_the_end_are_kept_and_the_cut_is_counted() =>
        Gen.Char['a', 'z']
            .Array[1, 50]
            .Array[1, 8]
            .Where(chunks => chunks.Sum(chunk => chunk.Length) > 20)
            .Sample(chunks =>
            {
                var all = string.Concat(chunks.Select(chunk => new string(chunk)));
                using var log = New(out _, maximumBytes: 20);
                Fill(log, chunks.Select(chunk => Encoding.UTF8.GetBytes(chunk)));
                var summary = log.Finish();

                return summary == new OutputSummary(all.Length, all.Length - 20, Head: 10, Inline: null)
                    && TextOf(log.Content) == Cut(all);
            });

    [Fact]
    public void What_a_crash_leaves_becomes_one_file_too() =>
        Gen.Int[21, 200]
            .Sample(length =>
            {
                var all = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
                using var log = New(out var files, maximumBytes: 20);
                log.Write(Encoding.UTF8.GetBytes(all));

                var cut = files.JoinLeftovers();

                return cut == new OutputCut(length - 20, Head: 10) && TextOf(files.Content(cut.Head)) == Cut(all);
            });

    [Fact]
    public void A_character_is_never_cut_in_two() =>
        Gen.Int[0, 3]
            .Sample(shift =>
            {
                var all = new string('x', shift) + string.Concat(Enumerable.Repeat("€😀ü", 20));
                using var log = New(out _, maximumBytes: 40);
                log.Write(Encoding.UTF8.GetBytes(all));
                log.Finish();

                return !TextOf(log.Content).Contains('\uFFFD', StringComparison.Ordinal);
            });

    [Fact]
    public void Whatever_is_written_is_masked_and_positions_count_what_is_shown()
    {
        using var log = New(out _, maximumBytes: 100, "a-secret-word");

        log.WriteLine("> echo a-secret-word");
        log.Write("x a-secret"u8);
        var held = log.Length;
        log.Write("-word y a-sec"u8);
        var place = log.Mark(at => new StepMark(at, 1, Step));
        log.Write("ret-word"u8);
        var summary = log.Finish();

        Assert.Equal("> echo ***\nx *** y a-secret-word", TextOf(log.Content));
        Assert.Equal((13, 24, 32), (held, place, summary.TotalBytes));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    [InlineData(1_000, true)]
    public void The_tail_of_a_log_is_text_and_says_whether_anything_stands_before(int length, bool isCut)
    {
        var all = new string('x', length - 3) + "end";
        using var log = New(out _, maximumBytes: 10_000);
        log.Write(Encoding.UTF8.GetBytes(all));

        Assert.Equal((all[^10..], isCut), OutputReader.Tail(log.Content, 10));
        Assert.Equal((all[^10..], isCut), OutputReader.Tail(OutputContent.Of(all), 10));
    }

    [Fact]
    public void What_goes_on_after_its_end_has_times_of_both_and_counts_what_was_cut_out()
    {
        var time = new FakeTimeProvider();
        using var log = New(out var files, maximumBytes: 20);
        log.NoteTimes(time, TimeSpan.Zero);
        log.Write("begins\n"u8);
        time.Advance(TimeSpan.FromSeconds(1));
        log.Write(Encoding.UTF8.GetBytes(new string('x', 1_000)));
        var ended = log.Finish();

        using var more = DeploymentOutput.Continue(files, maximumBytes: 1_000, SecretMask.Nothing, ended, "shop");
        more.NoteTimes(time, TimeSpan.FromMinutes(1));
        more.WriteLine("went back");
        var times = OutputTimes.Decode(more.Finish().Times);

        Assert.Equal(TimeSpan.Zero, times.At(6));
        Assert.Equal(TimeSpan.FromSeconds(1), times.At(1_006));
        Assert.Equal(TimeSpan.FromMinutes(1), times.At(more.Content.End - 1));
        Assert.Equal(1_007 + "\nwent back\n".Length, more.Content.End);
        Assert.Equal([0, 7, 1_007], times.Marks.ToArray().Select(mark => mark.Position));
    }

    private static string Cut(string all) =>
        $"{all[..10]}\n[… {all.Length - 20} bytes of output left out here …]\n{all[^10..]}";

    private static StepResult Step { get; } =
        new("true", DeploymentStatus.Running, ExitCode: null, 1, Message: null, default, Duration: null);

    private DeploymentOutput New(out OutputFiles files, long maximumBytes, params string[] secrets)
    {
        files = new OutputFiles(
            new OutputStore(_folder, TimeProvider.System),
            $"log{Interlocked.Increment(ref _count)}"
        );
        return new DeploymentOutput(files, maximumBytes, SecretMask.Of(secrets.Select(secret => new Secret(secret))));
    }

    private static void Fill(DeploymentOutput log, IEnumerable<byte[]> chunks)
    {
        foreach (var chunk in chunks)
        {
            log.Write(chunk);
        }
    }

    private static byte[] BytesOf(OutputContent content) =>
        [
            .. content
                .Joined()
                .Parts.SelectMany(part =>
                {
                    var bytes = new byte[part.Length];
                    Assert.Equal(bytes.Length, part.Read(part.Start, bytes));
                    return bytes;
                }),
        ];

    private static string TextOf(OutputContent content) => Encoding.UTF8.GetString(BytesOf(content));
}
