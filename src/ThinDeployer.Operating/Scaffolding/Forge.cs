using ThinDeployer.Operating.Writing;

namespace ThinDeployer.Operating.Scaffolding;

/// <summary>A forge whose push can deploy: what the service asks for, and what there is to click.</summary>
public sealed class Forge
{
    private const string Url = "%url%";
    private const string Secret = "%secret%";

    private static readonly (string, string)[] FormOfGitea =
    [
        ("Target URL", Url),
        ("HTTP method", "POST"),
        ("POST content type", "application/json"),
        ("Secret", Secret),
        ("Trigger on", "Push events"),
    ];

    private readonly string _page;
    private readonly string _header;
    private readonly Func<string, IEnumerable<Written>> _push;
    private readonly (string Field, string Value)[] _form;

    /// <param name="name">As <c>signature</c> names the sender.</param>
    /// <param name="title">As it calls itself.</param>
    /// <param name="page">Of a new webhook, below the repository's own.</param>
    /// <param name="header">Only its own requests have it.</param>
    /// <param name="push">The rules of a push to a branch.</param>
    /// <param name="form">What stands in its form beside the URL and the secret.</param>
    private Forge(
        string name,
        string title,
        string page,
        string header,
        Func<string, IEnumerable<Written>> push,
        params (string Field, string Value)[] form
    ) => (Name, Title, _page, _header, _push, _form) = (name, title, page, header, push, form);

    public string Name { get; }

    public string Title { get; }

    /// <summary>docs/senders.md has the sources, and those that need more than a click.</summary>
    public static IReadOnlyList<Forge> All { get; } =
    [
        new(
            "github",
            "GitHub",
            "settings/hooks/new",
            "X-GitHub-Event",
            branch => [Header("X-GitHub-Event", "push"), Branch(branch), Json("deleted", "equals", "false")],
            ("Payload URL", Url),
            ("Content type", "application/json"),
            ("Secret", Secret),
            ("Which events", "Just the push event")
        ),
        new(
            "gitlab",
            "GitLab",
            "-/hooks",
            "X-Gitlab-Event",
            branch => [Json("object_kind", "equals", "push"), Branch(branch), Json("checkout_sha", "exists", "true")],
            ("URL", Url),
            ("Secret token", Secret),
            ("Trigger", "Push events")
        ),
        new("gitea", "Gitea", "settings/hooks/gitea/new", "X-Gitea-Event", OfGitea, FormOfGitea),
        new("forgejo", "Forgejo", "settings/hooks/forgejo/new", "X-Gitea-Event", OfGitea, FormOfGitea),
        new(
            "bitbucket",
            "Bitbucket Cloud",
            "admin/webhooks",
            "X-Event-Key",
            branch => [Header("X-Event-Key", "repo:push"), Json("push.changes[*].new.name", "equals", branch)],
            ("URL", Url),
            ("Secret", Secret),
            ("Triggers", "Repository push")
        ),
    ];

    /// <summary>The one that a host's name tells; null for one that tells nothing.</summary>
    /// <param name="host">Such as <c>gitlab.example.org</c>.</param>
    public static Forge? At(string host) =>
        host is "codeberg.org"
            ? All.Single(forge => forge.Name == "forgejo")
            : All.FirstOrDefault(forge => host.Contains(forge.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The lines of its form for a new webhook: what stands where.</summary>
    /// <param name="url">Of the service, as the forge reaches it.</param>
    /// <param name="secret">That the forge signs with.</param>
    public IEnumerable<(string Field, string Value)> Form(string url, string secret) =>
        _form.Select(line =>
            line.Value switch
            {
                Url => (line.Field, url),
                Secret => (line.Field, secret),
                _ => line,
            }
        );

    /// <summary>Where that form is.</summary>
    /// <param name="repository">URL of the repository's page.</param>
    public string PageOf(string repository) => $"{repository}/{_page}";

    /// <summary>A push to the branch, or a call that is not the forge's.</summary>
    internal Written.Map When(string branch) =>
        Written.MapOf(
            (
                "any",
                new Written.List([
                    Written.MapOf(("all", new Written.List([.. _push(branch)]))),
                    Written.MapOf(("header", new Written.Text(_header)), ("exists", new Written.Word("false"))),
                ])
            )
        );

    private static IEnumerable<Written> OfGitea(string branch) =>
        [
            Header("X-Gitea-Event", "push"),
            Branch(branch),
            // A branch that is deleted has zeroes.
            Json("after", "matches", "^0*[1-9a-f]"),
        ];

    private static Written.Map Branch(string name) => Json("ref", "equals", $"refs/heads/{name}");

    private static Written.Map Header(string name, string value) =>
        Written.MapOf(("header", new Written.Text(name)), ("equals", new Written.Text(value)));

    private static Written.Map Json(string path, string test, string value) =>
        Written.MapOf(
            ("json", new Written.Text(path)),
            (test, test == "exists" ? new Written.Word(value) : new Written.Text(value))
        );
}
