using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

/// <summary>What a known sender says of the commit that it is about.</summary>
public sealed class CommitFactsTests
{
    public static TheoryData<string, string, string?, string?> OfGitHubAndGitea =>
        new()
        {
            {
                "X-GitHub-Event: push",
                """
                    {"ref": "refs/heads/main", "after": "a1b2", "commits": [], "head_commit": {"id": "a1b2",
                     "message": "Mend the door\n\nIt creaked.", "url": "https://github.com/acme/shop/commit/a1b2"}}
                    """,
                "Mend the door",
                "https://github.com/acme/shop/commit/a1b2"
            },
            {
                "X-GitHub-Event: push",
                """{"after": "0000000000000000000000000000000000000000", "deleted": true, "head_commit": null}""",
                null,
                null
            },
            {
                "X-GitHub-Event: workflow_run",
                """{"workflow_run": {"head_sha": "d4", "head_commit": {"id": "d4", "message": "Built"}}}""",
                "Built",
                null
            },
            {
                "X-Gitea-Event: push",
                """
                    {"after": "bf", "commits": [], "head_commit": {"id": "bf", "message": "Feed the cat\n",
                     "url": "http://git.example.org/a/b/commit/bf"}}
                    """,
                "Feed the cat",
                "http://git.example.org/a/b/commit/bf"
            },
            {
                "X-Gogs-Event: push",
                """
                    {"after": "c2", "commits": [{"id": "c1", "message": "old"},
                     {"id": "c2", "message": "new", "url": "https://gogs.example.org/a/b/commit/c2"}]}
                    """,
                "new",
                "https://gogs.example.org/a/b/commit/c2"
            },
        };

    public static TheoryData<string, string, string?, string?> OfGitLab =>
        new()
        {
            {
                "X-Gitlab-Event: Push Hook",
                """
                    {"object_kind": "push", "after": "e5", "checkout_sha": "e5", "commits": [
                     {"id": "e4", "message": "before", "url": "https://gitlab.example.org/-/commit/e4"},
                     {"id": "e5", "message": "\n  Add a page  \r\n\r\nbody", "url": "https://gitlab.example.org/-/commit/e5"}]}
                    """,
                "Add a page",
                "https://gitlab.example.org/-/commit/e5"
            },
            {
                "X-Gitlab-Event: Push Hook",
                """{"object_kind": "push", "checkout_sha": "e5", "commits": [{"id": "e4", "message": "another"}]}""",
                null,
                null
            },
            {
                "X-Gitlab-Event: Merge Request Hook",
                """
                    {"object_kind": "merge_request", "object_attributes": {"last_commit": {"id": "a7", "message": "Topic",
                     "url": "https://gitlab.example.org/-/commit/a7"}}}
                    """,
                "Topic",
                "https://gitlab.example.org/-/commit/a7"
            },
            {
                "X-Gitlab-Event: Pipeline Hook",
                """{"object_kind": "pipeline", "object_attributes": {"sha": "f6"}, "commit": {"id": "f6", "message": "Line"}}""",
                "Line",
                null
            },
        };

    public static TheoryData<string, string, string?, string?> OfBitbucketAndAzure =>
        new()
        {
            {
                "X-Event-Key: repo:push",
                """
                    {"push": {"changes": [{"new": {"name": "main", "target": {"hash": "709d", "message": "Cloud\n",
                     "links": {"self": {"href": "https://api.bitbucket.org/x"},
                      "html": {"href": "https://bitbucket.org/team/shop/commits/709d"}}}}}]}}
                    """,
                "Cloud",
                "https://bitbucket.org/team/shop/commits/709d"
            },
            {
                "X-Event-Key: repo:refs_changed",
                """{"changes": [{"toHash": "1788"}], "toCommit": {"id": "1788", "message": "Data center"}}""",
                "Data center",
                null
            },
            {
                "X-None: x",
                """
                    {"eventType": "git.push", "resource": {"refUpdates": [{"newObjectId": "33b5"}], "commits": [
                     {"commitId": "33b5", "comment": "Fixed bug in web.config file", "url": "https://dev.azure.com/f/_git/r/commit/33b5"}]}}
                    """,
                "Fixed bug in web.config file",
                "https://dev.azure.com/f/_git/r/commit/33b5"
            },
        };

