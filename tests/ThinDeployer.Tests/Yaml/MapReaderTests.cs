using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Yaml;

public sealed class MapReaderTests
{
    private readonly Problems _problems = new();

    private IEnumerable<string> Lines => _problems.Select(problem => problem.ToString());

    [Theory]
    [InlineData("k: v", "v")]
    [InlineData("k: 007", "007")]
    [InlineData("k: ${HOST}:80", "example.org:80")]
    [InlineData("k: ", null)]
    [InlineData("k: ~", null)]
    [InlineData("k: ''", null)]
    [InlineData("k: ${NONE:-}", null)]
    [InlineData("x: 1", null)]
    public void A_text_is_filled_from_the_environment_and_null_when_empty(string text, string? expected)
    {
        var value = Reader(text).Text("k");

        Assert.Equal(expected, value);
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("k: echo ${HOST}", "echo ${HOST}")]
    [InlineData("k: ${NONE", "${NONE")]
    [InlineData("k: ''", null)]
    [InlineData("x: 1", null)]
    public void A_raw_text_is_as_written(string text, string? expected)
    {
        var value = Reader(text).RawText("k");

        Assert.Equal(expected, value);
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("k: [a]", "f.yml:1:4: shop: \"k\" must be a text, not a list")]
    [InlineData("k:\n  a: 1", "f.yml:2:3: shop: \"k\" must be a text, not a map")]
    public void A_list_or_a_map_is_no_text(string text, string expected)
    {
        var reader = Reader(text);

        Assert.Null(reader.Text("k"));
        Assert.Null(reader.RawText("k"));
        Assert.True(reader.Boolean("k", byDefault: true));
        Assert.Null(reader.Path("k"));
        Assert.Equal(Enumerable.Repeat(expected, 4), Lines);
    }

    [Theory]
    [InlineData("k: yes", true)]
    [InlineData("k: 'On'", true)]
    [InlineData("k: FALSE", false)]
    [InlineData("k: ${NONE:-off}", false)]
    public void A_boolean_is_read_quoted_or_not(string text, bool expected)
    {
        var value = Reader(text).Boolean("k", !expected);

        Assert.Equal(expected, value);
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("x: 1")]
    [InlineData("k:")]
    [InlineData("k: ''")]
    public void A_boolean_without_a_value_has_its_default(string text)
    {
        Assert.True(Reader(text).Boolean("k", byDefault: true));
        Assert.False(Reader(text).Boolean("k", byDefault: false));
        Assert.Empty(_problems);
    }

    [Fact]
    public void What_is_no_boolean_is_a_mistake()
    {
        var value = Reader("k: maybe").Boolean("k", byDefault: true);

        Assert.True(value);
        Assert.Equal(["f.yml:1:4: shop: \"k\" must be true or false (yes, no, on and off mean the same)"], Lines);
    }

    [Theory]
    [InlineData("/var/www", "/var/www")]
    [InlineData("/var/./www/../x/", "/var/x/")]
    [InlineData("www", "/etc/deployer/www")]
    [InlineData("../www", "/etc/www")]
    [InlineData(".", "/etc/deployer")]
    [InlineData("'~'", "/home/user")]
    [InlineData("~/www", "/home/user/www")]
    [InlineData("~/../x", "/home/x")]
    [InlineData("~other/www", "/etc/deployer/~other/www")]
    [InlineData("a/~/b", "/etc/deployer/a/~/b")]
    [InlineData("${HOST}/www", "/etc/deployer/example.org/www")]
    [InlineData("''", null)]
    [InlineData("", null)]
    public void A_path_is_full_and_starts_at_the_file_that_names_it(string written, string? expected)
    {
        var path = Reader($"k: {written}", "/etc/deployer/f.yml").Path("k");

        Assert.Equal(expected, path);
        Assert.Empty(_problems);
    }

    [Fact]
    public void A_list_that_is_absent_is_empty()
    {
        var reader = Reader("k:\nl: []\nm: [1, [2]]");

        Assert.Empty(reader.List("none"));
        Assert.Empty(reader.List("k"));
        Assert.Empty(reader.List("l"));
        Assert.Equal(2, reader.List("m").Count);
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("k: a", "f.yml:1:4: shop: \"k\" must be a list, not a text")]
    [InlineData("k: ''", "f.yml:1:4: shop: \"k\" must be a list, not a text")]
    [InlineData("k: {a: 1}", "f.yml:1:4: shop: \"k\" must be a list, not a map")]
    public void What_is_no_list_is_a_mistake(string text, string expected)
    {
        var list = Reader(text).List("k");

        Assert.Empty(list);
        Assert.Equal([expected], Lines);
    }

