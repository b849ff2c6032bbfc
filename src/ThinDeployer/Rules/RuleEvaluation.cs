using System.Globalization;
using System.Text.RegularExpressions;
using ThinDeployer.Addresses;

namespace ThinDeployer.Rules;

/// <summary>Goes through a tree of rules for one request. Every rule is looked at, so that a trace says all.</summary>
internal sealed class RuleEvaluation(RuleRequest request)
{
    private const string TooLong = "the pattern takes longer than its time limit";

    private readonly List<TraceLine> _trace = [];
    private ChangedPaths? _changed;

    /// <summary>Of all rules so far, in the order written.</summary>
    internal IReadOnlyList<TraceLine> Trace => _trace;

    /// <summary>What a rule says, and which rule within it made it say so.</summary>
    internal (Outcome Outcome, TraceLine Cause) Evaluate(Rule rule, int depth = 0)
    {
        var index = _trace.Count;
        var line = new TraceLine(rule.Where, depth, rule.Text, Outcome.Undecided, "");
        _trace.Add(line);
        var (outcome, detail, cause) = rule switch
        {
            Rule.All(_, var rules) => Joined(rules, depth, Outcomes.All, blames: _ => true),
            // Where none of several matches, none of them is to blame alone.
            Rule.Any(_, var rules) => Joined(
                rules,
                depth,
                Outcomes.Any,
                blames: found => found == Outcome.Undecided || rules.Count == 1
            ),
            Rule.Not(_, var inner) => Inverted(inner, depth),
            Rule.Value(_, var source, var test) => Compared(source, test),
            Rule.Address(_, var networks) => Located(networks),
            Rule.Changed(_, var globs) => Touched(globs),
            _ => (Outcome.Undecided, "", null),
        };
        line = line with { Outcome = outcome, Detail = detail };
        _trace[index] = line;
        return (outcome, cause ?? line);
    }

    private (Outcome, string, TraceLine?) Joined(
        IReadOnlyList<Rule> rules,
        int depth,
        Func<IEnumerable<Outcome>, Outcome> join,
        Func<Outcome, bool> blames
    )
    {
        var said = rules.Select(rule => Evaluate(rule, depth + 1)).ToList();
        var outcome = join(said.Select(one => one.Outcome));
        return (outcome, "", blames(outcome) ? said.Find(one => one.Outcome == outcome).Cause : null);
    }

    private (Outcome, string, TraceLine?) Inverted(Rule inner, int depth)
    {
        var (outcome, cause) = Evaluate(inner, depth + 1);
        return (Outcomes.Not(outcome), "", outcome == Outcome.Undecided ? cause : null);
    }

    private (Outcome, string, TraceLine?) Compared(ValueSource source, ValueTest test)
    {
        var found = source.In(request);
        if (found is Found.Each(var values))
        {
            return Among(values, source, test);
        }

        var outcome = test.Of(found);
        var detail = outcome == Outcome.Undecided && found is Found.Text ? TooLong : found.Describe(source.IsSecret);
        return (outcome, detail, null);
    }

    /// <summary>One that passes is enough.</summary>
    private static (Outcome, string, TraceLine?) Among(IEnumerable<Found> values, ValueSource source, ValueTest test)
    {
        // Without a list it is the opposite of "exists: true", and so it is here: in none of them.
        if (test is ValueTest.Existing(false))
        {
            var (any, seen, _) = Among(values, source, new ValueTest.Existing(true));
            return (Outcomes.Not(any), seen, null);
        }

        var (outcome, count) = (Outcome.False, 0);
        foreach (var value in values)
        {
            count++;
            var one = test.Of(value);
            outcome = Outcomes.Any([outcome, one]);
            if (one == Outcome.True)
            {
                return (outcome, Excerpt.Cut($"value {count}: {value.Describe(source.IsSecret)}"), null);
            }
        }

        return (outcome, outcome == Outcome.Undecided ? TooLong : $"none of {count} values", null);
    }

    private (Outcome, string, TraceLine?) Located(IReadOnlyList<Network> networks) =>
        request.Address is not { } address
            ? (Outcome.False, "the address is not known", null)
            : (
                Outcomes.Of(networks.Any(network => network.Contains(address))),
                $"it is {Network.Plain(address)}",
                null
            );

    private (Outcome, string, TraceLine?) Touched(PathGlobs globs) =>
        (_changed ??= ChangedPaths.Of(request)) switch
        {
            ChangedPaths.Known(var paths) => Touched(globs, paths),
            ChangedPaths.Unknown(var reason) => (
                Outcome.True,
                Excerpt.Cut($"it counts as changed, because {reason}"),
                null
            ),
            ChangedPaths.Unreadable(var reason) => (Outcome.Undecided, $"the JSON body {reason}", null),
            _ => (Outcome.Undecided, "", null),
        };

    private static (Outcome, string, TraceLine?) Touched(PathGlobs globs, IReadOnlyList<string> paths)
    {
        try
        {
            return paths.FirstOrDefault(globs.Match) is { } path
                ? (Outcome.True, Excerpt.Cut($"{Yaml.Quote.Of(path)} is among them"), null)
                : (Outcome.False, string.Create(CultureInfo.InvariantCulture, $"none of {paths.Count} paths"), null);
        }
        catch (RegexMatchTimeoutException)
        {
            return (Outcome.Undecided, "a path takes longer than its time limit", null);
        }
    }
}
