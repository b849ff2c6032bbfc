using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

public sealed class YamlAliasTests
{
    [Theory]
    [InlineData("a: &x [1, 2]\nb: *x", "{a: [1, 2], b: [1, 2]}")]
    [InlineData("a: &x 1\nb: &x 2\nc: *x", "{a: 1, b: 2, c: 2}")]
    [InlineData("a: &x\nb: *x", "{a: , b: }")]
    [InlineData("a: {b: &x 1, c: *x, d: &y 2, e: *y}", "{a: {b: 1, c: 1, d: 2, e: 2}}")]
    [InlineData("a: &x b\n*x : c", "{a: b, b: c}")]
    [InlineData("&x a: *x", "{a: a}")]
    public void An_alias_stands_for_what_its_anchor_names(string text, string expected)
    {
        var sample = YamlSample.Of(text);

        Assert.Empty(sample.Lines);
        Assert.Equal(expected, YamlSample.Show(sample.Map));
    }

    [Fact]
    public void A_value_behind_an_alias_keeps_its_own_place_and_a_key_has_that_of_the_alias()
    {
        var map = YamlSample.Of("a: &x b\nc: *x\n*x : d").Map!;

        Assert.Equal("f.yml:1:4", map.Entries[1].Value.Place.ToString());
        Assert.Equal("f.yml:3:1", map.Entries[2].Key.Place.ToString());
    }

    [Theory]
    [InlineData("a: *x\nb: &x 1")]
    [InlineData("a: *.log")]
    public void An_alias_without_an_anchor_before_it_is_a_mistake(string text)
    {
        var sample = YamlSample.Of(text);

        Assert.Equal(
            ["f.yml:1:4: no anchor of this name stands before it; put a text that begins with \"*\" into quotes"],
            sample.Lines
        );
        Assert.NotNull(sample.Map);
    }

    [Theory]
    [InlineData("a: &x [1, *x]", "f.yml:1:11")]
    [InlineData("a: &x\n  b: {c: *x}", "f.yml:2:10")]
    [InlineData("a: &x 1\nb: &x [*x]", "f.yml:2:8")]
    [InlineData("a: &x\n  <<: *x", "f.yml:2:7")]
    public void An_alias_inside_what_it_names_is_a_mistake(string text, string place)
    {
        var sample = YamlSample.Of(text);

        Assert.Equal(
            $"{place}: an alias stands inside what it names, which would never end; put a text that begins with \"*\" into quotes",
            sample.Lines[0]
        );
    }

    [Fact]
    public void A_bomb_of_aliases_is_a_mistake_before_it_is_built()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
        for (var level = 1; level < 30; level++)
        {
            bomb += $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n";
        }

        var sample = YamlSample.Of(bomb);

        Assert.Equal(["f.yml:5:10: more than 10,000 values, counting what aliases stand for"], sample.Lines);
        Assert.Null(sample.Map);
    }

    [Fact]
    public void Levels_behind_an_alias_count_where_it_is_used()
    {
        // 1 for the map at the top, 40 for the list, and another 23 or 24 around the alias.
        static string Nested(int around) =>
            $"a: &x {new string('[', 40)}{new string(']', 40)}\nb: {new string('[', around)}*x{new string(']', around)}";

        var fits = YamlSample.Of(Nested(23));
        var isTooDeep = YamlSample.Of(Nested(24));

        Assert.Empty(fits.Lines);
        Assert.Equal(["f.yml:2:28: more than 64 levels of lists and maps inside each other"], isTooDeep.Lines);
    }

    [Theory]
    [InlineData("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3", "{b: 3, a: 1}")]
    [InlineData("x: &x {a: 1, b: 2}\ny:\n  b: 3\n  <<: *x", "{b: 3, a: 1}")]
    [InlineData("x: &x {a: 1}\ny:\n  c: 4\n  <<: [*x, {a: 2, b: 2}, {b: 3}]\n  d: 5", "{c: 4, d: 5, a: 1, b: 2}")]
    [InlineData("x: &x [{a: 1}, {b: 2}]\ny:\n  <<: *x", "{a: 1, b: 2}")]
    [InlineData("x: &x {a: 1, <<: {b: 2}}\ny:\n  <<: *x", "{a: 1, b: 2}")]
    [InlineData("x: 1\ny: {<<: [], a: 1}", "{a: 1}")]
    [InlineData("x: 1\ny: {\"<<\": 1}", "{\"<<\": 1}")]
    public void A_merge_key_brings_what_the_map_does_not_have_itself(string text, string expected)
    {
        var sample = YamlSample.Of(text);

        Assert.Empty(sample.Lines);
        Assert.Equal(expected, YamlSample.Show(sample.Map!.Entries[1].Value));
    }

    [Fact]
    public void A_merged_entry_keeps_its_place()
    {
        var map = YamlSample.Of("x: &x\n  a: 1\ny:\n  <<: *x\n").Map!;

        var merged = Assert.IsType<YamlMap>(map.Entries[1].Value);
        Assert.Equal("f.yml:2:3", merged.Entries[0].Key.Place.ToString());
    }

    [Theory]
    [InlineData("a: {<<: 1}")]
    [InlineData("a: {<<: }")]
    [InlineData("a: {<<: [{b: 1}, 2]}")]
    public void A_merge_of_anything_but_maps_is_a_mistake(string text)
    {
        var sample = YamlSample.Of(text);

        Assert.Equal(
            ["f.yml:1:5: \"<<\" merges a map or a list of maps; put the key into quotes if it is meant as text"],
            sample.Lines
        );
        Assert.Equal("{a: {}}", YamlSample.Show(sample.Map));
    }

    [Fact]
    public void A_second_merge_key_is_a_duplicate()
    {
        var sample = YamlSample.Of("a: {<<: {b: 1}, <<: {c: 1}}");

        Assert.Equal(["f.yml:1:17: duplicate key \"<<\", first at line 1"], sample.Lines);
    }
}