    [Fact]
    public void A_map_inside_is_read_in_the_same_context()
    {
        var inner = Reader("k:\n  a: [1]\n").Map("k")!;

        inner.Text("a");

        Assert.Equal("f.yml:2:3", inner.Place.ToString());
        Assert.Equal(["f.yml:2:6: shop: \"a\" must be a text, not a list"], Lines);
    }

    [Fact]
    public void A_map_that_is_absent_is_null()
    {
        var reader = Reader("k: ~");

        Assert.Null(reader.Map("k"));
        Assert.Null(reader.Map("none"));
        Assert.Empty(_problems);
    }

    [Fact]
    public void What_is_no_map_is_a_mistake()
    {
        var map = Reader("k: [a]").Map("k");

        Assert.Null(map);
        Assert.Equal(["f.yml:1:4: shop: \"k\" must be a map, not a list"], Lines);
    }

    [Fact]
    public void A_key_without_a_value_is_there()
    {
        var reader = Reader("k:");

        Assert.True(reader.Has("k"));
        Assert.False(reader.Has("none"));
    }

    [Theory]
    [InlineData("comands: x", "f.yml:1:1: shop: unknown key \"comands\"; did you mean \"commands\"?")]
    [InlineData("Commands: x", "f.yml:1:1: shop: unknown key \"Commands\"; did you mean \"commands\"?")]
    [InlineData("commadns: x", "f.yml:1:1: shop: unknown key \"commadns\"; did you mean \"commands\"?")]
    [InlineData(
        "use-notification: x",
        "f.yml:1:1: shop: unknown key \"use-notification\"; did you mean \"use_notification\"?"
    )]
    [InlineData(
        "useNotification: x",
        "f.yml:1:1: shop: unknown key \"useNotification\"; did you mean \"use_notification\"?"
    )]
    [InlineData("pdw: x", "f.yml:1:1: shop: unknown key \"pdw\"; did you mean \"pwd\"?")]
    [InlineData("color: x", "f.yml:1:1: shop: unknown key \"color\"; known here: commands, pwd, use_notification")]
    [InlineData("x: 1", "f.yml:1:1: shop: unknown key \"x\"; known here: commands, pwd, use_notification")]
    public void A_key_that_nobody_asked_for_is_a_mistake_that_names_the_nearest(string text, string expected)
    {
        var reader = Reader(text);
        reader.List("commands");
        reader.Path("pwd");
        reader.Boolean("use_notification", byDefault: false);

        reader.Finish();

        Assert.Equal([expected], Lines);
    }

    [Fact]
    public void A_key_that_was_asked_for_in_any_way_is_known()
    {
        var reader = Reader("a: 1\nb: 1\nc: 1\nd: [1]\ne: {f: 1}\ng: 1\nh: yes\ni: /");
        reader.Has("a");
        reader.Node("b");
        reader.Text("c");
        reader.List("d");
        reader.Map("e");
        reader.RawText("g");
        reader.Boolean("h", byDefault: false);
        reader.Path("i");

        reader.Finish();

        Assert.Empty(_problems);
    }

    [Fact]
    public void Without_known_keys_an_unknown_one_is_still_a_mistake()
    {
        Reader("a: 1").Finish();

        Assert.Equal(["f.yml:1:1: shop: unknown key \"a\"; no key is known here"], Lines);
    }

    [Fact]
    public void A_short_key_is_not_near_every_other_short_one()
    {
        var reader = Reader("a: 1");
        reader.Text("b");

        reader.Finish();

        Assert.Equal(["f.yml:1:1: shop: unknown key \"a\"; known here: b"], Lines);
    }

    private MapReader Reader(string text, string file = "f.yml")
    {
        var map = YamlFile.Parse(file, text, new NodeBudget(), _problems)!;
        return new MapReader(map, new ReadingContext(_problems, "shop", Environment, "/home/user"));
    }

    private static string? Environment(string name) => name == "HOST" ? "example.org" : null;
}
