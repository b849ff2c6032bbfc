using System.Text.Json;

namespace ThinDeployer.Rules;

/// <summary>
/// The paths that the commits of a push touched, by <c>commits[].added</c>, <c>modified</c> and <c>removed</c>: GitHub,
/// GitLab, Gitea, Forgejo and Gogs send these. Where the lists may lack something, they are not known: a deployment too many is
/// better than one that is missing.
/// </summary>
internal abstract record ChangedPaths
{
    /// <summary>GitHub's limit for one commit (docs.github.com, webhook event "push").</summary>
    private const int MostFilesOfCommit = 3_000;

    private static readonly string[] Lists = ["added", "modified", "removed"];

    private ChangedPaths() { }

    internal sealed record Known(IReadOnlyList<string> Paths) : ChangedPaths;

    /// <param name="Reason">Why, for a trace.</param>
    internal sealed record Unknown(string Reason) : ChangedPaths;

    /// <summary>The body is broken.</summary>
    internal sealed record Unreadable(string Reason) : ChangedPaths;

    internal static ChangedPaths Of(RuleRequest request) =>
        request.Payload switch
        {
            Payload.Broken(var reason) => new Unreadable(reason),
            Payload.None({ } hint) => new Unknown(hint),
            Payload.Tree({ ValueKind: JsonValueKind.Object } push) => OfPush(push, request),
            _ => new Unknown("the request lists no commits"),
        };

    private static ChangedPaths OfPush(JsonElement push, RuleRequest request)
    {
        if (PushList.IsTrue(push, "deleted") || IsNoCommit(push, "after"))
        {
            return new Known([]);
        }

        if (PushList.Commits(push) is not { } commits)
        {
            return new Unknown("the request lists no commits");
        }

        return PushList.WhyIncomplete(push, commits.GetArrayLength(), request) is { } reason
            ? new Unknown(reason)
            : OfCommits(commits);
    }

    private static ChangedPaths OfCommits(JsonElement commits)
    {
        var paths = new List<string>();
        foreach (var commit in commits.EnumerateArray())
        {
            var before = paths.Count;
            if (!TryAdd(commit, paths))
            {
                return new Unknown("the sender lists no files");
            }

            if (paths.Count - before >= MostFilesOfCommit)
            {
                return new Unknown("the sender cut its list of files");
            }
        }

        return new Known(paths);
    }

    /// <summary>False when it has none of the lists, or something else in their place.</summary>
    private static bool TryAdd(JsonElement commit, List<string> paths)
    {
        if (commit.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var hasList = false;
        foreach (var name in Lists)
        {
            // Gogs writes null for an empty list.
            if (!commit.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (
                list.ValueKind != JsonValueKind.Array
                || list.EnumerateArray().Any(path => path.ValueKind != JsonValueKind.String)
            )
            {
                return false;
            }

            hasList = true;
            paths.AddRange(list.EnumerateArray().Select(path => path.GetString()!));
        }

        return hasList;
    }

    /// <summary>Git's hash of nothing: the branch is gone.</summary>
    private static bool IsNoCommit(JsonElement push, string name) =>
        push.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } hash
        && !hash.AsSpan().ContainsAnyExcept('0');
}
