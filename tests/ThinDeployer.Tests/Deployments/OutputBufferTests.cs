using System.Text;
using CsCheck;
using ThinDeployer.Deployments;

namespace ThinDeployer.Tests.Deployments;

public sealed class OutputBufferTests
{
    [Fact]
    public void Up_to_the_limit_all_is_kept() =>
        Gen
            .Byte.Array[0, 20]
            .Array[0, 8]
            .Sample(chunks =>
            {
                var all = chunks.SelectMany(chunk => chunk).ToArray();
                var buffer = Filled(maximumBytes: 200, chunks);

                return buffer.ToString() == Encoding.UTF8.GetString(all);
            });

    [Fact]
    public void Above_the_limit_head_and_tail_are_kept_and_the_cut_is_counted() =>
        Gen.Char['a', 'z']
            .Array[1, 50]
            .Array[1, 8]
            .Where(chunks => chunks.Sum(chunk => chunk.Length) > 20)
            .Sample(chunks =>
            {
                var all = string.Concat(chunks.Select(chunk => new string(chunk)));
                var buffer = Filled(maximumBytes: 20, chunks.Select(chunk => Encoding.UTF8.GetBytes(chunk)));

                var between = $"\n[… {all.Length - 20} bytes of output left out here …]\n";
                return buffer.ToString() == all[..10] + between + all[^10..];
            });

    [Fact]
    public void A_character_is_never_cut_in_two() =>
        Gen.Int[0, 3]
            .Sample(shift =>
            {
                var all = new string('x', shift) + string.Concat(Enumerable.Repeat("€😀ü", 20));
                var buffer = Filled(maximumBytes: 40, [Encoding.UTF8.GetBytes(all)]);

                return !buffer.ToString().Contains('\uFFFD', StringComparison.Ordinal);
            });

    [Fact]
    public void A_line_of_its_own_ends_the_one_before()
    {
        var buffer = new OutputBuffer(100);

        buffer.WriteLine("first");
        buffer.Write("no end"u8);
        buffer.WriteLine("second");
        buffer.EndLine();

        Assert.Equal("first\nno end\nsecond\n", buffer.ToString());
    }

    private static OutputBuffer Filled(int maximumBytes, IEnumerable<byte[]> chunks)
    {
        var buffer = new OutputBuffer(maximumBytes);
        foreach (var chunk in chunks)
        {
            buffer.Write(chunk);
        }

        return buffer;
    }
}
