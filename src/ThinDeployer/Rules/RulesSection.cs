namespace ThinDeployer.Rules;

/// <summary>Which requests a service wants, and what it takes from them.</summary>
/// <param name="RequestPattern">Null where every body will do.</param>
/// <param name="When">Null where every request is meant.</param>
/// <param name="Variables">Null where none are declared, and any argument may fill a placeholder.</param>
/// <param name="SkipMarks">Null where no word of a commit matters.</param>
internal sealed record RulesSection(
    RequestPattern? RequestPattern,
    Rule? When,
    VariableSet? Variables,
    SkipMarks? SkipMarks
)
{
    private const string PatternName = "request_regexp";

    private const string PatternUndecided =
        "Whether the body matches \"request_regexp\" can't be decided: it is not valid UTF-8, or takes too long";

    internal static RulesSection Nothing { get; } =
        new(RequestPattern: null, When: null, Variables: null, SkipMarks: null);

    /// <summary>
    /// The arguments of a query or a form that rules, variables and the facts about a sender look at.
    /// </summary>
    internal IReadOnlySet<string> ArgumentNames { get; } =
        Sources(When, Variables)
            .Select(source =>
                source switch
                {
                    ValueSource.Query(var name) => name,
                    ValueSource.Argument(var name) => name,
                    _ => RuleRequest.PayloadArgument,
                }
            )
            .Append(RuleRequest.PayloadArgument)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>The headers that rules and variables look at.</summary>
    internal IReadOnlyCollection<string> HeaderNames { get; } =
    [.. Sources(When, Variables).OfType<ValueSource.Header>().Select(source => source.Name)];

    /// <summary>Whether a broken JSON body keeps a request from being decided.</summary>
    internal bool NeedsPayload { get; } =
        When?.WithInner().OfType<Rule.Changed>().Any() == true
        || Sources(When, Variables).OfType<ValueSource.Json>().Any();

    /// <summary>What the rules say, not the variables; but a broken body that only a variable needs counts.</summary>
    internal Decision Decide(RuleRequest request)
    {
        var evaluation = new RuleEvaluation(request);
        var trace = new List<TraceLine>();
        var said = new List<(Outcome Outcome, string Reason)>();
        if (RequestPattern?.Search(request) is var (found, detail))
        {
            trace.Add(new TraceLine(PatternName, Depth: 0, "found in the body", found, detail));
            said.Add((found, found == Outcome.Undecided ? PatternUndecided : PatternName));
        }

        if (When is not null)
        {
            var (outcome, cause) = evaluation.Evaluate(When);
            trace.AddRange(evaluation.Trace);
            said.Add((outcome, outcome == Outcome.Undecided ? $"{cause}: {cause.Detail}" : cause.ToString()));
        }

        if (SkipMarks?.Ask(request) is { } answer)
        {
            trace.Add(answer);
            said.Add((answer.Outcome, $"{answer}: {answer.Detail}"));
        }

        return new Decision(Joined(request, said), trace);
    }

    private Verdict Joined(RuleRequest request, List<(Outcome Outcome, string Reason)> said)
    {
        // Before all else: with a body that is not what it says, nothing that it says counts.
        if (NeedsPayload && request.Payload is Payload.Broken broken)
        {
            return new Verdict.Undecided(broken.Sentence);
        }

        var outcome = Outcomes.All(said.Select(one => one.Outcome));
        var reason = said.Find(one => one.Outcome == outcome).Reason;
        return outcome switch
        {
            Outcome.True => new Verdict.Matches(),
            Outcome.False => new Verdict.DoesNotMatch(reason),
            _ => new Verdict.Undecided(reason),
        };
    }

    private static IEnumerable<ValueSource> Sources(Rule? when, VariableSet? variables) =>
        (when?.WithInner().OfType<Rule.Value>().Select(rule => rule.Source) ?? []).Concat(
            variables?.Variables.Select(variable => variable.Source) ?? []
        );
}
