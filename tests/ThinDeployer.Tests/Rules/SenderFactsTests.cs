using CsCheck;
using ThinDeployer.Rules;

namespace ThinDeployer.Tests.Rules;

public sealed class SenderFactsTests
{
    /// <summary>The header that tells the sender (or none), the body, and what is known.</summary>
    public static TheoryData<string, string, string, string?, string?, string?, string?> GitHubPushes =>
        new()
        {
            {
                "X-GitHub-Event",
                "push",
                """
                    {"ref": "refs/heads/main", "before": "11", "after": "a1b2", "created": false, "deleted": false, "forced": false,
                     "pusher": {"name": "octocat", "email": "o@example.org"}, "sender": {"login": "octo-login", "id": 1},
                     "commits": [{"id": "a1b2", "added": [], "modified": ["a"], "removed": []}], "head_commit": {"id": "a1b2"}}
                    """,
                "push",
                "refs/heads/main",
                "a1b2",
                "octocat"
            },
            {
                "X-GitHub-Event",
                "push",
                """
                    {"ref": "refs/heads/old", "after": "0000000000000000000000000000000000000000", "deleted": true,
                     "head_commit": null, "commits": [], "pusher": {"name": "octocat"}}
                    """,
                "push",
                "refs/heads/old",
                null,
                "octocat"
            },
        };

    public static TheoryData<string, string, string, string?, string?, string?, string?> GitHub =>
        new()
        {
            {
                "X-GitHub-Event",
                "pull_request",
                """
                    {"action": "closed", "number": 2, "pull_request": {"merged": true, "head": {"ref": "topic", "sha": "c3"},
                     "base": {"ref": "main"}}, "sender": {"login": "octocat"}}
                    """,
                "pull_request",
                "topic",
                "c3",
                "octocat"
            },
            {
                "X-GitHub-Event",
                "release",
                """{"action": "published", "release": {"tag_name": "v1.2.0"}, "sender": {"login": "octocat"}}""",
                "release",
                "v1.2.0",
                null,
                "octocat"
            },
            {
                "X-GitHub-Event",
                "workflow_run",
                """
                    {"action": "completed", "workflow_run": {"head_branch": "main", "head_sha": "d4", "conclusion": "success"},
                     "sender": {"login": "octocat"}}
                    """,
                "workflow_run",
                "main",
                "d4",
                "octocat"
            },
            {
                "X-GitHub-Event",
                "registry_package",
                """
                    {"action": "published", "registry_package": {"name": "shop",
                     "package_version": {"container_metadata": {"tag": {"name": "v7"}}}}, "sender": {"login": "octocat"}}
                    """,
                "registry_package",
                "v7",
                null,
                "octocat"
            },
        };

    public static TheoryData<string, string, string, string?, string?, string?, string?> GitLab =>
        new()
        {
            {
                "X-Gitlab-Event",
                "Push Hook",
                """
                    {"object_kind": "push", "event_name": "push", "before": "11", "after": "e5", "ref": "refs/heads/main",
                     "checkout_sha": "e5", "user_id": 4, "user_name": "John Smith", "user_username": "jsmith",
                     "commits": [], "total_commits_count": 4}
                    """,
                "Push Hook",
                "refs/heads/main",
                "e5",
                "jsmith"
            },
            {
                "X-Gitlab-Event",
                "Pipeline Hook",
                """
                    {"object_kind": "pipeline", "object_attributes": {"ref": "main", "sha": "f6", "status": "success"},
                     "user": {"name": "Administrator", "username": "root"}}
                    """,
                "Pipeline Hook",
                "main",
                "f6",
                "root"
            },
            {
                "X-Gitlab-Event",
                "Merge Request Hook",
                """
                    {"object_kind": "merge_request", "user": {"username": "root"}, "object_attributes":
                     {"source_branch": "topic", "target_branch": "main", "last_commit": {"id": "a7"}}}
                    """,
                "Merge Request Hook",
                "topic",
                "a7",
                "root"
            },
            {
                "X-None",
                "",
                """{"object_kind": "tag_push", "ref": "refs/tags/v1", "checkout_sha": "b8", "user_name": "John"}""",
                "tag_push",
                "refs/tags/v1",
                "b8",
                "John"
            },
        };

    public static TheoryData<string, string, string, string?, string?, string?, string?> GiteaAndGogs =>
        new()
        {
            {
                "X-Gitea-Event",
                "push",
                """
                    {"ref": "refs/heads/develop", "before": "28", "after": "bf", "total_commits": 1,
                     "commits": [{"id": "bf", "added": [], "removed": [], "modified": ["a"]}],
                     "pusher": {"id": 1, "login": "gitea", "username": "gitea2"}, "sender": {"login": "other"}}
                    """,
                "push",
                "refs/heads/develop",
                "bf",
                "gitea"
            },
            {
                "X-Gogs-Event",
                "release",
                """{"action": "published", "release": {"tag_name": "v2"}, "sender": {"username": "unknwon"}}""",
                "release",
                "v2",
                null,
                "unknwon"
            },
        };

