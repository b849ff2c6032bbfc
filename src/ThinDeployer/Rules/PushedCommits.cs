using System.Globalization;
using System.Text.Json;

namespace ThinDeployer.Rules;

/// <summary>
/// What the commits of a push say. Known only where the list is surely whole: who is not sure deploys. GitHub, GitLab, Gitea,
/// Forgejo and Gogs list them as <c>commits</c>, Bitbucket Cloud for each of its <c>push.changes</c>. Data Center sends none of
/// their words, and Azure DevOps does not say whether its list is whole.
/// </summary>
internal abstract record PushedCommits
{
    private const string NoList = "the request lists no commits";

    private PushedCommits() { }

    /// <param name="Messages">One at least.</param>
    internal sealed record Known(IReadOnlyList<string> Messages) : PushedCommits;

    /// <param name="Reason">Why, for a trace.</param>
    internal sealed record Unknown(string Reason) : PushedCommits;

    internal static PushedCommits Of(RuleRequest request)
    {
        if (request.Payload is not Payload.Tree { Root: { ValueKind: JsonValueKind.Object } push })
        {
            return new Unknown(request.Payload is Payload.None({ } hint) ? hint : NoList);
        }

        var sender = KnownSender.All.FirstOrDefault(one => one.Sent(request));
        return sender == KnownSender.Bitbucket ? OfChanges(push)
            : sender == KnownSender.GitHub || sender == KnownSender.GitLab || sender == KnownSender.Gitea
                ? OfPush(push, request)
            : new Unknown("who sent it is none whose list of commits is surely whole");
    }

    private static PushedCommits OfPush(JsonElement push, RuleRequest request)
    {
        if (PushList.Commits(push) is not { } commits)
        {
            return new Unknown(NoList);
        }

        var messages = new List<string>();
        return PushList.WhyIncomplete(push, commits.GetArrayLength(), request) is { } reason ? new Unknown(reason)
            : TryAdd(commits, messages) ? new Known(messages)
            : new Unknown("a commit has no message");
    }

    /// <summary>support.atlassian.com/bitbucket-cloud/docs/event-payloads, "Push": five commits a change at most.</summary>
    private static PushedCommits OfChanges(JsonElement body)
    {
        if (
            !body.TryGetProperty("push", out var push)
            || push.ValueKind != JsonValueKind.Object
            || !push.TryGetProperty("changes", out var changes)
            || changes.ValueKind != JsonValueKind.Array
        )
        {
            return new Unknown(NoList);
        }

        var messages = new List<string>();
        foreach (var change in changes.EnumerateArray())
        {
            if (WhyUnknown(change, messages) is { } reason)
            {
                return new Unknown(reason);
            }
        }

        return messages.Count > 0 ? new Known(messages) : new Unknown(NoList);
    }

    /// <summary>Null where all is known, and then it is added.</summary>
    private static string? WhyUnknown(JsonElement change, List<string> messages)
    {
        if (change.ValueKind != JsonValueKind.Object || PushList.Commits(change) is not { } commits)
        {
            return NoList;
        }

        if (!change.TryGetProperty("truncated", out var isCut) || isCut.ValueKind != JsonValueKind.False)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the sender cut its list after {commits.GetArrayLength()} commits"
            );
        }

        return PushList.IsTrue(change, "forced") ? PushList.Forced
            : commits.GetArrayLength() == 0 ? "a change lists no commits"
            : TryAdd(commits, messages) ? null
            : "a commit has no message";
    }

    private static bool TryAdd(JsonElement commits, List<string> messages)
    {
        foreach (var commit in commits.EnumerateArray())
        {
            if (
                commit.ValueKind != JsonValueKind.Object
                || !commit.TryGetProperty("message", out var message)
                || message.ValueKind != JsonValueKind.String
            )
            {
                return false;
            }

            messages.Add(message.GetString()!);
        }

        return true;
    }
}
