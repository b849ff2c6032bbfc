using System.Buffers;

namespace ThinDeployer.Yaml;

/// <summary><c>${NAME}</c>, or <c>${NAME:-default}</c>; the length is that of the whole as written.</summary>
internal readonly record struct EnvironmentReference(string Name, string? Default, int Length)
{
    internal const string Start = "${";

    private const string DefaultMark = ":-";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
    );

    /// <summary>
    /// Reads the reference that the text starts with. A default ends at the first brace and holds no reference of its
    /// own: nothing nests.
    /// </summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out EnvironmentReference reference)
    {
        reference = default;
        var afterStart = text[Start.Length..];
        var nameLength = afterStart.IndexOfAnyExcept(NameCharacters);
        var end = afterStart.IndexOf('}');
        if (nameLength <= 0 || end < nameLength || char.IsAsciiDigit(afterStart[0]))
        {
            return false;
        }
        var byDefault = afterStart[nameLength..end];
        var hasDefault = byDefault.StartsWith(DefaultMark) && !byDefault.Contains(Start, StringComparison.Ordinal);
        reference = new EnvironmentReference(
            afterStart[..nameLength].ToString(),
            hasDefault ? byDefault[DefaultMark.Length..].ToString() : null,
            Start.Length + end + 1
        );
        return hasDefault || byDefault.IsEmpty;
    }
}
