using System.Text.RegularExpressions;
using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads a pattern, and says what is doubtful about it.</summary>
internal static class PatternReader
{
    /// <summary>Null where it is absent or empty, or after a mistake.</summary>
    internal static TPattern? Read<TPattern>(
        MapReader keys,
        string key,
        Func<string, TPattern> parse,
        Func<TPattern, bool> backtracks
    )
        where TPattern : class
    {
        if (keys.RawText(key) is not { } text)
        {
            return null;
        }

        var place = keys.Node(key)!.Place;
        try
        {
            var pattern = parse(text);
            WarnOfBacktracking(keys.Context, place, key, backtracks(pattern));
            WarnOfMistakenClass(keys.Context, place, key, text);
            return pattern;
        }
        catch (RegexParseException exception)
        {
            keys.Context.Mistake(place, $"\"{key}\" is not a regular expression: {PatternMistake.Of(exception, text)}");
            return null;
        }
    }

    private static void WarnOfBacktracking(ReadingContext context, Place place, string key, bool backtracks)
    {
        if (backtracks)
        {
            context.Warn(
                place,
                $"\"{key}\" needs backtracking (look-around, back references, atomic groups, or its size); "
                    + "a request that takes it longer than 250 ms is refused with 400"
            );
        }
    }

    private static void WarnOfMistakenClass(ReadingContext context, Place place, string key, string text)
    {
        if (MistakenClass.Find(text) is { } inside)
        {
            context.Warn(
                place,
                $"\"{key}\" has {Quote.Of($"[{inside}]")}, which is one character; for one word or the other "
                    + $"write {Quote.Of($"({inside})")}"
            );
        }
    }
}
