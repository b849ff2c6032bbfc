using System.Diagnostics.CodeAnalysis;

namespace ThinDeployer.Yaml;

/// <summary>
/// A finished node with what an alias to it costs: the nodes in it (itself and expanded aliases included), and its
/// height in levels of lists and maps (0 for a text).
/// </summary>
internal sealed record Built(YamlNode Node, int Nodes, int Height);

/// <summary>What the anchors of a document name so far. A name that is given again stands for the later node.</summary>
internal sealed class Anchors
{
    // Null while the list or map that bears the name is not closed yet.
    private readonly Dictionary<string, Built?> _byName = [];

    internal void Begin(string name) => _byName[name] = null;

    internal void End(string name, Built built) => _byName[name] = built;

    /// <summary>What an alias stands for, or the mistake. Names stay out of it: <c>token: *abc</c> may be meant as text.</summary>
    internal bool TryFind(string name, [NotNullWhen(true)] out Built? target, [NotNullWhen(false)] out string? mistake)
    {
        const string advice = "put a text that begins with \"*\" into quotes";
        mistake =
            !_byName.TryGetValue(name, out target) ? $"no anchor of this name stands before it; {advice}"
            : target is null ? $"an alias stands inside what it names, which would never end; {advice}"
            : null;
        return mistake is null;
    }
}
