using System.Globalization;
using System.Text.RegularExpressions;
using ThinDeployer.Contract.Tests.Hosting;

namespace ThinDeployer.Contract.Tests.Running;

/// <summary>What steps print comes back whole and in order, as text.</summary>
public abstract class OutputContract<THost>(SharedServer<THost> shared) : HostContract<THost>(shared)
    where THost : IHostProgram, new()
{
    private const int LargestAnswer = 9_000_000;

    protected override string Configuration =>
        ServiceYaml.Of("both-streams", "for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done")
        + ServiceYaml.Of("prints-a-file", "cat printed")
        + ServiceYaml.Of("prints-nothing", "true")
        + ServiceYaml.Of("no-line-end", "printf one", "printf two")
        + ServiceYaml.Of("medium", "head -c 3000000 /dev/zero | tr '\\0' x")
        + ServiceYaml.Of("bursts", "for i in 1 2 3 4 5; do seq 100000; sleep 0.02; echo pause; sleep 0.02; done")
        + ServiceYaml.Of("wide-characters", "yes 'żółw 🐢' | head -n 200000")
        + ServiceYaml.With(
            "huge",
            "max_output: 8MiB",
            "echo the first",
            "yes abcdefghijklmno | head -c 20000000",
            "echo the last"
        );

    [Fact]
    public async Task Both_streams_come_in_the_order_written()
    {
        var answer = await Server.DeployAsync("both-streams");

        Assert.Equal(
            ["out 1", "err 1", "out 2", "err 2", "out 3", "err 3", "out 4", "err 4", "out 5", "err 5"],
            answer.Printed
        );
    }

    [Fact]
    public async Task A_step_that_prints_nothing_leaves_only_its_command()
    {
        var answer = await Server.DeployAsync("prints-nothing");

        Assert.Equal([" # Deployment started: prints-nothing", " > true"], answer.OutputLines);
    }

    [Fact]
    public async Task A_step_that_ends_no_line_does_not_swallow_the_next_one()
    {
        var answer = await Server.DeployAsync("no-line-end");

        Assert.Equal(
            [" # Deployment started: no-line-end", " > printf one", "one", " > printf two", "two"],
            answer.OutputLines
        );
    }

    public static TheoryData<byte[], string> Bytes =>
        new()
        {
            { [.. "a"u8, 0xFF, .. "b"u8, 0xC3, .. "c"u8], "a\uFFFDb\uFFFDc" },
            { [0xE2, 0x82], "\uFFFD" },
            { [.. "żółw 🐢 é"u8], "żółw 🐢 é" },
            {
                "\"quoted\" \\back\\ /slash/ </script> & 'single'"u8.ToArray(),
                "\"quoted\" \\back\\ /slash/ </script> & 'single'"
            },
            { [.. Enumerable.Range(0, 32).Select(value => (byte)value), 127], ControlCharacters() },
            { "\u2028\u2029\u0085\uFEFF"u8.ToArray(), "\u2028\u2029\u0085\uFEFF" },
            { "\e[31mred\e[0m"u8.ToArray(), "\e[31mred\e[0m" },
        };

    [Theory]
    [MemberData(nameof(Bytes))]
    public async Task Whatever_is_printed_survives_as_text(byte[] printed, string expected)
    {
        await File.WriteAllBytesAsync(Server.Workspace.At("site", "printed"), printed);

        var answer = await Server.DeployAsync("prints-a-file");

        Assert.Equal(202, answer.Status);
        Assert.Equal($" # Deployment started: prints-a-file\n > cat printed\n{expected}", answer.Output.TrimEnd('\n'));
    }

    [Fact]
    public async Task Megabytes_come_back_whole()
    {
        var answer = await Server.DeployAsync("medium");

        Assert.Equal(3_000_000, answer.Printed.Single().Length);
    }

    [Fact]
    public async Task What_comes_in_bursts_comes_back_whole()
    {
        var numbers = Enumerable.Range(1, 100_000).Select(number => number.ToString(CultureInfo.InvariantCulture));

        var answer = await Server.DeployAsync("bursts");

        Assert.Equal(Enumerable.Repeat<string[]>([.. numbers, "pause"], 5).SelectMany(burst => burst), answer.Printed);
    }

    [Fact]
    public async Task Characters_of_several_bytes_stay_whole_wherever_a_piece_ends()
    {
        var answer = await Server.DeployAsync("wide-characters");

        Assert.Equal(200_000, answer.Printed.Length);
        Assert.All(answer.Printed, line => Assert.Equal("żółw 🐢", line));
    }

    [Fact]
    public async Task Of_too_much_output_the_middle_is_left_out_and_a_line_says_how_much()
    {
        var answer = await Server.DeployAsync("huge");

        Assert.Equal(202, answer.Status);
        Assert.InRange(answer.Bytes.Length, 1_000_000, LargestAnswer);
        Assert.StartsWith(
            " # Deployment started: huge\n > echo the first\nthe first\n",
            answer.Output,
            StringComparison.Ordinal
        );
        Assert.EndsWith(" > echo the last\nthe last\n", answer.Output, StringComparison.Ordinal);
        var cut = Assert.Single(
            answer.Printed,
            line =>
                !"abcdefghijklmno".Contains(line, StringComparison.Ordinal)
                && !line.StartsWith("the ", StringComparison.Ordinal)
        );
        var missing = int.Parse(
            Regex.Match(cut, @"\d+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value,
            CultureInfo.InvariantCulture
        );
        Assert.InRange(missing + answer.Output.Length, 20_000_000, 20_001_000);
    }

    private static string ControlCharacters() =>
        string.Concat(Enumerable.Range(0, 32).Append(127).Select(value => (char)value));
}
