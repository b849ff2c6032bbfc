using System.Text.Json;
using CsCheck;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class JsonPathTests
{
    private const string Tree = """
        {"ref": "main", "a.b": 1.50, "a[0]": 2, "commits": [{"id": "x"}, [true, null]], "0": {"1": "key"}, "": 3, "\\": 4}
        """;

    [Theory]
    [InlineData("ref", "\"main\"")]
    [InlineData("commits.0.id", "\"x\"")]
    [InlineData("commits[0].id", "\"x\"")]
    [InlineData("commits[1][0]", "true")]
    [InlineData("commits.1.1", "null")]
    [InlineData(@"a\.b", "1.50")]
    [InlineData(@"a\[0]", "2")]
    [InlineData(@"\\", "4")]
    [InlineData("0.1", "\"key\"")]
    [InlineData("commits", """[{"id": "x"}, [true, null]]""")]
    [InlineData("0[1]", null)]
    [InlineData("[0]", null)]
    [InlineData("commits.2", null)]
    [InlineData("commits.id", null)]
    [InlineData(@"commits.\0", null)]
    [InlineData("commits.99999999999999999999", null)]
    [InlineData("commits.-1", null)]
    [InlineData("ref.x", null)]
    [InlineData("Ref", null)]
    [InlineData("a.b", null)]
    public void It_finds_what_stands_there(string text, string? raw)
    {
        Assert.True(JsonPath.TryParse(text, out var path, out _));

        Assert.Equal(raw, path.Find(JsonElement.Parse(Tree))?.GetRawText());
    }

    [Theory]
    [InlineData(1_024, true)]
    [InlineData(1_025, false)]
    public void It_has_1024_characters_at_most(int length, bool isPath) =>
        Assert.Equal(isPath, JsonPath.TryParse(new string('x', length), out _, out _));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a.[0]")]
    [InlineData("a[")]
    [InlineData("a[]")]
    [InlineData("a[x]")]
    [InlineData("a[**]")]
    [InlineData("a[*")]
    [InlineData("a[*]b")]
    [InlineData("a[-1]")]
    [InlineData("a[0]b")]
    [InlineData(@"a\")]
    public void What_is_no_path_is_refused(string text) => Assert.False(JsonPath.TryParse(text, out _, out _));

    [Theory]
    [InlineData("commits[*].id", "\"x\"")]
    [InlineData("commits[1][*]", "true", "null")]
    [InlineData("commits[*][*]", "true", "null")]
    [InlineData("commits[*].nothing")]
    [InlineData("a[*]")]
    [InlineData("ref[*]")]
    [InlineData("[*]")]
    [InlineData("0[*]")]
    [InlineData("ref", "\"main\"")]
    public void A_star_in_brackets_is_every_index_of_a_list(string text, params string[] raw)
    {
        Assert.True(JsonPath.TryParse(text, out var path, out _));

        Assert.Equal(raw, path.FindAll(JsonElement.Parse(Tree)).Select(element => element.GetRawText()));
    }

    /// <summary>As many visits as values, whatever the number of stars; else this would not end.</summary>
    [Fact]
    public void Many_stars_look_at_no_value_twice()
    {
        const int levels = 16;
        var nested = Enumerable.Range(0, levels).Aggregate("1", (inner, _) => $"[{inner}, {inner}]");
        Assert.True(JsonPath.TryParse(string.Concat(Enumerable.Repeat("[*]", levels)), out var path, out _));

        Assert.Equal(1 << levels, path.FindAll(JsonElement.Parse(nested)).Count());
    }

    [Fact]
    public void Every_key_can_be_written() =>
        Gen.String[Gen.Char[".[]\\0aé"], 1, 6]
            .Sample(key =>
            {
                var escaped = string.Concat(
                    key.Select(character => character is '.' or '[' or '\\' ? $"\\{character}" : $"{character}")
                );
                var tree = JsonElement.Parse($$$"""{"x": {{{{JsonSerializer.Serialize(key)}}}: 1}}""");

                return JsonPath.TryParse($"x.{escaped}", out var path, out _) && path.Find(tree)?.GetRawText() == "1";
            });

    [Fact]
    public void Nothing_makes_it_throw() =>
        Gen.String[Gen.Char[".[]\\09a*"], 0, 12]
            .Sample(text =>
            {
                if (JsonPath.TryParse(text, out var path, out var fault))
                {
                    _ = path.FindAll(JsonElement.Parse(Tree)).Count();
                    _ = path.Find(JsonElement.Parse(Tree));
                }

                return (path is null) == (fault is not null);
            });
}