    public static TheoryData<string, string, string, string?, string?, string?, string?> Bitbucket =>
        new()
        {
            {
                "X-Event-Key",
                "repo:push",
                """
                    {"push": {"changes": [{"old": {"name": "main"}, "new": {"type": "branch", "name": "main",
                     "target": {"hash": "709d"}}, "forced": false}]},
                     "actor": {"nickname": "emma", "display_name": "Emma P."}, "repository": {"full_name": "team/shop"}}
                    """,
                "repo:push",
                "main",
                "709d",
                "emma"
            },
            {
                "X-Event-Key",
                "repo:push",
                """{"push": {"changes": [{"old": {"name": "gone"}, "new": null}]}, "actor": {"display_name": "Emma P."}}""",
                "repo:push",
                "gone",
                null,
                "Emma P."
            },
            {
                "X-Event-Key",
                "repo:refs_changed",
                """
                    {"eventKey": "repo:refs_changed", "actor": {"name": "admin", "displayName": "Administrator"},
                     "changes": [{"ref": {"id": "refs/heads/master", "displayId": "master"}, "toHash": "1788", "type": "UPDATE"}]}
                    """,
                "repo:refs_changed",
                "refs/heads/master",
                "1788",
                "admin"
            },
        };

    public static TheoryData<string, string, string, string?, string?, string?, string?> Others =>
        new()
        {
            {
                "X-None",
                "",
                """
                    {"id": "03", "eventType": "git.push", "publisherId": "tfs", "resource": {"commits": [{"commitId": "33b5"}],
                     "refUpdates": [{"name": "refs/heads/master", "oldObjectId": "aad3", "newObjectId": "33b5"}],
                     "pushedBy": {"displayName": "Jamal Hartnett", "uniqueName": "jamal@example.org"}}}
                    """,
                "git.push",
                "refs/heads/master",
                "33b5",
                "Jamal Hartnett"
            },
            {
                "X-None",
                "",
                """
                    {"callback_url": "https://registry.hub.docker.com/u/team/shop/hook/1/", "push_data": {"pushed_at": 1417566161,
                     "pusher": "trustedbuilder", "tag": "latest"}, "repository": {"repo_name": "team/shop", "name": "shop"}}
                    """,
                "push",
                "latest",
                null,
                "trustedbuilder"
            },
            { "X-None", "", """{"ref": "refs/heads/main"}""", null, null, null, null },
            { "X-GitHub-Event", "push", "{", "push", null, null, null },
        };

    [Theory]
    [MemberData(nameof(GitHubPushes))]
    [MemberData(nameof(GitHub))]
    [MemberData(nameof(GitLab))]
    [MemberData(nameof(GiteaAndGogs))]
    [MemberData(nameof(Bitbucket))]
    [MemberData(nameof(Others))]
    public void A_known_sender_says_who_and_what(
        string header,
        string value,
        string body,
        string? kind,
        string? reference,
        string? commit,
        string? actor
    )
    {
        var facts = SenderFacts.Of(RuleSample.Request(body, RuleSample.Json, (header, value)));

        Assert.Equal(new SenderFacts(kind, reference, commit, actor), facts);
    }

    [Fact]
    public void Giteas_headers_win_over_those_that_it_sends_for_others()
    {
        var request = RuleSample.Request(
            """{"pusher": {"login": "me", "name": "not me"}}""",
            RuleSample.Json,
            ("X-GitHub-Event", "push"),
            ("X-Gogs-Event", "push"),
            ("X-Gitea-Event", "push")
        );

        Assert.Equal("me", SenderFacts.Of(request).Actor);
    }

    [Fact]
    public void What_is_long_or_plays_tricks_is_tamed()
    {
        var body = $$"""{"ref": "a\u001b[31m\u202eb\n", "after": "{{new string('f', 255)}}😀😀"}""";

        var facts = SenderFacts.Of(RuleSample.Request(body, RuleSample.Json, ("X-GitHub-Event", "push")));

        Assert.Equal("a\uFFFD[31m\uFFFDb\uFFFD", facts.Ref);
        Assert.Equal(new string('f', 255), facts.Commit);
    }

    [Fact]
    public void Facts_of_a_sender_and_an_id_never_throw_and_are_short() =>
        Gen.Select(
                RuleCases.Bodies,
                RuleSample.OneOf(
                    "X-GitHub-Event",
                    "X-Gitlab-Event",
                    "X-Gitea-Event",
                    "X-Event-Key",
                    "webhook-id",
                    "X-GitHub-Delivery"
                ),
                Gen.String
            )
            .Sample(
                (body, header, value) =>
                {
                    var request = RuleSample.Request(body, RuleSample.Json, (header, value));
                    var facts = SenderFacts.Of(request);

                    Assert.All(
                        [facts.Event, facts.Ref, facts.Commit, facts.Actor, facts.CommitSubject],
                        fact => Assert.True(fact is null or { Length: <= 256 })
                    );
                    _ = SenderHeaders.IsPing(request);
                    Assert.True(SenderHeaders.DeliveryId(sender: null, request) is null or { Length: <= 256 });
                }
            );
}
