using System.Globalization;
using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>What a commit says where it needs no deployment, in any case of its letters and at any place of its message.</summary>
/// <param name="Marks">One at least, none of them empty.</param>
internal sealed record SkipMarks(IReadOnlyList<string> Marks)
{
    internal const string Key = "skip_marks";

    /// <summary>True where a deployment is wanted: unless each commit of a push has a mark, and all of them are known.</summary>
    internal TraceLine Ask(RuleRequest request) =>
        PushedCommits.Of(request) switch
        {
            PushedCommits.Known(var messages) when messages.All(HasMark) => Line(
                Outcome.False,
                messages.Count == 1
                    ? "its only commit does"
                    : string.Create(CultureInfo.InvariantCulture, $"all {messages.Count} do")
            ),
            PushedCommits.Known => Line(Outcome.True, "one does not"),
            PushedCommits.Unknown(var reason) => Line(Outcome.True, Excerpt.Cut($"it is not known, because {reason}")),
            _ => throw new InvalidOperationException("The commits are of a kind that is not known."),
        };

    public override string ToString() =>
        Excerpt.Cut($"not every commit says {string.Join(" or ", Marks.Select(Quote.Of))}");

    private bool HasMark(string message) =>
        Marks.Any(mark => message.Contains(mark, StringComparison.OrdinalIgnoreCase));

    private TraceLine Line(Outcome outcome, string detail) => new(Key, Depth: 0, ToString(), outcome, detail);
}
