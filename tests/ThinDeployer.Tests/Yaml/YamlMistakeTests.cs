namespace ThinDeployer.Tests.Yaml;

public sealed class YamlMistakeTests
{
    [Theory]
    [InlineData("", "f.yml:1:1: the file is empty")]
    [InlineData("\n\n  \n", "f.yml:1:1: the file is empty")]
    [InlineData("# only a comment\n", "f.yml:1:1: the file is empty")]
    [InlineData("---\n", "f.yml:1:1: the file is empty")]
    [InlineData("~", "f.yml:1:1: the file is empty")]
    [InlineData("a", "f.yml:1:1: the top level must be a map: lines such as \"name: value\"")]
    [InlineData("\n- a", "f.yml:2:1: the top level must be a map: lines such as \"name: value\"")]
    [InlineData("''", "f.yml:1:1: the top level must be a map: lines such as \"name: value\"")]
    public void A_file_without_a_map_at_the_top_leaves_nothing_to_read(string text, string expected)
    {
        var sample = YamlSample.Of(text);

        Assert.Equal([expected], sample.Lines);
        Assert.Null(sample.Map);
    }

    [Theory]
    [InlineData("a: 1\n---\nb: 2", "f.yml:2:1: a second document begins here; one document a file")]
    [InlineData("a: 1\n...\nb: 2", "f.yml:3:1: a second document begins here; one document a file")]
    [InlineData("--- {a: 1}\n---\n", "f.yml:2:1: a second document begins here; one document a file")]
    public void A_second_document_is_a_mistake_and_the_first_is_read(string text, string expected)
    {
        var sample = YamlSample.Of(text);

        Assert.Equal([expected], sample.Lines);
        Assert.Equal("{a: 1}", YamlSample.Show(sample.Map));
    }

    [Theory]
    [InlineData(
        "[x]: 1\nb: 2",
        "f.yml:1:1: a key must be a text, not a list or a map; put a text that begins with [ or { into quotes"
    )]
    [InlineData(
        "{x: y}: 1\nb: 2",
        "f.yml:1:1: a key must be a text, not a list or a map; put a text that begins with [ or { into quotes"
    )]
    [InlineData("\"\": 1\nb: 2", "f.yml:1:1: a key is empty (null and ~ are empty too); give it a name")]
    [InlineData("b: 2\n~: 1", "f.yml:2:1: a key is empty (null and ~ are empty too); give it a name")]
    [InlineData("b: 2\nnull: 1", "f.yml:2:1: a key is empty (null and ~ are empty too); give it a name")]
    public void A_key_is_a_text_that_is_not_empty(string text, string expected)
    {
        var sample = YamlSample.Of(text);

        Assert.Equal([expected], sample.Lines);
        Assert.Equal("{b: 2}", YamlSample.Show(sample.Map));
    }

    [Theory]
    [InlineData("a:\n  : b", "f.yml:2:4: a key or a value is missing here; write \"key: value\"")]
    [InlineData("a:\n  : b\n  : c", "f.yml:2:4: a key is empty (null and ~ are empty too); give it a name")]
    [InlineData("a:\n  : b\n  c: d", "f.yml:2:4: a key is empty (null and ~ are empty too); give it a name")]
    public void A_line_without_a_key_is_a_mistake(string text, string expected)
    {
        var sample = YamlSample.Of(text);

        Assert.Equal(expected, sample.Lines[0]);
    }

    [Theory]
    [InlineData("a: !x 1", "f.yml:1:4")]
    [InlineData("a: !!str 1", "f.yml:1:4")]
    [InlineData("a: ! 1", "f.yml:1:4")]
    [InlineData("a: &n !x 1", "f.yml:1:4")]
    [InlineData("!!map {a: 1}", "f.yml:1:1")]
    [InlineData("!x a: 1", "f.yml:1:1")]
    [InlineData("%TAG !u! tag:example.org,2000:\n---\na: !u!x 1", "f.yml:3:4")]
    public void A_tag_is_a_mistake_and_its_value_is_read(string text, string place)
    {
        var sample = YamlSample.Of(text);

        Assert.Equal([$"{place}: tags are not read here; write the value without \"!…\""], sample.Lines);
        Assert.Equal("{a: 1}", YamlSample.Show(sample.Map));
    }

    [Fact]
    public void A_duplicate_key_is_named_with_both_places()
    {
        var sample = YamlSample.Of("a: 1\nb: {c: 1, c: 2}\n'a': 3\na: 4\n");

        Assert.Equal(
            [
                "f.yml:2:11: duplicate key \"c\", first at line 2",
                "f.yml:3:1: a: duplicate service \"a\", first at line 1; give one of them another name",
                "f.yml:4:1: a: duplicate service \"a\", first at line 1; give one of them another name",
            ],
            sample.Lines
        );
        Assert.Equal("{a: 1, b: {c: 1}}", YamlSample.Show(sample.Map));
    }

    [Fact]
    public void A_key_is_shown_on_one_line_and_cut()
    {
        var key = "\"\\n\\e\\u202e" + new string('x', 100) + "\"";

        var sample = YamlSample.Of($"a:\n  {key}: 1\n  {key}: 2");

        Assert.Equal(
            [$"f.yml:3:3: duplicate key \"\\u{{A}}\\u{{1B}}\\u{{202E}}{new string('x', 77)}…\", first at line 2"],
            sample.Lines
        );
    }

