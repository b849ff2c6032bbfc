using ThinDeployer.Yaml;

namespace ThinDeployer.Operating.Importing;

/// <summary>A map of a hooks file. As in webhook, capitals in a key do not count, and null is the same as nothing.</summary>
internal sealed class HookKeys
{
    private readonly HookFile _file;
    private readonly string? _hook;
    private readonly Dictionary<string, YamlEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="map">As written.</param>
    /// <param name="file">Takes mistakes.</param>
    /// <param name="hook">As it is named in them; null where that is not known yet.</param>
    internal HookKeys(YamlMap map, HookFile file, string? hook)
    {
        (Place, _file, _hook) = (map.Place, file, hook);
        foreach (var entry in map.Entries)
        {
            if (!_entries.TryAdd(entry.Key.Text, entry))
            {
                Mistake(entry.Key.Place, $"duplicate key {Quote.Of(entry.Key.Text)}, in other letters");
            }
        }
    }

    internal Place Place { get; }

    /// <summary>Those that nobody asked for.</summary>
    internal IEnumerable<YamlText> Unknown =>
        _entries.Values.Select(entry => entry.Key).Where(key => !_known.Contains(key.Text));

    internal string? Nearest(YamlText key) => NearestName.Of(key.Text, _known);

    /// <summary>Null where it is absent or null.</summary>
    internal YamlNode? Node(string key)
    {
        _known.Add(key);
        return _entries.GetValueOrDefault(key)?.Value is { } node and not YamlText { IsNothing: true } ? node : null;
    }

    /// <summary>The key, to point to; null where it has no value.</summary>
    internal Place? PlaceOf(string key) => Node(key) is null ? null : _entries[key].Key.Place;

    internal HookText? Text(string key) => Shaped<YamlText>(key, "a text") is { } text ? _file.TextOf(text) : null;

    internal bool Boolean(string key)
    {
        if (Shaped<YamlText>(key, "true or false") is not { } text)
        {
            return false;
        }

        if (!Scalars.TryBoolean(text.Text, out var value))
        {
            Mistake(text.Place, $"{Quote.Of(key)} must be true or false");
        }

        return value;
    }

    internal IReadOnlyList<YamlNode> List(string key) => Shaped<YamlList>(key, "a list")?.Items ?? [];

    /// <summary>The maps of a list.</summary>
    internal List<HookKeys> Maps(string key) => [.. List(key).Select(item => MapOf(item, key)).OfType<HookKeys>()];

    internal HookKeys? Map(string key) => Node(key) is { } node ? MapOf(node, key) : null;

    internal void Mistake(Place place, string message) => _file.Problems.Mistake(place, _hook, message);

    private HookKeys? MapOf(YamlNode node, string key)
    {
        if (node is YamlMap map)
        {
            return new HookKeys(map, _file, _hook);
        }

        Mistake(node.Place, $"{Quote.Of(key)} must hold a map here");
        return null;
    }

    private TNode? Shaped<TNode>(string key, string shape)
        where TNode : YamlNode
    {
        switch (Node(key))
        {
            case null:
                return null;
            case TNode node:
                return node;
            case var other:
                Mistake(other.Place, $"{Quote.Of(key)} must be {shape}");
                return null;
        }
    }
}
