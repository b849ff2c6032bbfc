namespace ThinDeployer.Yaml;

/// <summary>A piece of a file. Aliases are replaced by what they stand for, which keeps the place where it was written.</summary>
internal abstract record YamlNode(Place Place)
{
    // A text may be a secret: what is logged or interpolated by accident is the place, never the text.
    public sealed override string ToString() => Place.ToString();
}

/// <summary>
/// The text as written; empty for a plain <c>~</c>, <c>null</c>, <c>Null</c> or <c>NULL</c>. A block text after
/// <c>|</c> or <c>&gt;</c> counts as quoted.
/// </summary>
internal sealed record YamlText(Place Place, string Text, bool IsQuoted) : YamlNode(Place)
{
    /// <summary>Nothing was written: <c>key:</c>, <c>key: ~</c> or <c>key: null</c>, but not <c>key: ""</c>.</summary>
    internal bool IsNothing => Text.Length == 0 && !IsQuoted;
}

internal sealed record YamlList(Place Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place);

/// <summary>Each key once, in the order written; what merge keys bring follows.</summary>
internal sealed record YamlMap(Place Place, IReadOnlyList<YamlEntry> Entries) : YamlNode(Place);

internal sealed record YamlEntry(YamlText Key, YamlNode Value);
