namespace ThinDeployer.Tests.Yaml;

public sealed class YamlLimitTests
{
    // Far above what any of these takes (milliseconds), far below what a quadratic parser would.
    private static readonly TimeSpan Plenty = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("[", "f.yml:1:65")]
    [InlineData("{", "f.yml:1:65")]
    [InlineData("[\n", "f.yml:65:1")]
    [InlineData("- ", "f.yml:1:129")]
    [InlineData("? ", "f.yml:1:129")]
    [InlineData("{a: ", "f.yml:1:257")]
    public void A_hundred_thousand_levels_are_a_plain_mistake(string level, string place)
    {
        var text = string.Concat(Enumerable.Repeat(level, 100_000));
        var started = ComputingTime.Now;

        var sample = YamlSample.Of(text);

        Assert.Equal([$"{place}: more than 64 levels of lists and maps inside each other"], sample.Lines);
        Assert.InRange(ComputingTime.Now - started, TimeSpan.Zero, Plenty);
    }

    [Fact]
    public void Sixty_four_levels_are_read()
    {
        var sample = YamlSample.Of($"a: {new string('[', 63)}{new string(']', 63)}");

        Assert.Empty(sample.Lines);
    }

    [Fact]
    public void Ten_thousand_nodes_are_read_and_no_more()
    {
        // The map, its key, the list, and the items.
        static string Items(int count) => "a:\n" + string.Concat(Enumerable.Repeat("- x\n", count));

        var fits = YamlSample.Of(Items(9_997));
        var isTooMany = YamlSample.Of(Items(9_998));

        Assert.Empty(fits.Lines);
        Assert.Equal(["f.yml:9999:3: more than 10,000 values, counting what aliases stand for"], isTooMany.Lines);
        Assert.Null(isTooMany.Map);
    }

    [Theory]
    [InlineData("k: ", "a:", "")]
    [InlineData("k: ", "x\n\n", "")]
    [InlineData("k: ", "x # ", "")]
    [InlineData("k: \"", " \\n\n ", "\"")]
    [InlineData("k: '", "''", "'")]
    [InlineData("k: |\n", "  x\n\n", "")]
    [InlineData("k: >\n", " x\n", "")]
    [InlineData("k: [", "a ", "]")]
    [InlineData("k: [", "a: b, ", "]")]
    [InlineData("k: [", ",", "]")]
    [InlineData("k: {", "? ", "}")]
    [InlineData("k: !<", "%41", ">")]
    [InlineData("", "%X y\n", "")]
    [InlineData("", "...\n", "")]
    [InlineData("", "#\n", "")]
    [InlineData("", "\t", "")]
    [InlineData("", "\r", "")]
    [InlineData("", "- &a x\n- *a\n", "")]
    [InlineData("", "a: 1\n", "")]
    [InlineData("", ": ", "")]
    public void A_monotonous_file_of_the_largest_size_takes_no_long_time(string start, string unit, string end)
    {
        var text = start + string.Concat(Enumerable.Repeat(unit, 1_048_576 / unit.Length)) + end;
        var started = ComputingTime.Now;

        YamlSample.Of(text);

        Assert.InRange(ComputingTime.Now - started, TimeSpan.Zero, Plenty);
    }
}
