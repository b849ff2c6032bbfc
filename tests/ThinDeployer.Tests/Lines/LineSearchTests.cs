using ThinDeployer.Lines;

namespace ThinDeployer.Tests.Lines;

public sealed class LineSearchTests
{
    [Theory]
    [InlineData("error", "an Error\nnone\n\e[31mERR\e[0mor\nerr\nor error")]
    [InlineData("é", "É\nx\ncafé\ne\né")]
    [InlineData("b\tc", "ab\tcd\nb c\nB\tC\nx\nb\tc")]
    [InlineData("20 %", "20 %\n20 %\r30 %\n10 %\r20 %\r\nx\n\e]0;x\a20 %")]
    [InlineData("u+202e", "U+202E\nx\na\u202eb\nx\nu+202e")]
    [InlineData("✓ done", "✓ done\nx done\n✓ DONE\n✗ done\n… ✓ done")]
    [InlineData("aac", "aab\bc\nx\naac\nx\n\0aac")]
    public void What_is_seen_is_found_whatever_its_case(string text, string output)
    {
        Assert.Equal([1, 3, 5], Find(output, text));
    }

    [Theory]
    [InlineData("31m")]
    [InlineData("title")]
    [InlineData("a\nb")]
    [InlineData("")]
    public void What_is_not_seen_is_not_found(string text)
    {
        Assert.Empty(Find("\e[31ma\nb\e]0;title\a\n", text));
    }

    [Fact]
    public void Many_hits_come_in_parts()
    {
        var output = Sight.Of(string.Concat(Enumerable.Repeat("hit hit\nmiss\n", 1_500)));
        var search = new LineSearch(output, "HIT");

        var (first, hasMore) = search.From(1, default);
        var (second, hasStillMore) = search.From(first[^1] + 1, default);

        Assert.Equal((LineSearch.MostLines, true, 500, false), (first.Count, hasMore, second.Count, hasStillMore));
        Assert.Equal(Enumerable.Range(0, 1_500).Select(i => (2L * i) + 1), first.Concat(second));
        Assert.Empty(search.From(9_999, default).Lines);
    }

    [Theory]
    [InlineData("needle")]
    [InlineData("né\e[1med\e[0mle")]
    [InlineData("nee\adle")]
    public void A_line_that_is_too_long_to_be_read_at_once_is_searched_too(string needle)
    {
        var hay = new string('x', 131_068);
        var text = needle.Replace("\e[1m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal);
        text = text.Replace("\a", "U+0007", StringComparison.Ordinal);

        Assert.Equal([2, 4], Find($"a\n{hay}{needle}{hay}\nb\n{text}\n{hay}{needle}\r{hay}", text));
    }

    [Fact]
    public void A_search_can_be_given_up()
    {
        var search = new LineSearch(Sight.Of("a"), "a");

        Assert.Throws<OperationCanceledException>(() => search.From(1, new CancellationToken(canceled: true)));
    }

    private static IReadOnlyList<long> Find(string output, string text)
    {
        var (lines, hasMore) = new LineSearch(Sight.Of(output), text).From(1, default);

        Assert.False(hasMore);
        return lines;
    }
}
