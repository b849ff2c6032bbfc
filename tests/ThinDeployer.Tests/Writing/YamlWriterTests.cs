using CsCheck;
using ThinDeployer.Operating.Writing;
using ThinDeployer.Tests.Yaml;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Writing;

/// <summary>What is written, a reader has back. For a long search, <c>CsCheck_Iter</c> sets the tries.</summary>
public sealed class YamlWriterTests
{
    private static readonly long Tries = Math.Max(Check.Iter, 2_000);

    private static readonly string[] Fragments =
    [
        .. "[ ] { } , : ? - & * ! | > ' \" % @ ` # ~ < = \\ \n \r \t . $ 0 a é \u0085 \u2028 \uFEFF \uD83D\uDC22".Split(
            ' '
        ),
        " ",
        "  ",
        "\n",
        "\n  ",
        ": ",
        " #",
        "- ",
        "---",
        "...",
        "null",
        "true",
        ".5",
        "words of a line",
        "\u0001",
        "\uFFFE",
        "\uE000",
    ];

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.OneOf(Fragments).Array[0, 12].Select(string.Concat),
        Gen.String[0, 30].Select(text => new string([.. text.Where(one => one != '\0' && !char.IsSurrogate(one))]))
    );

    private static readonly Gen<Written> AnyNode = Gen.Recursive<Written>(
        (depth, node) =>
            depth >= 3
                ? AnyText.Select(text => (Written)new Written.Text(text))
                : Gen.Frequency(
                    (3, AnyText.Select(text => (Written)new Written.Text(text))),
                    (1, node.Array[1, 4].Select(items => (Written)new Written.List(items))),
                    (
                        2,
                        Gen.Select(AnyText.Where(key => key.Length > 0), node)
                            .Array[1, 4]
                            .Select(entries =>
                                (Written)
                                    new Written.Map([
                                        .. entries
                                            .DistinctBy(entry => entry.Item1)
                                            .Select(entry => new WrittenEntry(entry.Item1, entry.Item2)),
                                    ])
                            )
                    )
                )
    );

    [Fact]
    public void Whatever_is_written_is_read_back_the_same() =>
        Gen.Select(AnyNode, Gen.Bool)
            .Sample(
                (node, isTall) =>
                {
                    var read = YamlSample.Of(YamlWriter.Entry("key", node, "", isTall));

                    return read.Lines.Length == 0
                        && read.Map is { Entries: [{ Value: var value }] }
                        && IsSame(node, value);
                },
                iter: Tries
            );

    [Theory]
    [InlineData("refs/heads/main", "refs/heads/main")]
    [InlineData("make \"%tag%\"", "make \"%tag%\"")]
    [InlineData("", "''")]
    [InlineData("42", "'42'")]
    [InlineData("yes", "'yes'")]
    [InlineData("null", "'null'")]
    [InlineData("- a", "'- a'")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("it's #1", "'it''s #1'")]
    [InlineData("a\nb", "|-\n    a\n    b")]
    [InlineData("a\n", "\"a\\n\"")]
    [InlineData("a\tb\u2028", "\"a\\tb\\u2028\"")]
    public void A_text_has_no_more_quotes_than_it_needs(string text, string written) =>
        Assert.Equal($"  key: {written}\n", YamlWriter.Entry("key", new Written.Text(text), "  "));

    private static bool IsSame(Written written, YamlNode read) =>
        (written, read) switch
        {
            (Written.Text(var text), YamlText { IsNothing: false, Text: var other }) => text == other,
            (Written.List(var items), YamlList list) => items.Count == list.Items.Count
                && items.Zip(list.Items).All(pair => IsSame(pair.First, pair.Second)),
            (Written.Map(var entries), YamlMap map) => entries.Count == map.Entries.Count
                && entries
                    .Zip(map.Entries)
                    .All(pair => pair.First.Key == pair.Second.Key.Text && IsSame(pair.First.Value, pair.Second.Value)),
            _ => false,
        };
}
