using ThinDeployer.Addresses;
using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>A rule of <c>when</c>. A file has at most 64 levels, and so has a tree of rules.</summary>
/// <param name="Where">As <c>when.all[1].not</c>.</param>
internal abstract record Rule(string Where)
{
    internal sealed record All(string Where, IReadOnlyList<Rule> Rules) : Rule(Where);

    internal sealed record Any(string Where, IReadOnlyList<Rule> Rules) : Rule(Where);

    internal sealed record Not(string Where, Rule Inner) : Rule(Where);

    internal sealed record Value(string Where, ValueSource Source, ValueTest Test) : Rule(Where);

    internal sealed record Address(string Where, IReadOnlyList<Network> Networks) : Rule(Where);

    internal sealed record Changed(string Where, PathGlobs Globs) : Rule(Where);

    /// <summary>Without its inner rules.</summary>
    internal string Text => Excerpt.Cut(Described());

    /// <summary>This one and all within.</summary>
    internal IEnumerable<Rule> WithInner() => Inside().SelectMany(rule => rule.WithInner()).Prepend(this);

    private IEnumerable<Rule> Inside() =>
        this switch
        {
            All(_, var rules) => rules,
            Any(_, var rules) => rules,
            Not(_, var inner) => [inner],
            _ => [],
        };

    private string Described() =>
        this switch
        {
            All(_, var rules) => $"all of {Counted.Of(rules.Count, "rule")}",
            Any(_, var rules) => $"any of {Counted.Of(rules.Count, "rule")}",
            Not(_, var inner) => $"not {inner.Described()}",
            Value(_, var source, var test) => $"{source} {test.Describe(source.IsSecret)}",
            Address(_, var ranges) => $"address in {string.Join(", ", ranges.Select(range => range.Source))}",
            Changed(_, var globs) => $"changed {string.Join(", ", globs.Sources.Select(Yaml.Quote.Of))}",
            _ => "",
        };
}
