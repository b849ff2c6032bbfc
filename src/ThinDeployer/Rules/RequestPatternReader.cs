using System.Text.RegularExpressions;
using ThinDeployer.Yaml;

namespace ThinDeployer.Rules;

/// <summary>Reads a service's <c>request_regexp</c>.</summary>
internal static class RequestPatternReader
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

            if (MistakenClass.Find(text) is { } inside)
            {
                service.Context.Warn(
                    place,
                    $"\"request_regexp\" has {Quote.Of($"[{inside}]")}, which is one character; for one word or the other "
                        + $"write {Quote.Of($"({inside})")}"
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
}
