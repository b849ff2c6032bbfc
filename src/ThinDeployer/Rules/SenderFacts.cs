using System.Text;

namespace ThinDeployer.Rules;

/// <summary>
/// Who sent a webhook and what it is about, to be shown to people. Each null where it is not known. Nothing is decided by
/// them, because a sender may write what it likes.
/// </summary>
/// <param name="Event">As the sender calls it.</param>
/// <param name="Ref">A branch, a tag, or a full reference, as the sender writes it.</param>
/// <param name="Commit">Its hash.</param>
/// <param name="Actor">Who did it, by the sender's name.</param>
internal sealed record SenderFacts(string? Event, string? Ref, string? Commit, string? Actor)
{
    /// <summary>Of each of these four, in UTF-16 units.</summary>
    internal const int MaximumLength = 256;

    private const char Replacement = '\uFFFD';

    /// <summary>The first line of the commit's message, on one line and cut where it is long.</summary>
    internal string? CommitSubject { get; init; }

    /// <summary>Of the commit, for people to follow: HTTP or HTTPS, and nothing else.</summary>
    internal string? CommitUrl { get; init; }

    /// <summary>The sender's own deployment that this asks for, by its number there; null for none.</summary>
    internal string? Deployment { get; init; }

    internal static SenderFacts Unknown { get; } = new(Event: null, Ref: null, Commit: null, Actor: null);

    internal static SenderFacts Of(RuleRequest request) =>
        KnownSender.All.FirstOrDefault(sender => sender.Sent(request)) is { } sender ? Of(request, sender) : Unknown;

    private static SenderFacts Of(RuleRequest request, KnownSender sender)
    {
        var hash = First(sender.Commit, request);
        var commit = CommitOf(request, sender, hash);
        return new SenderFacts(
            Shown(First(sender.Event, request)) ?? sender.OnlyEvent,
            Shown(First(sender.Ref, request)),
            Shown(hash),
            Shown(First(sender.Actor, request))
        )
        {
            CommitSubject = commit is null ? null : CommitTexts.Subject(commit.Message),
            CommitUrl = CommitTexts.Link(commit?.Url),
            Deployment = DeploymentOf(request, sender),
        };
    }

    /// <summary>Other events of a sender may tell of a deployment, too; only this one asks for it.</summary>
    private static string? DeploymentOf(RuleRequest request, KnownSender sender) =>
        First(sender.Event, request) == KnownSender.DeploymentEvent
        && First(sender.Deployment, request) is { } id
        && id.All(char.IsAsciiDigit)
            ? id
            : null;

    private static FoundCommit? CommitOf(RuleRequest request, KnownSender sender, string? hash) =>
        sender.Commits.Count > 0 && request.Payload is Payload.Tree(var root)
            ? sender.Commits.Select(place => place.In(root, hash)).FirstOrDefault(commit => commit is not null)
            : null;

    /// <summary>The first that has a text; git's hash of nothing is none.</summary>
    private static string? First(IReadOnlyList<ValueSource> sources, RuleRequest request) =>
        sources
            .Select(source => source.In(request))
            .OfType<Found.Text>()
            .Select(found => found.Value)
            .FirstOrDefault(value => value.AsSpan().ContainsAnyExcept('0'));

    private static string? Shown(string? value) => value is null ? null : Shown(value.AsSpan());

    /// <summary>Of a text, on one line, what fits, and nothing that plays tricks on a terminal.</summary>
    internal static string Shown(ReadOnlySpan<char> value)
    {
        var shown = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
        {
            if (shown.Length + rune.Utf16SequenceLength > MaximumLength)
            {
                break;
            }

            _ = Yaml.Quote.IsVisible(rune) ? shown.Append(rune) : shown.Append(Replacement);
        }

        return shown.ToString();
    }
}
