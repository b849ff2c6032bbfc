namespace ThinDeployer.Shell;

/// <summary>A <c>%name%</c> of a command, outside its comments.</summary>
/// <param name="Name">The text between the two percent signs.</param>
/// <param name="Index">Where in <see cref="CommandTemplate.Source"/> its first percent sign stands.</param>
/// <param name="Refusal">Null where a value can be quoted safely, else why it can't, as an operator would say it.</param>
internal sealed record Placeholder(string Name, int Index, string? Refusal)
{
    /// <summary>In characters, without the percent signs.</summary>
    internal const int MaxNameLength = 64;

    /// <summary>A request's credential: it must not reach a command, so it has no placeholder.</summary>
    private const string NeverAPlaceholder = "token";

    /// <summary>The index behind its closing percent sign.</summary>
    internal int End => Index + Name.Length + 2;

    /// <summary>The name that begins behind the percent sign at <paramref name="index"/>, or null if there is none.</summary>
    internal static string? NameAt(string text, int index)
    {
        var start = index + 1;
        var end = start;
        while (end < text.Length && end - start < MaxNameLength && IsOfName(text[end]))
        {
            end++;
        }

        if (end == start || end == text.Length || text[end] != '%')
        {
            return null;
        }

        var name = text[start..end];
        return name == NeverAPlaceholder ? null : name;
    }

    private static bool IsOfName(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-';
}
