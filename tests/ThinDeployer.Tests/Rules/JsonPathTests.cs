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
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a.[0]")]
    [InlineData("a[")]
    [InlineData("a[]")]
    [InlineData("a[x]")]
    [InlineData("a[-1]")]
    [InlineData("a[0]b")]
    [InlineData(@"a\")]
    public void What_is_no_path_is_refused(string text) => Assert.False(JsonPath.TryParse(text, out _, out _));

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
        Gen.String[Gen.Char[".[]\\09a"], 0, 12]
            .Sample(text =>
            {
                if (JsonPath.TryParse(text, out var path, out var fault))
                {
                    _ = path.Find(JsonElement.Parse(Tree));
                }

                return (path is null) == (fault is not null);
            });
}
