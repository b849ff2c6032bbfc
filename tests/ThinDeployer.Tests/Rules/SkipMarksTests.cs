using CsCheck;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

/// <summary>Which pushes are skipped because their commits say so.</summary>
public sealed class SkipMarksTests
{
    private const string GitHub = "X-GitHub-Event: push";
    private const string GitLab = "X-Gitlab-Event: Push Hook";
    private const string Gitea = "X-Gitea-Event: push";
    private const string Bitbucket = "X-Event-Key: repo:push";
    private const string Marked = """{"message": "Mend the docs [skip cd]"}""";
    private const string Plain = """{"message": "Mend the door"}""";

    [Theory]
    [InlineData("[skip cd]", true)]
    [InlineData("Mend the docs [skip cd]", true)]
    [InlineData("Mend the docs\n\nThey were wrong. [Skip CD]\n", true)]
    [InlineData("x[SKIP CD]y", true)]
    [InlineData("***NO_DEPLOY***", true)]
    [InlineData("***no_deploy***", true)]
    [InlineData("", false)]
    [InlineData("skip cd", false)]
    [InlineData("[skip  cd]", false)]
    [InlineData("[skip\ncd]", false)]
    [InlineData("[skip ci]", false)]
    [InlineData("[\u017Fkip cd]", false)]
    public void A_mark_is_found_anywhere_in_any_case(string message, bool isSkipped) =>
        Says(GitHub, $$"""{"commits": [{"message": {{Json(message)}} }]}""", isSkipped);

    [Theory]
    [InlineData(GitHub, $$"""{"commits": [{{Marked}}, {{Marked}}]}""", true)]
    [InlineData(GitHub, $$"""{"commits": [{{Marked}}, {{Plain}}]}""", false)]
    [InlineData(GitHub, $$"""{"commits": [{{Plain}}, {{Marked}}], "head_commit": {{Marked}} }""", false)]
    [InlineData(GitHub, $$"""{"head_commit": {{Marked}} }""", false)]
    [InlineData(GitHub, $$"""{"commits": [], "head_commit": {{Marked}}, "created": true}""", false)]
    [InlineData(GitHub, $$"""{"commits": [], "head_commit": null, "deleted": true}""", false)]
    [InlineData(GitHub, $$"""{"commits": [{{Marked}}], "forced": true}""", false)]
    [InlineData(GitHub, $$"""{"commits": [{{Marked}}], "forced": false}""", true)]
    [InlineData(GitHub, $$"""{"commits": [{{Marked}}], "size": 2}""", false)]
    [InlineData(GitHub, $$"""{"commits": [{{Marked}}, {}]}""", false)]
    [InlineData(GitHub, $$"""{"commits": [{{Marked}}, {"message": null}]}""", false)]
    [InlineData(GitHub, $$"""{"commits": [{{Marked}}, {"message": ["[skip cd]"]}]}""", false)]
    [InlineData(GitHub, $$"""{"commits": [{{Marked}}, "[skip cd]"]}""", false)]
    [InlineData(GitHub, $$"""{"commits": {"0": {{Marked}} } }""", false)]
    [InlineData(GitHub, """{"commits": null}""", false)]
    [InlineData(GitHub, """{"pull_request": {"commits": 1, "title": "[skip cd]"}}""", false)]
    [InlineData(GitHub, "[]", false)]
    [InlineData(GitHub, "{", false)]
    [InlineData(GitLab, $$"""{"commits": [{{Marked}}], "total_commits_count": 1}""", true)]
    [InlineData(GitLab, $$"""{"commits": [{{Marked}}], "total_commits_count": 21}""", false)]
    [InlineData(GitLab, $$"""{"commits": [], "total_commits_count": 0}""", false)]
    [InlineData(
        GitLab,
        """{"object_attributes": {"last_commit": {"message": "[skip cd]"}}, "object_kind": "merge_request"}""",
        false
    )]
    [InlineData("X-Other: x", $$"""{"object_kind": "push", "commits": [{{Marked}}], "total_commits_count": 1}""", true)]
    [InlineData(Gitea, $$"""{"commits": [{{Marked}}], "total_commits": 1, "head_commit": {{Marked}} }""", true)]
    [InlineData(Gitea, $$"""{"commits": [{{Marked}}], "total_commits": 6}""", false)]
    [InlineData("X-Forgejo-Event: push", $$"""{"commits": [{{Marked}}], "total_commits": 1}""", true)]
    [InlineData("X-Gogs-Event: push", $$"""{"commits": [{{Marked}}]}""", true)]
    [InlineData(
        "X-Gogs-Event: push",
        $$"""{"commits": [{{Marked}}, {{Marked}}, {{Marked}}, {{Marked}}, {{Marked}}]}""",
        false
    )]
    [InlineData("X-Other: x", $$"""{"commits": [{{Marked}}]}""", false)]
    [InlineData("X-Other: x", $$"""{"eventType": "git.push", "resource": {"commits": [{{Marked}}]} }""", false)]
    [InlineData(
        "X-Other: x",
        """{"eventType": "git.push", "resource": {"commits": [{"comment": "[skip cd]"}]}}""",
        false
    )]
    public void Only_a_whole_list_in_which_all_say_it_is_skipped(string header, string body, bool isSkipped) =>
        Says(header, body, isSkipped);

