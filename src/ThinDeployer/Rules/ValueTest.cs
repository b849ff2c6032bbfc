namespace ThinDeployer.Rules;

/// <summary>What a rule demands of a value.</summary>
internal abstract record ValueTest
{
    private ValueTest() { }

    internal sealed record EqualTo(WrittenText Text) : ValueTest;

    internal sealed record OneOf(IReadOnlyList<WrittenText> Texts) : ValueTest;

    internal sealed record Matching(SearchedPattern Pattern) : ValueTest;

    /// <summary>Whether anything is there, of whatever kind and however often.</summary>
    internal sealed record Existing(bool Wanted) : ValueTest;

    /// <summary>A comparison with anything but one text is false.</summary>
    internal Outcome Of(Found found) =>
        (this, found) switch
        {
            (_, Found.Unreadable) => Outcome.Undecided,
            (Existing(var wanted), _) => Outcomes.Of(found is not Found.Nothing == wanted),
            (EqualTo(var text), Found.Text(var value)) => Outcomes.Of(text.Value == value),
            (OneOf(var texts), Found.Text(var value)) => Outcomes.Of(texts.Any(text => text.Value == value)),
            (Matching(var pattern), Found.Text(var value)) => pattern.Search(value),
            _ => Outcome.False,
        };

    /// <summary>As it was written; a value that the environment filled in is not shown.</summary>
    internal string Describe(bool isSecret) =>
        this switch
        {
            EqualTo(var text) => $"equals {Excerpt.Quoted(text.Written, isSecret)}",
            OneOf(var texts) => $"in {string.Join(", ", texts.Select(text => Excerpt.Quoted(text.Written, isSecret)))}",
            Matching(var pattern) => $"matches {Excerpt.Quoted(pattern.Source, isSecret)}",
            Existing(true) => "exists",
            _ => "does not exist",
        };
}

/// <summary>A text of the configuration.</summary>
/// <param name="Value">With what the environment filled in.</param>
/// <param name="Written">Without.</param>
internal sealed record WrittenText(string Value, string Written);
