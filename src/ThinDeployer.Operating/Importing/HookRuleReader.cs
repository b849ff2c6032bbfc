using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>Reads a rule of a hook, and the values that rules and commands take from requests.</summary>
/// <param name="told">Takes what webhook itself passes over.</param>
/// <param name="at">The key of ours before which it is told.</param>
internal sealed class HookRuleReader(List<Told> told, string at)
{
    /// <summary>In this order webhook looks for them, and stops at the first.</summary>
    private static readonly string[] Kinds = ["and", "or", "not", "match"];

    /// <summary>Null where it is absent.</summary>
    internal HookRule? Read(HookKeys keys, string key) => keys.Map(key) is { } rule ? Rule(rule) : null;

    internal HookValue Value(HookKeys keys)
    {
        var source = keys.Text("source")?.Literal ?? "";
        var value = new HookValue(
            keys.Place,
            source == "query" ? "url" : source,
            keys.Text("name") ?? new HookText(keys.Place, []),
            keys.Text("envname")?.Literal is { Length: > 0 } name ? name : null,
            keys.Boolean("base64decode")
        );
        TellUnknown(keys);
        return value;
    }

    internal void TellUnknown(HookKeys keys)
    {
        foreach (var key in keys.Unknown)
        {
            var nearest = keys.Nearest(key) is { } name ? $"; {Quote.Of(name)} was perhaps meant" : "";
            told.Add(
                new Told(
                    Gravity.Loss,
                    key.Place,
                    at,
                    $"{Quote.Of(key.Text)}, which webhook does not know either{nearest}"
                )
            );
        }
    }

    private HookRule Rule(HookKeys keys)
    {
        var given = Kinds.Where(kind => keys.Node(kind) is not null).ToList();
        foreach (var second in given.Skip(1))
        {
            told.Add(
                new Told(
                    Gravity.Loss,
                    keys.PlaceOf(second)!,
                    at,
                    $"{Quote.Of(second)} beside {Quote.Of(given[0])}, which webhook passes over; join both by \"and\""
                )
            );
        }

        TellUnknown(keys);
        return given.FirstOrDefault() switch
        {
            "and" => new HookRule.And(keys.Place, [.. keys.Maps("and").Select(Rule)]),
            "or" => new HookRule.Or(keys.Place, [.. keys.Maps("or").Select(Rule)]),
            "not" when keys.Map("not") is { } inner => new HookRule.Not(keys.Place, Rule(inner)),
            "match" when keys.Map("match") is { } match => Match(match),
            _ => new HookRule.Nothing(keys.Place),
        };
    }

    private HookRule.Match Match(HookKeys keys)
    {
        var type = keys.Text("type")?.Literal ?? "";
        var (value, regex, secret, range) = (
            keys.Text("value"),
            keys.Text("regex"),
            keys.Text("secret"),
            keys.Text("ip-range")
        );
        var operand = type switch
        {
            "value" => value,
            "regex" => regex,
            "ip-whitelist" => range,
            _ => secret,
        };
        var parameter = keys.Map("parameter");
        var match = new HookRule.Match(
            keys.Place,
            type,
            operand ?? new HookText(keys.Place, []),
            parameter is null ? null : Value(parameter)
        );
        TellUnknown(keys);
        return match;
    }
}
