using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

/// <summary>Which pushes count as changed.</summary>
public sealed class ChangedTests
{
    private const string Docs = """{"added": [], "modified": ["docs/a.md"], "removed": []}""";
    private const string Source = """{"added": [], "modified": [], "removed": ["src/x/old.cs"]}""";

    [Theory]
    [InlineData($$"""{"commits": [{{Docs}}, {{Source}}]}""", true)]
    [InlineData($$"""{"commits": [{{Docs}}]}""", false)]
    [InlineData("""{"commits": [{"added": null, "modified": ["docs/a"], "removed": null}]}""", false)]
    [InlineData("""{"commits": [{"added": null, "modified": null, "removed": null}]}""", true)]
    [InlineData("""{"commits": [{"id": "x"}]}""", true)]
    [InlineData("""{"commits": [{"added": "docs/a"}]}""", true)]
    [InlineData("""{"commits": [{"added": [1]}]}""", true)]
    [InlineData("""{"commits": ["x"]}""", true)]
    [InlineData("""{"commits": null}""", true)]
    [InlineData("""{"commits": [], "created": true}""", true)]
    [InlineData("""{"commits": []}""", true)]
    [InlineData("""{"action": "opened"}""", true)]
    [InlineData("[]", true)]
    [InlineData($$"""{"forced": true, "commits": [{{Docs}}]}""", true)]
    [InlineData($$"""{"forced": false, "created": true, "commits": [{{Docs}}]}""", false)]
    [InlineData("""{"deleted": true, "forced": true, "commits": []}""", false)]
    [InlineData("""{"after": "0000000000000000000000000000000000000000", "commits": []}""", false)]
    [InlineData($$"""{"total_commits_count": 1, "commits": [{{Docs}}]}""", false)]
    [InlineData($$"""{"total_commits_count": 21, "commits": [{{Docs}}]}""", true)]
    [InlineData($$"""{"total_commits": 2, "commits": [{{Docs}}]}""", true)]
    [InlineData($$"""{"size": 21, "commits": [{{Docs}}]}""", true)]
    [InlineData($$"""{"size": 1e999, "commits": [{{Docs}}]}""", false)]
    [InlineData($$"""{"size": "2", "total_commits": null, "commits": [{{Docs}}]}""", false)]
    public void What_may_have_touched_it_counts(string body, bool isChanged) =>
        Assert.Equal(
            Outcomes.Of(isChanged),
            RuleSample.Say("{changed: [src/**]}", RuleSample.Request(body, RuleSample.Json))
        );

    [Theory]
    [InlineData(2_047, false)]
    [InlineData(2_048, true)]
    public void A_list_of_as_many_commits_as_github_sends_may_be_cut(int commits, bool isChanged)
    {
        var body = $$"""{"commits": [{{string.Join(',', Enumerable.Repeat(Docs, commits))}}]}""";

        Assert.Equal(
            Outcomes.Of(isChanged),
            RuleSample.Say("{changed: src/**}", RuleSample.Request(body, RuleSample.Json))
        );
    }

    [Theory]
    [InlineData(2_999, false)]
    [InlineData(3_000, true)]
    public void A_list_of_as_many_files_as_github_sends_may_be_cut(int files, bool isChanged)
    {
        var body = $$"""{"commits": [{"added": [{{string.Join(',', Enumerable.Repeat("\"docs/a\"", files))}}]}]}""";

        Assert.Equal(
            Outcomes.Of(isChanged),
            RuleSample.Say("{changed: src/**}", RuleSample.Request(body, RuleSample.Json))
        );
    }

    [Theory]
    [InlineData("X-Gogs-Event", 4, false)]
    [InlineData("X-Gogs-Event", 5, true)]
    [InlineData("X-Gitea-Event", 5, true)]
    [InlineData("X-GitHub-Event", 5, false)]
    public void Gogs_cuts_after_five_and_does_not_say_so(string header, int commits, bool isChanged)
    {
        var body = $$"""{"commits": [{{string.Join(',', Enumerable.Repeat(Docs, commits))}}]}""";
        var request = RuleSample.Request(body, RuleSample.Json, (header, "push"));

        Assert.Equal(Outcomes.Of(isChanged), RuleSample.Say("{changed: src/**}", request));
    }

    [Fact]
    public void Gitea_says_how_many_there_were()
    {
        var body = $$"""{"total_commits": 6, "commits": [{{string.Join(',', Enumerable.Repeat(Docs, 6))}}]}""";
        var request = RuleSample.Request(body, RuleSample.Json, ("X-Gitea-Event", "push"));

        Assert.Equal(Outcome.False, RuleSample.Say("{changed: src/**}", request));
    }
}
