namespace ThinDeployer.Yaml;

/// <summary>The beginning of a text that may be too long. Half a character is none, so one that would be cut is left out.</summary>
internal static class Beginning
{
    /// <param name="text">The text.</param>
    /// <param name="most">UTF-16 units.</param>
    internal static string Of(string text, int most) =>
        text.Length <= most ? text : text[..(most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    /// <summary>With an ellipsis behind it where it is cut.</summary>
    /// <inheritdoc cref="Of"/>
    internal static string Marked(string text, int most) => text.Length <= most ? text : Of(text, most) + "…";
}
