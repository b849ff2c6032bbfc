using CsCheck;
using ThinDeployer.Operating.Diagnosis;
using ThinDeployer.Yaml;

namespace ThinDeployer.Tests.Diagnosis;

/// <summary>What is shown of a line, and where the caret stands.</summary>
public sealed class SourceExcerptsTests : IDisposable
{
    private const string Secret = "S3cret";

    private static readonly string[] Before =
    [
        .. ": |run: |pwd:|{|}|[|]|, |- |#| #|&|*|!|%|x|日|>|\t|token: |\\|\"|''|=| ".Split('|'),
    ];

    private static readonly string[] Keys =
    [
        "s:\n  token: VALUE\n  pwd: .\n  keep: [\n",
        "s:\n  token: VALUE\n  pwd: .\n  keep: x\n",
        "s:\n  token:\n    - VALUE\n    - ''\n",
        "s:\n  token:\n    run: VALUE\n    other: ''\n",
        "s:\n  environment:\n    keep: VALUE\n",
        "s:\n  comands: VALUE\n",
        "x-t: &t VALUE\ns:\n  token: *t\n  pwd: *t\n",
        "x-t:\n  token: &t VALUE\ns:\n  token: *t\n  pwd: *t\n",
    ];

    private static readonly string[] Styles =
    [
        "VALUE",
        "'VALUE'",
        "\"VALUE\"",
        "|\n     VALUE",
        ">-\n     VALUE",
        "a\n     VALUE",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("s: {pwd: ., comands: [ls]}", 13, "s: {pwd: ., comands: ***|            ^")]
    [InlineData("s: {timeout: 5 minutes}", 14, "s: {timeout: 5 minutes}|             ^")]
    [InlineData("s: {allow_get: maybe}", 16, "s: {allow_get: maybe}|               ^")]
    [InlineData("s: {keep_deliveries: x}", 22, "s: {keep_deliveries: x}|                     ^")]
    [InlineData("s: {token: S3cret, pwd: .}", 12, "s: {token: ***, pwd: .}|           ^")]
    [InlineData("s: {token: S3cret, pwd: .}", 20, "s: {token: ***, pwd: .}|                ^")]
    [InlineData("s: {token: {ci: S3cret}, pwd: .}", 13, "s: {token: {ci: ***, pwd: .}|            ^")]
    [InlineData(
        "s: {commands: [ls, 'a b'], keep: x}",
        34,
        "s: {commands: [ls, 'a b'], keep: x}|                                 ^"
    )]
    [InlineData("s: {keep: x} # S3cret", 11, "s: {keep: x}|          ^")]
    [InlineData("日本: {keep: x}", 12, "日本: {keep: x}|             ^")]
    [InlineData("'🐢': {keep: x}", 14, "'🐢': {keep: x}|             ^")]
    [InlineData("s: {keep: \u202Ex}", 11, "s: {keep: \uFFFDx}|          ^")]
    [InlineData("s: [", 5, "s: [|    ^")]
    [InlineData("\ts: x", 1, "\ts: ***|^")]
    [InlineData("s: {keep: x}", 99, "s: {keep: x}|            ^")]
    public void The_caret_stands_below_the_place(string line, int column, string shown)
    {
        Assert.Equal(shown.Replace('|', '\n'), Excerpt($"# first\n{line}\n", 2, column));
    }

    [Fact]
    public void A_very_long_line_is_cut_on_both_sides_of_the_place()
    {
        var turtles = string.Concat(Enumerable.Repeat("🐢", 500));

        var excerpt = Excerpt($"# first\ns: {{pwd: {turtles}, kep: 1, run: {new string('x', 500)}}}\n", 2, 1012);

        var lines = excerpt!.Split('\n');
        Assert.InRange(lines[0].Length, 50, 102);
        Assert.StartsWith("…🐢", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("x…", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + (2 * lines[0].EnumerateRunes().Count(rune => !rune.IsBmp)) + 2, lines[1].IndexOf('^'));
        Assert.Contains("🐢, kep: ***", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token: {run: S3cret, pwd: S3cret, ci: \"a run: S3cret\"}")]
    [InlineData("token: [S3cret, 'run: S3cret']")]
    [InlineData("token: {S3cret}")]
    [InlineData("token: &S3cret")]
    [InlineData("token: *S3cret")]
    [InlineData("token: !S3cret x")]
    [InlineData("token: \"a\n    run: S3cret\"")]
    [InlineData("token: |\n    run: S3cret")]
    [InlineData("token: run: S3cret")]
    [InlineData("token: {run: {pwd: S3cret}}")]
    [InlineData("token:\n    run:\n      - S3cret")]
    [InlineData("tokne: S3cret")]
    [InlineData("tokne: {pwd: S3cret}")]
    [InlineData("token: a\n  token: S3cret")]
    [InlineData("token: a # S3cret")]
    [InlineData("pwd: . # S3cret")]
    [InlineData("environment: {run: S3cret}")]
    [InlineData("environment: {run: {pwd: S3cret}}")]
    [InlineData("vars: {pwd: S3cret}")]
    [InlineData("notification_webhook_url: https://chat/S3cret")]
    [InlineData("commands: ['deploy --token=S3cret', \"x --api-key 'S3cret'\", 'curl https://me:S3cret@host/']")]
    [InlineData("commands: ['curl -H \"Authorization: Bearer S3cret\"', 'PASSWORD=S3cret x']")]
    [InlineData("pwd: *other\n  tokne: &other S3cret")]
    [InlineData("tokne: &other S3cret\n  pwd: *other")]
    [InlineData("keep: [\n  token: S3cret")]
    [InlineData("\ttoken: S3cret")]
    [InlineData("? S3cret\n  : [")]
    public void No_place_of_a_file_shows_a_secret(string keys)
    {
        AssertKept($"s:\n  {keys}\n  commands: [ls]\n");
    }

    [Fact]
    public void No_token_is_shown_whatever_it_looks_like() =>
        Gen.Select(
                Gen.OneOf(Before).Array[0, 3].Select(string.Concat),
                Gen.OneOf(Before).Array[0, 3].Select(string.Concat),
                Gen.OneOf(Keys),
                Gen.OneOf(Styles)
            )
            .Select(
                (before, after, key, style) => key.Replace("VALUE", style.Replace("VALUE", before + Secret + after))
            )
            .Sample(AssertKept, iter: Math.Max(Check.Iter, 2_000), threads: 1);

    private void AssertKept(string text)
    {
        var lines = text.Split('\n').Length;
        var path = _folder.Write("f.yml", System.Text.Encoding.UTF8.GetBytes(text));
        var excerpts = new SourceExcerpts();
        for (var line = 1; line <= lines; line++)
        {
            Assert.DoesNotContain(Secret, excerpts.Of(new Place(path, line, 3)) ?? "", StringComparison.Ordinal);
        }
    }

    private string? Excerpt(string text, int line, int column) =>
        new SourceExcerpts().Of(
            new Place(_folder.Write("f.yml", System.Text.Encoding.UTF8.GetBytes(text)), line, column)
        );
}
