using System.Globalization;
using System.Text.Json;

namespace ThinDeployer.Rules;

/// <summary>The list of commits in a push of GitHub, GitLab, Gitea, Forgejo or Gogs, and whether it is all of them.</summary>
internal static class PushList
{
    internal const string Forced = "it is a forced push";

    /// <summary>GitHub's own limit (docs.github.com, webhook event "push").</summary>
    private const int MostCommits = 2_048;

    /// <summary>
    /// Gogs, and Gitea before 1.18, cut the list at <c>FEED_MAX_COMMIT_NUM</c>, which is 5, and don't say how many there were.
    /// </summary>
    private const int CommitsOfOldGitea = 5;

    private static readonly string[] GiteaHeaders = ["X-Gitea-Event", "X-Forgejo-Event", "X-Gogs-Event"];

    /// <summary>Null where there is none.</summary>
    internal static JsonElement? Commits(JsonElement push) =>
        push.TryGetProperty("commits", out var commits) && commits.ValueKind == JsonValueKind.Array ? commits : null;

    /// <summary>Null where it is whole.</summary>
    internal static string? WhyIncomplete(JsonElement push, int listed, RuleRequest request)
    {
        if (IsTrue(push, "forced"))
        {
            return Forced;
        }

        if (listed == 0)
        {
            return "a push without commits, as of a new branch, says nothing";
        }

        // GitLab's, Gitea's, and that of GitHub's older events.
        var total = Number(push, "total_commits_count") ?? Number(push, "total_commits") ?? Number(push, "size");
        return total > listed || listed >= MostCommits || (total is null && MayBeCut(listed, request))
            ? string.Create(CultureInfo.InvariantCulture, $"the sender cut its list after {listed} commits")
            : null;
    }

    internal static bool IsTrue(JsonElement push, string name) =>
        push.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static bool MayBeCut(int listed, RuleRequest request) =>
        listed >= CommitsOfOldGitea && GiteaHeaders.Any(name => request.Headers(name).Count > 0);

    private static decimal? Number(JsonElement push, string name) =>
        push.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDecimal(out var number)
            ? number
            : null;
}
