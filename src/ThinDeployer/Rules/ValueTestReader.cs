using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads what a rule demands of a header, an argument of the query, or a JSON value.</summary>
internal static class ValueTestReader
{
    /// <summary>Of which a rule has exactly one.</summary>
    internal static readonly string[] Keys = ["equals", "in", "matches", "exists"];

    /// <summary>Null after a mistake.</summary>
    /// <param name="isMissingTold">Whether it is a mistake of its own that there is none.</param>
    internal static ValueTest? Read(MapReader keys, bool isMissingTold)
    {
        var tests = Keys.Where(keys.Has).ToList();
        switch (tests)
        {
            case ["equals"]:
                return RuleTexts.One(keys, "equals") is { } text ? new ValueTest.EqualTo(text) : null;
            case ["in"]:
                return RuleTexts.Several(keys, "in") is { Count: > 0 } texts ? new ValueTest.OneOf(texts) : null;
            case ["matches"]:
                return Pattern(keys) is { } pattern ? new ValueTest.Matching(pattern) : null;
            case ["exists"]:
                return new ValueTest.Existing(keys.Boolean("exists", byDefault: true));
            case [] when !isMissingTold:
                return null;
            default:
                keys.Context.Mistake(
                    keys.Place,
                    "a rule for a value has exactly one of: equals, in, matches, exists"
                        + (tests.Count == 0 ? "; write \"exists: true\" if any value will do" : "")
                );
                return null;
        }
    }

    private static SearchedPattern? Pattern(MapReader keys)
    {
        if (keys.Node("matches") is YamlText { Text.Length: 0 } empty)
        {
            keys.Context.Mistake(empty.Place, "\"matches\" is empty; write a regular expression");
            return null;
        }

        var pattern = PatternReader.Read(keys, "matches", SearchedPattern.Parse, pattern => pattern.Backtracks);
        if (pattern is not null && !PatternAnchor.IsIn(pattern.Source))
        {
            keys.Context.Warn(
                keys.Node("matches")!.Place,
                "\"matches\" is searched anywhere in the value; bind it by ^ and $, or use \"equals\" or \"in\""
            );
        }

        return pattern;
    }
}
