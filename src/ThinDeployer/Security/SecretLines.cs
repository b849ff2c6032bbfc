using System.Globalization;
using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads secrets from where a configuration may give them, and says what is wrong or weak about them.</summary>
internal static class SecretLines
{
    /// <summary>Bytes of a file.</summary>
    private const int MaximumFileBytes = 64 * 1024;

    private const int MinimumLength = 16;

    /// <summary>The lines of the file that a key names, blanks at both ends and empty lines left out.</summary>
    /// <param name="keys">Where the key stands.</param>
    /// <param name="key">Such as <c>token_file</c>.</param>
    /// <param name="what">What a line is.</param>
    /// <returns>The file and its lines; null where it can't be used.</returns>
    internal static (string Path, IReadOnlyList<string> Lines)? OfFile(MapReader keys, string key, string what)
    {
        var place = keys.Node(key)?.Place ?? keys.Place;
        if (keys.Path(key) is not { } path)
        {
            if (keys.Node(key) is YamlText { Text.Length: 0 })
            {
                keys.Context.Mistake(place, $"{Quote.Of(key)} is empty; name a file with one {what} a line");
            }

            return null;
        }

        var file = keys.Context.Problems.Sources.Read(path, MaximumFileBytes);
        if (file is not TextFileResult.Content(var text))
        {
            keys.Context.Mistake(place, $"{Quote.Of(key)} {Quote.Of(path)}: {((TextFileResult.Refused)file).Reason}");
            return null;
        }

        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            keys.Context.Mistake(place, $"{Quote.Of(key)} {Quote.Of(path)} holds no {what}; write one a line");
        }

        return (path, lines);
    }

    /// <summary>The health check's own measure.</summary>
    /// <param name="length">Characters; null where it is not known.</param>
    /// <param name="what">Such as "a token".</param>
    /// <param name="place">Where it stands, or is named.</param>
    /// <param name="context">Takes the warning.</param>
    internal static void WarnOfShort(int? length, string what, Place place, ReadingContext context)
    {
        var wanted = int.TryParse(
            context.Environment("HC_MIN_TOKEN_LENGTH"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var minimum
        )
            ? minimum
            : MinimumLength;
        if (length < wanted)
        {
            context.Warn(place, $"{what} has fewer than {wanted} characters; make one by: thin-deployer token new");
        }
    }
}
