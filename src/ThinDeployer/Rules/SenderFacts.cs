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
    /// <summary>Of each, in UTF-16 units.</summary>
    internal const int MaximumLength = 256;

    private const char Replacement = '\uFFFD';

    internal static SenderFacts Unknown { get; } = new(Event: null, Ref: null, Commit: null, Actor: null);

    internal static SenderFacts Of(RuleRequest request) =>
        KnownSender.All.FirstOrDefault(sender => sender.Sent(request)) is { } sender
            ? new SenderFacts(
                First(sender.Event, request) ?? sender.OnlyEvent,
                First(sender.Ref, request),
                First(sender.Commit, request),
                First(sender.Actor, request)
            )
            : Unknown;

    /// <summary>The first that has a text; git's hash of nothing is none.</summary>
    private static string? First(IReadOnlyList<ValueSource> sources, RuleRequest request) =>
        sources
            .Select(source => source.In(request))
            .OfType<Found.Text>()
            .Select(found => found.Value)
            .FirstOrDefault(value => value.AsSpan().ContainsAnyExcept('0'))
            is { } first
            ? Shown(first)
            : null;

    private static string Shown(string value)
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