    [Fact]
    public void All_mistakes_of_a_file_are_found_until_one_of_syntax()
    {
        var sample = YamlSample.Of("a: !x 1\na: 2\nb: *c\nd: [1\ne: 2\nf: !y 1\n");

        Assert.Equal(
            [
                "f.yml:1:4: tags are not read here; write the value without \"!…\"",
                "f.yml:2:1: a: duplicate service \"a\", first at line 1; give one of them another name",
                "f.yml:3:4: no anchor of this name stands before it; put a text that begins with \"*\" into quotes",
                "f.yml:5:1: a list in \"[\" or a map in \"{\" is still open here; close it, or indent its lines more than its key",
            ],
            sample.Lines
        );
        Assert.Null(sample.Map);
    }

    [Theory]
    [InlineData(
        "a: b: c",
        "f.yml:1:5: \": \" can't stand here; put a text that holds it into quotes, and check the indentation"
    )]
    [InlineData(
        "a: 1\n  b: 2",
        "f.yml:2:4: \": \" can't stand here; put a text that holds it into quotes, and check the indentation"
    )]
    [InlineData(
        "a: 1\nb",
        "f.yml:2:1: a key without \": \"; write \"key: value\", and check the indentation and the quotes"
    )]
    [InlineData(
        "a:\n  b: 1\n c: 2",
        "f.yml:3:2: this does not belong to the map above it; check the indentation and the quotes"
    )]
    [InlineData("a:\n\t- b", "f.yml:2:1: a tab can't be used to indent; use spaces")]
    [InlineData("a:\n  - x\n\t- y", "f.yml:2:5: a tab can't be used to indent; use spaces")]
    [InlineData(
        "a: - b",
        "f.yml:1:4: \"- \" can't stand here; begin a list on a line of its own, or put the text into quotes"
    )]
    [InlineData("a: @b", "f.yml:1:4: a plain text can't begin with this character; put the text into quotes")]
    [InlineData("a: %b%", "f.yml:1:4: a plain text can't begin with this character; put the text into quotes")]
    [InlineData(
        "a: *",
        "f.yml:1:4: a name is missing after \"&\" or \"*\"; put a text that begins with one into quotes"
    )]
    [InlineData("a: 'b\nc: d", "f.yml:1:4: a quote is opened here and never closed")]
    [InlineData(
        "a: \"b\nc: d",
        "f.yml:1:4: a text in double quotes goes on in a line that is not indented; indent it, or close the quotes"
    )]
    [InlineData(
        "a: \"\\d\"",
        "f.yml:1:4: there is no such escape in double quotes; write \"\\\\\" for a backslash, or use single quotes"
    )]
    [InlineData(
        "a: \"\\ud800\"",
        "f.yml:1:4: an escape in double quotes is not a character; use single quotes for a plain backslash"
    )]
    [InlineData(
        "a: {b: 1",
        "f.yml:2:1: a map in \"{\" goes on or ends wrongly here; check its commas, its quotes and its \"}\""
    )]
    [InlineData("a: [\"b\", :c]", "f.yml:1:11: put a text that begins with \":\" into quotes")]
    [InlineData("a: {b: &x c}*x\nd: e", "f.yml:1:13: \"*\" can't stand here; put a text that holds it into quotes")]
    [InlineData(
        "a: [\nb]",
        "f.yml:2:1: a list in \"[\" or a map in \"{\" is still open here; close it, or indent its lines more than its key"
    )]
    [InlineData(
        "a: | b",
        "f.yml:1:4: the block text after \"|\" or \">\" is not well-formed; check its first line and its indentation"
    )]
    [InlineData(
        "a: \"b\"#c",
        "f.yml:1:7: \"#\" can't stand here; put a space before a comment, or a text that holds it into quotes"
    )]
    [InlineData(
        "%YAML 1.1 x\n---\na: 1",
        "f.yml:1:1: a line with \"%\" is not well-formed or out of place; put a text that begins with it into quotes"
    )]
    [InlineData("%YAML 2.0\n---\na: 1", "f.yml:1:1: only YAML 1.1 and 1.2 are read; remove the %YAML line")]
    [InlineData("a: !u!x 1", "f.yml:1:4: tags are not read here; write the value without \"!…\"")]
    public void A_syntax_mistake_is_told_in_plain_words(string text, string expected)
    {
        var sample = YamlSample.Of(text);

        Assert.Equal([expected], sample.Lines);
        Assert.Null(sample.Map);
    }

    [Fact]
    public void A_text_that_holds_an_escaped_NUL_is_a_mistake()
    {
        var sample = YamlSample.Of("a: \"x\\0\"");

        Assert.Equal(["f.yml:1:4: a text can't hold a NUL character; remove the escape"], sample.Lines);
    }

    [Fact]
    public void No_message_holds_a_value()
    {
        var sample = YamlSample.Of("a: *SECRET\nb: !SECRET 1\nc: &SECRET [*SECRET]\n<<: SECRET\nd: SECRET: x\n");

        Assert.NotEmpty(sample.Lines);
        Assert.DoesNotContain(sample.Lines, line => line.Contains("SECRET", StringComparison.Ordinal));
    }
}