    [Theory]
    [InlineData($$"""[{"truncated": false, "commits": [{{Marked}}]}]""", true)]
    [InlineData(
        $$"""[{"truncated": false, "commits": [{{Marked}}]}, {"truncated": false, "commits": [{{Marked}}]}]""",
        true
    )]
    [InlineData(
        $$"""[{"truncated": false, "commits": [{{Marked}}]}, {"truncated": false, "commits": [{{Plain}}]}]""",
        false
    )]
    [InlineData($$"""[{"truncated": true, "commits": [{{Marked}}]}]""", false)]
    [InlineData($$"""[{"truncated": "false", "commits": [{{Marked}}]}]""", false)]
    [InlineData($$"""[{"commits": [{{Marked}}]}]""", false)]
    [InlineData($$"""[{"truncated": false, "forced": true, "commits": [{{Marked}}]}]""", false)]
    [InlineData($$"""[{"truncated": false, "commits": [{{Marked}}]}, {"truncated": false, "commits": []}]""", false)]
    [InlineData($$"""[{"truncated": false, "commits": [{{Marked}}]}, {"truncated": false, "new": null}]""", false)]
    [InlineData($$"""[{"truncated": false, "commits": [{{Marked}}]}, null]""", false)]
    [InlineData("[]", false)]
    [InlineData("{}", false)]
    public void Bitbucket_lists_them_by_change(string changes, bool isSkipped) =>
        Says(Bitbucket, $$"""{"push": {"changes": {{changes}} } }""", isSkipped);

    [Theory]
    [InlineData($$"""{"changes": [{"toHash": "a"}], "commits": [{{Marked}}], "toCommit": {{Marked}} }""")]
    [InlineData($$"""{"push": [{"truncated": false, "commits": [{{Marked}}]}]}""")]
    public void Data_center_is_never_skipped(string body) => Says(Bitbucket, body, isSkipped: false);

    [Theory]
    [InlineData(2_047, true)]
    [InlineData(2_048, false)]
    public void A_list_of_as_many_as_github_sends_may_be_cut(int commits, bool isSkipped) =>
        Says(GitHub, $$"""{"commits": [{{string.Join(',', Enumerable.Repeat(Marked, commits))}}]}""", isSkipped);

    [Fact]
    public void It_says_why()
    {
        var skipped = Decide(GitHub, $$"""{"commits": [{{Marked}}, {{Marked}}]}""");
        var cut = Decide(GitLab, $$"""{"commits": [{{Marked}}], "total_commits_count": 21}""");

        Assert.Equal(
            "skip_marks: not every commit says \"[skip cd]\" or \"***no_deploy***\": all 2 do",
            Assert.IsType<Verdict.DoesNotMatch>(skipped.Verdict).Reason
        );
        Assert.Equal(
            "it is not known, because the sender cut its list after 1 commits",
            Assert.Single(cut.Trace).Detail
        );
    }

