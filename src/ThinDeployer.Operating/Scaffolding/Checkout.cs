using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Scaffolding;

/// <summary>What a folder tells of itself, so that less must be asked. Nothing is run: git refuses folders of other users.</summary>
public sealed class Checkout
{
    /// <summary>Bytes.</summary>
    private const int LargestFile = 1 << 20;

    private const string Head = "ref: refs/heads/";

    private Checkout(string folder)
    {
        var git = Path.Join(folder, ".git");
        Branch =
            TextOf(Path.Join(git, "HEAD")) is { } head && head.StartsWith(Head, StringComparison.Ordinal)
                ? head[Head.Length..].Trim()
                : null;
        Repository = PageOf(OriginIn(TextOf(Path.Join(git, "config")) ?? ""));
        Commands =
        [
            .. Commanded(Path.Exists(git), "git pull --ff-only"),
            .. Commanded(File.Exists(Path.Join(folder, "deploy.sh")), "./deploy.sh"),
            .. Commanded(
                ComposeFiles.Any(name => File.Exists(Path.Join(folder, name))),
                "docker compose up --detach --build --remove-orphans"
            ),
        ];
    }

    /// <summary>docs.docker.com/compose/intro/compose-application-model</summary>
    private static readonly string[] ComposeFiles =
    [
        "compose.yaml",
        "compose.yml",
        "docker-compose.yaml",
        "docker-compose.yml",
    ];

    /// <summary>That is checked out; null for none.</summary>
    public string? Branch { get; }

    /// <summary>The page of the repository it was cloned from, by its usual form; null where there is none, or a folder.</summary>
    public Uri? Repository { get; }

    /// <summary>That would deploy it.</summary>
    public IReadOnlyList<string> Commands { get; }

    /// <summary>Never fails: what can't be read tells nothing.</summary>
    public static Checkout Of(string folder) => new(folder);

    private static IEnumerable<string> Commanded(bool isThere, string command) => isThere ? [command] : [];

    /// <summary>git-config(1): <c>[remote "origin"]</c>, and below it <c>url = …</c>.</summary>
    private static string OriginIn(string config)
    {
        var isOrigin = false;
        foreach (var line in config.Split('\n').Select(line => line.Trim()))
        {
            if (line is ['[', ..])
            {
                isOrigin = line == "[remote \"origin\"]";
            }
            else if (isOrigin && line.Split('=', 2) is [var key, var value] && key.Trim() == "url")
            {
                return value.Trim();
            }
        }

        return "";
    }

    /// <summary>
    /// <c>https://HOST/PATH.git</c>, <c>ssh://git@HOST/PATH.git</c> and <c>git@HOST:PATH.git</c>, without name and password.
    /// </summary>
    private static Uri? PageOf(string origin)
    {
        if (!origin.Contains("://", StringComparison.Ordinal) && origin.Split(':', 2) is [var host, var path])
        {
            origin = $"ssh://{host}/{path}";
        }

        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http" or "ssh"))
        {
            return null;
        }

        var page = uri.AbsolutePath.TrimEnd('/');
        return new UriBuilder(
            uri.Scheme is "http" ? "http" : "https",
            uri.Host,
            uri.Scheme is "ssh" ? -1 : uri.Port,
            page.EndsWith(".git", StringComparison.Ordinal) ? page[..^4] : page
        ).Uri;
    }

    private static string? TextOf(string path) =>
        TextFile.Read(path, LargestFile) is TextFileResult.Content(var text) ? text : null;
}
