using System.Globalization;
using ThinDeployer.Addresses;
using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads a service's <c>when</c>.</summary>
internal sealed class WhenReader(ReadingContext context)
{
    /// <summary>What a rule may be.</summary>
    internal static readonly string[] Kinds = ["all", "any", "not", "header", "query", "json", "address", "changed"];

    private const string Key = "when";
    private const string OneOfKinds = "a rule has exactly one of: all, any, not, header, query, json, address, changed";

    /// <summary>Null where it is absent, or after a mistake.</summary>
    internal static Rule? Read(MapReader service) =>
        service.Node(Key) is { } node ? new WhenReader(service.Context).ReadRule(node, Key) : null;

    private Rule? ReadRule(YamlNode node, string where)
    {
        if (node is not YamlMap map)
        {
            context.Mistake(
                node.Place,
                node is YamlList
                    ? $"\"{where}\" must be one rule, not a list; write \"all:\" or \"any:\" before the list"
                    : $"\"{where}\" must be a rule, such as {{json: ref, equals: refs/heads/main}}"
            );
            return null;
        }

        var keys = new MapReader(map, context);
        var kinds = Kinds.Where(keys.Has).ToList();
        var rule = kinds is [var kind] ? ReadKind(kind, keys, where, !HasUnknown(map)) : null;
        var tests = ValueTestReader.Keys.Where(keys.Has).ToList();
        if (kinds.Count > 1)
        {
            var together = string.Join(" and ", kinds.Select(Quote.Of));
            context.Mistake(map.Place, $"{OneOfKinds}; this one has {together}, join rules by \"all\" or \"any\"");
        }
        else if (kinds.Count == 0 && !HasUnknown(map))
        {
            context.Mistake(map.Place, OneOfKinds);
        }
        else if (kinds is [not ("header" or "query" or "json") and var alone] && tests is [var test, ..])
        {
            context.Mistake(
                keys.Node(test)!.Place,
                $"\"{test}\" says nothing of \"{alone}\"; it belongs to header, query or json"
            );
        }

        keys.Finish();
        return rule;
    }

    private Rule? ReadKind(string kind, MapReader keys, string where, bool isMissingTold) =>
        kind switch
        {
            "all" when Rules(kind, keys, where) is { Count: > 0 } rules => new Rule.All(where, rules),
            "any" when Rules(kind, keys, where) is { Count: > 0 } rules => new Rule.Any(where, rules),
            "not" when ReadRule(keys.Node(kind)!, $"{where}.{kind}") is { } inner => new Rule.Not(where, inner),
            "header" => Value(
                keys,
                where,
                isMissingTold,
                RuleTexts.HeaderName(keys, kind),
                name => new ValueSource.Header(name)
            ),
            "query" => Value(
                keys,
                where,
                isMissingTold,
                RuleTexts.Name(keys, kind),
                name => new ValueSource.Query(name)
            ),
            "json" => Linear(
                keys,
                Value(keys, where, isMissingTold, RuleTexts.Path(keys, kind), path => new ValueSource.Json(path))
            ),
            "address" when Networks(keys) is { Count: > 0 } networks => new Rule.Address(where, networks),
            "changed" when Globs(keys) is { } globs => new Rule.Changed(where, globs),
            _ => null,
        };

    private List<Rule> Rules(string kind, MapReader keys, string where)
    {
        if (keys.Node(kind) is not YamlList { Items.Count: > 0 } list)
        {
            context.Mistake(keys.Node(kind)!.Place, $"\"{kind}\" must be a list of at least one rule");
            return [];
        }

        return
        [
            .. list
                .Items.Select(
                    (item, index) =>
                        ReadRule(item, string.Create(CultureInfo.InvariantCulture, $"{where}.{kind}[{index}]"))
                )
                .OfType<Rule>(),
        ];
    }

    private static Rule.Value? Value<TName>(
        MapReader keys,
        string where,
        bool isMissingTold,
        TName? name,
        Func<TName, ValueSource> source
    )
        where TName : class
    {
        var test = ValueTestReader.Read(keys, isMissingTold);
        return name is null || test is null ? null : new Rule.Value(where, source(name), test);
    }

    /// <summary>One value may take a pattern that backtracks 250 ms, and a list has as many as its sender likes.</summary>
    private Rule.Value? Linear(MapReader keys, Rule.Value? rule)
    {
        if (
            rule is
            { Source: ValueSource.Json { Path.HasAny: true }, Test: ValueTest.Matching { Pattern.Backtracks: true } }
        )
        {
            context.Mistake(
                keys.Node("matches")!.Place,
                "\"matches\" needs backtracking (look-around, back references, atomic groups), which a path with \"[*]\" can't "
                    + "have: a long list would take too long; write it without, or an index"
            );
        }

        return rule;
    }

    /// <summary>Whether there is a key that was most likely meant as one that is missing, and is told of anyway.</summary>
    private static bool HasUnknown(YamlMap map) =>
        map.Entries.Any(entry => !Kinds.Contains(entry.Key.Text) && !ValueTestReader.Keys.Contains(entry.Key.Text));

    private List<Network> Networks(MapReader keys)
    {
        var networks = new List<Network>();
        foreach (var text in RuleTexts.OneOrSeveral(keys, "address"))
        {
            if (Network.Parse(text.Value) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                context.Mistake(
                    keys.Node("address")!.Place,
                    "\"address\" must be addresses or ranges of them, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32"
                );
            }
        }

        return networks;
    }

    private PathGlobs? Globs(MapReader keys)
    {
        var place = keys.Node("changed")!.Place;
        var texts = RuleTexts.OneOrSeveral(keys, "changed");
        var globs = new List<string>();
        foreach (var text in texts.Select(text => text.Value))
        {
            if (PathGlobs.FaultOf(text) is { } fault)
            {
                context.Mistake(place, $"\"changed\": {Quote.Of(text)} {fault}");
                continue;
            }

            globs.Add(text);
            if (HasAlternatives(text))
            {
                context.Warn(place, $"\"changed\": braces in {Quote.Of(text)} mean themselves; write a glob for each");
            }
        }

        if (globs.Count == 0 || globs.Count < texts.Count)
        {
            return null;
        }

        if (PathGlobs.TryParse(globs, out var parsed))
        {
            return parsed;
        }

        context.Mistake(
            place,
            $"\"changed\" has more than {PathGlobs.MaximumLength} characters; write shorter globs, or two rules below \"any\""
        );
        return null;
    }

    private static bool HasAlternatives(string glob) =>
        glob.IndexOf('{') is >= 0 and var open
        && glob.IndexOf('}', open) is > 0 and var close
        && glob[open..close].Contains(',');
}
