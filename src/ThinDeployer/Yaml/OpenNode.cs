namespace ThinDeployer.Yaml;

/// <summary>A list or map that is being read.</summary>
internal abstract class OpenNode(Place place, string? anchor)
{
    internal Place Place { get; } = place;
    internal string? Anchor { get; } = anchor;
    internal int Nodes { get; private set; } = 1;
    internal int Height { get; private set; } = 1;

    internal void Add(Built child)
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
