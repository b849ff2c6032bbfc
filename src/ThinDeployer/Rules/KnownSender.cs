namespace ThinDeployer.Rules;

/// <summary>Where a sender of webhooks writes what it is about. Of several places the first that has a text counts.</summary>
internal sealed record KnownSender
{
    /// <summary>By which GitHub asks for a deployment.</summary>
    internal const string DeploymentEvent = "deployment";

    /// <summary>Any of these tells the sender.</summary>
    internal required IReadOnlyList<ValueSource> Marks { get; init; }

    internal required IReadOnlyList<ValueSource> Event { get; init; }

    /// <summary>Where the sender knows one kind of event only, and does not name it.</summary>
    internal string? OnlyEvent { get; init; }

    internal required IReadOnlyList<ValueSource> Ref { get; init; }

    internal required IReadOnlyList<ValueSource> Commit { get; init; }

    internal required IReadOnlyList<ValueSource> Actor { get; init; }

    /// <summary>Where it writes what the commit says; empty where it does not.</summary>
    internal IReadOnlyList<CommitPlace> Commits { get; init; } = [];

    /// <summary>Where it writes the number of its own deployment; empty where it knows none.</summary>
    internal IReadOnlyList<ValueSource> Deployment { get; init; } = [];

    internal bool Sent(RuleRequest request) => Marks.Any(mark => mark.In(request) is Found.Text or Found.Composite);

    /// <summary>docs.github.com/webhooks/webhook-events-and-payloads</summary>
    internal static KnownSender GitHub { get; } =
        new()
        {
            Marks = Headers("X-GitHub-Event"),
            Event = Headers("X-GitHub-Event"),
            Ref = Json(
                "ref",
                "pull_request.head.ref",
                "workflow_run.head_branch",
                "check_suite.head_branch",
                "deployment.ref",
                "release.tag_name",
                "package.package_version.container_metadata.tag.name",
                "registry_package.package_version.container_metadata.tag.name"
            ),
            Commit = Json(
                "after",
                "head_commit.id",
                "pull_request.head.sha",
                "workflow_run.head_sha",
                "check_suite.head_sha",
                "deployment.sha",
                "sha"
            ),
            Actor = Json("pusher.name", "sender.login"),
            Deployment = Json("deployment.id"),
            Commits =
            [
                CommitPlace.At("head_commit"),
                CommitPlace.At("workflow_run.head_commit", url: null),
                CommitPlace.At("check_suite.head_commit", url: null),
            ],
        };

    /// <summary>docs.gitea.com/usage/webhooks; Forgejo and Gogs send the same.</summary>
    internal static KnownSender Gitea { get; } =
        new()
        {
            Marks = Headers("X-Gitea-Event", "X-Forgejo-Event", "X-Gogs-Event"),
            Event = Headers("X-Forgejo-Event", "X-Gitea-Event", "X-Gogs-Event"),
            Ref = Json("ref", "pull_request.head.ref", "release.tag_name"),
            Commit = Json("after", "head_commit.id", "pull_request.head.sha", "sha"),
            Actor = Json("pusher.login", "pusher.username", "sender.login", "sender.username"),
            Commits = [CommitPlace.At("head_commit"), CommitPlace.At("commits[*]")],
        };

    /// <summary>docs.gitlab.com/user/project/integrations/webhook_events</summary>
    internal static KnownSender GitLab { get; } =
        new()
        {
            Marks = [.. Headers("X-Gitlab-Event"), .. Json("object_kind")],
            Event = [.. Headers("X-Gitlab-Event"), .. Json("object_kind")],
            Ref = Json("ref", "object_attributes.ref", "object_attributes.source_branch", "tag"),
            Commit = Json(
                "checkout_sha",
                "after",
                "object_attributes.sha",
                "object_attributes.last_commit.id",
                "sha",
                "commit.id"
            ),
            Actor = Json("user_username", "user.username", "user_name", "user.name"),
            Commits =
            [
                CommitPlace.At("commits[*]"),
                CommitPlace.At("object_attributes.last_commit"),
                CommitPlace.At("commit"),
            ],
        };

    /// <summary>
    /// support.atlassian.com/bitbucket-cloud/docs/event-payloads, and that of Data Center, whose changes stand elsewhere.
    /// </summary>
    internal static KnownSender Bitbucket { get; } =
        new()
        {
            Marks = Headers("X-Event-Key"),
            Event = Headers("X-Event-Key"),
            Ref = Json(
                "push.changes[0].new.name",
                "push.changes[0].old.name",
                "pullrequest.source.branch.name",
                "changes[0].ref.id",
                "pullRequest.fromRef.id"
            ),
            Commit = Json(
                "push.changes[0].new.target.hash",
                "pullrequest.source.commit.hash",
                "changes[0].toHash",
                "pullRequest.fromRef.latestCommit"
            ),
            Actor = Json("actor.nickname", "actor.display_name", "actor.name", "actor.displayName"),
            Commits =
            [
                CommitPlace.At("push.changes[0].new.target", "hash", url: "links.html.href"),
                CommitPlace.At("toCommit", url: null),
            ],
        };

    /// <summary>learn.microsoft.com/azure/devops/service-hooks/events</summary>
    internal static KnownSender AzureDevOps { get; } =
        new()
        {
            Marks = Json("eventType"),
            Event = Json("eventType"),
            Ref = Json("resource.refUpdates[0].name", "resource.sourceRefName", "resource.sourceBranch"),
            Commit = Json(
                "resource.refUpdates[0].newObjectId",
                "resource.lastMergeSourceCommit.commitId",
                "resource.sourceVersion"
            ),
            Actor = Json(
                "resource.pushedBy.displayName",
                "resource.pushedBy.uniqueName",
                "resource.createdBy.displayName",
                "resource.requestedFor.displayName"
            ),
            Commits = [CommitPlace.At("resource.commits[*]", "commitId", "comment")],
        };

    /// <summary>docs.docker.com/docker-hub/repos/manage/webhooks: it tells of pushes only.</summary>
    internal static KnownSender DockerHub { get; } =
        new()
        {
            Marks = Json("push_data"),
            Event = [],
            OnlyEvent = "push",
            Ref = Json("push_data.tag"),
            Commit = [],
            Actor = Json("push_data.pusher"),
        };

    /// <summary>
    /// The family of Gitea before GitHub, whose headers it sends too. Who is known by its body only comes last.
    /// </summary>
    internal static IReadOnlyList<KnownSender> All { get; } =
    [Gitea, GitHub, Bitbucket, GitLab, AzureDevOps, DockerHub];

    private static IReadOnlyList<ValueSource> Headers(params string[] names) =>
        [.. names.Select(name => new ValueSource.Header(name))];

    private static IReadOnlyList<ValueSource> Json(params string[] paths) =>
        [
            .. paths.Select(text =>
                JsonPath.TryParse(text, out var path, out var fault)
                    ? new ValueSource.Json(path)
                    : throw new ArgumentException(fault, nameof(paths))
            ),
        ];
}
