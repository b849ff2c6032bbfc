using System.Text.RegularExpressions;
using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads a service's <c>request_regexp</c>.</summary>
internal static partial class RequestPatternReader
{
    /// <summary>Null where it is absent or empty: every request matches.</summary>
    internal static RequestPattern? Read(MapReader service)
    {
        if (service.RawText("request_regexp") is not { } text)
        {
            return null;
        }

        var place = service.Node("request_regexp")!.Place;
        try
        {
            var pattern = RequestPattern.Parse(text);
            if (pattern.Backtracks)
            {
                service.Context.Warn(
                    place,
                    "\"request_regexp\" needs backtracking (look-around, back references, atomic groups, or its size); "
                        + "a request that takes it longer than 250 ms is refused with 400"
                );
            }

            if (WordsInClass.IsMatch(text))
            {
                service.Context.Warn(
                    place,
                    "\"request_regexp\" has \"[a|b]\", which is one character; for one word or the other write \"(a|b)\""
                );
            }

            return pattern;
        }
        catch (RegexParseException exception)
        {
            service.Context.Mistake(
                place,
                $"\"request_regexp\" is not a regular expression ({exception.Error} at character {exception.Offset})"
            );
            return null;
        }
    }

    /// <summary>A class such as <c>[main|master]</c>, as the original's own example has it.</summary>
    [GeneratedRegex(@"(?<!\\)\[[^\]\[\\^]*\w\w\|[^\]\[\\]*\]", RegexOptions.None, 1_000)]
    private static partial Regex WordsInClass { get; }
}
