using ThinDeployer.Operating.Writing;

namespace ThinDeployer.Operating.Importing;

/// <summary>A rule of ours that matches only where that of webhook did.</summary>
internal abstract record Translated
{
    private Translated() { }

    internal sealed record Always : Translated;

    internal sealed record Never : Translated;

    internal sealed record Rule(Written.Map Written) : Translated
    {
        internal string Kind => Written.Entries[0].Key;
    }

    internal static Translated Of(bool matches) => matches ? new Always() : new Never();

    internal static Translated Not(Translated inner) =>
        inner switch
        {
            Always => new Never(),
            Never => new Always(),
            Rule(var written) => new Rule(Writing.Written.MapOf(("not", written))),
            _ => inner,
        };

    internal static Translated All(IReadOnlyList<Translated> rules) =>
        rules.Any(rule => rule is Never) ? new Never() : Joined("all", Inside("all", rules), ofNone: new Always());

    internal static Translated Any(IReadOnlyList<Translated> rules) =>
        rules.Any(rule => rule is Always)
            ? new Always()
            : Joined("any", MergedAlternatives(Inside("any", rules)), ofNone: new Never());

    private static Translated Joined(string kind, List<Rule> rules, Translated ofNone) =>
        rules switch
        {
            [] => ofNone,
            [var only] => only,
            _ => new Rule(Writing.Written.MapOf((kind, new Written.List([.. rules.Select(rule => rule.Written)])))),
        };

    /// <summary>What is joined in the same way within, stands beside the others; each rule once.</summary>
    private static List<Rule> Inside(string kind, IReadOnlyList<Translated> rules) =>
        [
            .. rules
                .OfType<Rule>()
                .SelectMany(rule =>
                    rule.Kind == kind
                        ? ((Written.List)rule.Written.Entries[0].Value).Items.Select(item => new Rule(
                            (Written.Map)item
                        ))
                        : [rule]
                )
                .DistinctBy(rule => YamlWriter.Entry("rule", rule.Written, "")),
        ];

    /// <summary>Several addresses are one list, and so are several values at one place.</summary>
    private static List<Rule> MergedAlternatives(List<Rule> rules) =>
        [
            .. rules
                .GroupBy(PlaceOf)
                .SelectMany(group =>
                    group.Key.Length > 0 && group.Count() > 1 ? [Merged([.. group])] : group.AsEnumerable()
                ),
        ];

    /// <summary>Empty for what can't be merged.</summary>
    private static string PlaceOf(Rule rule) =>
        rule.Written.Entries switch
        {
            [("address", _)] => "address",
            [(var source, Written.Text(var name)), ("equals", _)] => $"{source} {name}",
            _ => "",
        };

    private static Rule Merged(List<Rule> rules) =>
        rules[0].Kind == "address"
            ? new Rule(
                Writing.Written.MapOf(
                    ("address", new Written.List([.. rules.SelectMany(rule => Items(rule.Written.Entries[0].Value))]))
                )
            )
            : new Rule(
                new Written.Map([
                    rules[0].Written.Entries[0],
                    new WrittenEntry("in", new Written.List([.. rules.Select(rule => rule.Written.Entries[1].Value)])),
                ])
            );

    private static IEnumerable<Written> Items(Written addresses) =>
        addresses is Written.List(var items) ? items : [addresses];
}