    [Fact]
    public void Other_rules_count_beside_it()
    {
        const string when = "when: {json: ref, equals: main}\n";
        var other = Decide(GitHub, $$"""{"ref": "other", "commits": [{{Plain}}]}""", when);
        var skipped = Decide(GitHub, $$"""{"ref": "main", "commits": [{{Marked}}]}""", when);
        var wanted = Decide(GitHub, $$"""{"ref": "main", "commits": [{{Plain}}]}""", when);

        Assert.StartsWith("when", Assert.IsType<Verdict.DoesNotMatch>(other.Verdict).Reason, StringComparison.Ordinal);
        Assert.StartsWith(
            "skip_marks",
            Assert.IsType<Verdict.DoesNotMatch>(skipped.Verdict).Reason,
            StringComparison.Ordinal
        );
        Assert.IsType<Verdict.Matches>(wanted.Verdict);
        Assert.Equal(["when", "skip_marks"], wanted.Trace.Select(line => line.Where));
    }

    [Theory]
    [InlineData("skip_marks: []", null)]
    [InlineData("skip_marks: ['[skip cd]', \"x y\"]", null)]
    [InlineData("skip_marks: ['']", "texts of 1 to 100 characters")]
    [InlineData("skip_marks: [' ']", "texts of 1 to 100 characters")]
    [InlineData("skip_marks: [[skip cd]]", "texts of 1 to 100 characters")]
    [InlineData("skip_marks: [{a: b}]", "texts of 1 to 100 characters")]
    [InlineData("skip_marks: ['[skip cd]', ]", null)]
    [InlineData("skip_marks: '[skip cd]'", "must be a list")]
    public void What_it_may_be(string yaml, string? mistake)
    {
        _ = RuleSample.Read(yaml, out var problems);

        if (mistake is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.Contains(mistake, Assert.Single(problems).ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>Against all that may be wrong with a push: what is skipped has a mark in each message that there is.</summary>
    [Fact]
    public void Whatever_comes_a_commit_without_a_mark_is_never_passed_over()
    {
        var message = RuleSample.OneOf("\"a [skip cd]\"", "\"[SKIP CD]\\nb\"", "\"c\"", "null", "1", "[\"[skip cd]\"]");
        var commit = Gen.OneOf(
            message.Select(text => $$"""{"message": {{text}} }"""),
            RuleSample.OneOf("{}", "null", "\"[skip cd]\"", """{"comment": "[skip cd]"}""")
        );
        var list = commit.Array[0, 6].Select(commits => $"[{string.Join(", ", commits)}]");
        var more = RuleSample.OneOf(
            "",
            ", \"forced\": true",
            ", \"truncated\": false",
            ", \"truncated\": true",
            ", \"total_commits_count\": 3",
            ", \"deleted\": true"
        );
        var push = Gen.Select(list, more, (commits, rest) => $$"""{"commits": {{commits}}{{rest}} }""");
        var body = Gen.OneOf(
            push,
            push.Array[0, 3].Select(all => $$"""{"push": {"changes": [{{string.Join(", ", all)}}] } }""")
        );
        Gen.Select(body, RuleSample.OneOf(GitHub, GitLab, Gitea, Bitbucket, "X-Other: x"))
            .Sample(
                (text, header) =>
                {
                    if (Decide(header, text).Verdict is Verdict.DoesNotMatch)
                    {
                        Assert.DoesNotContain("\"c\"", text, StringComparison.Ordinal);
                        Assert.DoesNotContain("null", text, StringComparison.Ordinal);
                        Assert.DoesNotContain("forced", text, StringComparison.Ordinal);
                        Assert.DoesNotContain(
                            header == Bitbucket ? "\"truncated\": true" : "\0",
                            text,
                            StringComparison.Ordinal
                        );
                        Assert.Contains("[skip cd]", text, StringComparison.OrdinalIgnoreCase);
                    }
                },
                iter: 5_000
            );
    }

    private static void Says(string header, string body, bool isSkipped)
    {
        var verdict = Decide(header, body).Verdict;

        Assert.Equal(isSkipped, verdict is Verdict.DoesNotMatch);
        Assert.Equal(!isSkipped, verdict is Verdict.Matches);
    }

    private static Decision Decide(string header, string body, string more = "") =>
        RuleSample
            .Section($"{more}skip_marks: ['[skip cd]', '***no_deploy***']")
            .Decide(RuleSample.Request(body, RuleSample.Json, (header.Split(": ")[0], header.Split(": ")[1])));

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
