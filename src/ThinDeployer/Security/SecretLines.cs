using ThinDeployer.Yaml;

namespace ThinDeployer.Security;

/// <summary>Reads secrets from where a configuration may give them, and says what is wrong or weak about them.</summary>
internal static class SecretLines
{
    /// <summary>Bytes of a file.</summary>
    internal const int MaximumFileBytes = 64 * 1024;

    private const char Comment = '#';

    /// <summary>What is often left behind a secret by <c>$(cat file)</c> in a file of environment variables, and is no part of it.</summary>
    internal static string WithoutLineEnd(string secret) => secret.TrimEnd('\r', '\n');

    /// <summary>
    /// The lines of the file that a key names, blanks at both ends, empty lines and comments left out.
    /// </summary>
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

        var lines = In(text, out var hasComments);
        if (hasComments)
        {
            keys.Context.Warn(
                place,
                $"{Quote.Of(key)} {Quote.Of(path)}: a line that begins with {Comment} is a comment, and no {what}"
            );
        }

        if (lines.Count == 0)
        {
            keys.Context.Mistake(place, $"{Quote.Of(key)} {Quote.Of(path)} holds no {what}; write one a line");
        }

        return (path, lines);
    }

    /// <summary>The lines of a text, blanks at both ends, empty lines and comments left out.</summary>
    internal static IReadOnlyList<string> In(string text, out bool hasComments)
    {
        var written = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] lines = [.. written.Where(line => !line.StartsWith(Comment))];
        hasComments = lines.Length < written.Length;
        return lines;
    }

    /// <summary>Has a secret masked in output, and says once what is weak about it.</summary>
    /// <param name="text">The secret.</param>
    /// <param name="what">Such as "a token".</param>
    /// <param name="cure">Where it is too short.</param>
    /// <param name="place">Where it stands, or is named.</param>
    /// <param name="context">Takes both.</param>
    internal static void Note(string text, string what, string cure, Place place, ReadingContext context)
    {
        var isMasked = !new Secret(text).IsPartlyShown;
        if (!WarnsOfShort(text, what, cure, isMasked, place, context) || isMasked)
        {
            context.MaskedTexts.Add(text, place);
        }
    }

    /// <summary>By the health check's own measure. One word of a secret is enough.</summary>
    private static bool WarnsOfShort(
        string text,
        string what,
        string cure,
        bool isMasked,
        Place place,
        ReadingContext context
    )
    {
        if (text.Length >= context.MinimumTokenLength)
        {
            return false;
        }

        var more = isMasked ? "" : ", and so few that it can't be masked in output";
        context.Warn(place, $"{what} has fewer than {context.MinimumTokenLength} characters{more}; {cure}");
        return true;
    }
}