    public static TheoryData<string, string, string?, string?> OfNone =>
        new()
        {
            { "X-GitHub-Event: push", """{"head_commit": {"message": 5, "url": "https://a.example/"}}""", null, null },
            { "X-GitHub-Event: push", """{"head_commit": {"message": " \n\t\n"}}""", null, null },
            { "X-GitHub-Event: push", """{"head_commit": [{"message": "a"}]}""", null, null },
            { "X-GitHub-Event: push", "{", null, null },
            { "X-None: x", """{"head_commit": {"message": "nobody we know"}}""", null, null },
        };

    [Theory]
    [MemberData(nameof(OfGitHubAndGitea))]
    [MemberData(nameof(OfGitLab))]
    [MemberData(nameof(OfBitbucketAndAzure))]
    [MemberData(nameof(OfNone))]
    public void A_known_sender_says_what_its_commit_says(string header, string body, string? subject, string? url)
    {
        var facts = Facts(header, body);

        Assert.Equal((subject, url), (facts.CommitSubject, facts.CommitUrl));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("JavaScript:alert(1)//https://example.org/")]
    [InlineData("data:text/html,x")]
    [InlineData("ftp://example.org/a")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//example.org/a")]
    [InlineData("/a/b")]
    [InlineData("https:")]
    [InlineData("https://")]
    [InlineData("https:///a")]
    [InlineData("https://github.com@evil.example/a")]
    [InlineData("https://user:word@example.org/a")]
    [InlineData(" https://example.org/a")]
    [InlineData("https://example.org/a b")]
    [InlineData("https://example.org/a\\u0000")]
    [InlineData("https://example.org/a\\nb")]
    [InlineData("java\\tscript:alert(1)")]
    [InlineData("https://example.org/\\\"onmouseover=alert(1)")]
    [InlineData("https://example.org/<b>")]
    [InlineData("https://example.org\\\\@evil.example/")]
    [InlineData("https://ex\\u202eample.org/")]
    [InlineData("https://exämple.org/")]
    [InlineData("")]
    public void What_is_no_plain_address_of_the_web_is_no_link(string url)
    {
        var facts = Facts("X-GitHub-Event: push", Push("a", url));

        Assert.Equal("a", facts.CommitSubject);
        Assert.Null(facts.CommitUrl);
    }

    [Fact]
    public void A_link_that_is_too_long_is_none()
    {
        var url = "https://example.org/" + new string('a', 1_024);

        Assert.Null(Facts("X-GitHub-Event: push", Push("a", url)).CommitUrl);
    }

    [Theory]
    [InlineData("a\\u001b[31mb\\u0000\\u202ec\\td\\u0085", "a\uFFFD[31mb\uFFFD\uFFFDc\uFFFDd")]
    [InlineData("one\\u2028two", "one")]
    [InlineData("one\\rtwo", "one")]
    [InlineData("Ünïcode 😀", "Ünïcode 😀")]
    public void A_subject_is_one_line_without_tricks(string message, string subject) =>
        Assert.Equal(subject, Facts("X-GitHub-Event: push", Push(message, "")).CommitSubject);

    [Fact]
    public void A_long_subject_is_cut_between_characters()
    {
        var message = new string('a', 198) + "😀 and more";

        var facts = Facts("X-GitHub-Event: push", Push(message, ""));

        Assert.Equal(new string('a', 198) + "…", facts.CommitSubject);
    }

    private static string Push(string message, string url) =>
        $$"""{"head_commit": {"message": "{{message}}", "url": "{{url}}"} }""";

    private static SenderFacts Facts(string header, string body) =>
        SenderFacts.Of(
            RuleSample.Request(body, RuleSample.Json, (header.Split(':', 2)[0], header.Split(':', 2)[1].Trim()))
        );
}
