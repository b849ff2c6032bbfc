using ThinDeployer.Operating.Writing;
using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>
/// Says the rules of a hook in our words, never so that more would be deployed. Two things of webhook make that hard (seen
/// in 2.8.0): a value that is missing is a fault, which makes an <c>and</c> false even within a <c>not</c>; and a wrong
/// signature ends the whole request, unless <c>trigger-signature-soft-failures</c> is set.
/// </summary>
internal sealed class RuleTranslation(Hook hook, HookSources sources, List<Told> told)
{
    private const string When = "when";

    private readonly MatchTranslation _matches = new(sources);

    /// <summary>What can't be said is told, and taken for what never matches.</summary>
    /// <param name="rule">Of the hook.</param>
    /// <param name="isInAnd">Whether it stands directly in an <c>and</c>.</param>
    internal Translated Of(HookRule rule, bool isInAnd = false) =>
        rule switch
        {
            HookRule.And(_, var rules) => Translated.All([.. rules.Select(inner => Of(inner, isInAnd: true))]),
            HookRule.Or(_, var rules) => Any(rules),
            HookRule.Not(var place, var inner) => Negated(inner, isInAnd ? null : place),
            HookRule.Match match => _matches.Of(match, out var refusal) ?? Lost(match, refusal),
            _ => new Translated.Never(),
        };

    private Translated.Never Lost(HookRule.Match match, string refusal)
    {
        var where = match.Value is { } value ? $" of {value.Shown}" : "";
        told.Add(new Told(Gravity.LostRule, match.Place, When, $"the rule {Quote.Of(match.Type)}{where}; {refusal}"));
        return new Translated.Never();
    }

    private Translated Any(IReadOnlyList<HookRule> rules)
    {
        var alternatives = new List<Translated>();
        var before = new List<Translated>();
        foreach (var (rule, index) in rules.Select((rule, index) => (rule, index)))
        {
            var lost = LostCount;
            alternatives.Add(Translated.All([.. before, Of(rule)]));
            if (LostCount == lost || index == rules.Count - 1)
            {
                continue;
            }

            if (Passing(rule) is not { } passing)
            {
                told.Add(
                    new Told(
                        Gravity.LostRule,
                        rules[index + 1].Place,
                        When,
                        "what follows in the \"or\", because webhook may fail before it; write those rules by hand"
                    )
                );
                break;
            }

            before.AddRange(passing);
        }

        return Translated.Any(alternatives);
    }

    private int LostCount => told.Count(one => one.Gravity is Gravity.LostRule);

    /// <summary>What must be so that webhook goes on behind a rule that we have not. Null where that can't be said.</summary>
    private List<Translated>? Passing(HookRule rule)
    {
        var passing = new List<Translated>();
        foreach (var match in MatchesIn(rule))
        {
            var isSignature = SignatureRule.AlgorithmOf(match.Type) is not null;
            if (isSignature && hook.ToleratesSignatures && match.Operand.Parts.Count > 0)
            {
                continue;
            }

            if (isSignature && match.Value is { Source: "header", Name.Literal: { } header })
            {
                passing.Add(Absent(header));
            }
            else if (match.Type == "scalr-signature")
            {
                passing.Add(Absent("X-Signature"));
            }
            else if (_matches.Of(match, out _) is null)
            {
                return null;
            }
        }

        return passing;
    }

    private static Translated.Rule Absent(string header) =>
        new(Written.MapOf(("header", new Written.Text(header)), ("exists", new Written.Word("false"))));

    /// <param name="inner">What must not match.</param>
    /// <param name="place">Null where webhook demands that the value is there, as we do.</param>
    private Translated Negated(HookRule inner, Place? place)
    {
        var matches = MatchesIn(inner).ToList();
        var lost = LostCount;
        foreach (var match in matches)
        {
            if (_matches.Of(match, out var refusal) is null)
            {
                Lost(match, refusal);
            }
        }

        if (LostCount > lost)
        {
            return new Translated.Never();
        }

        var presence = Translated.All([.. matches.Select(_matches.Presence)]);
        if (place is not null && matches.Exists(match => match.Type != "ip-whitelist"))
        {
            told.Add(
                new Told(
                    Gravity.Note,
                    place,
                    When,
                    "\"not\" also demands that the value is there; webhook triggered the hook without it, too"
                )
            );
        }

        return Translated.All([presence, Translated.Not(Plain(inner))]);
    }

    /// <summary>Of rules that all can be said, and whose values all are there: true and false are all that there is.</summary>
    private Translated Plain(HookRule rule) =>
        rule switch
        {
            HookRule.And(_, var rules) => Translated.All([.. rules.Select(Plain)]),
            HookRule.Or(_, var rules) => Translated.Any([.. rules.Select(Plain)]),
            HookRule.Not(_, var inner) => Translated.Not(Plain(inner)),
            HookRule.Match match => _matches.Of(match, out _, isInNot: true) ?? new Translated.Never(),
            _ => new Translated.Never(),
        };

    private static IEnumerable<HookRule.Match> MatchesIn(HookRule rule) =>
        rule switch
        {
            HookRule.And(_, var rules) => rules.SelectMany(MatchesIn),
            HookRule.Or(_, var rules) => rules.SelectMany(MatchesIn),
            HookRule.Not(_, var inner) => MatchesIn(inner),
            HookRule.Match match => [match],
            _ => [],
        };
}
