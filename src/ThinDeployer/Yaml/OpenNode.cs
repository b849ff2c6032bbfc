namespace ThinDeployer.Yaml;

/// <summary>
/// A finished node with what an alias to it costs: the nodes in it (itself and expanded aliases included), and its
/// height in levels of lists and maps (0 for a text).
/// </summary>
internal sealed record Anchored(YamlNode Node, int Nodes, int Height)
{
    /// <summary>Stands for an anchor whose list or map is not closed yet.</summary>
    internal static readonly Anchored StillOpen = Nothing(Place.StartOf(""));

    internal static Anchored Nothing(Place place) => new(new YamlText(place, "", IsQuoted: false), Nodes: 1, Height: 0);
}

/// <summary>A list or map that is being read.</summary>
internal abstract class OpenNode(Place place, string? anchor)
{
    internal Place Place { get; } = place;
    internal string? Anchor { get; } = anchor;
    internal int Nodes { get; private set; } = 1;
    internal int Height { get; private set; } = 1;

    internal void Add(Anchored child)
    {
        Nodes += child.Nodes;
        Height = Math.Max(Height, child.Height + 1);
        Take(child.Node);
    }

    protected abstract void Take(YamlNode child);

    internal abstract YamlNode Close();
}

internal sealed class OpenList(Place place, string? anchor) : OpenNode(place, anchor)
{
    private readonly List<YamlNode> _items = [];

    protected override void Take(YamlNode child) => _items.Add(child);

    internal override YamlNode Close() => new YamlList(Place, _items);
}
