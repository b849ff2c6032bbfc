namespace ThinDeployer.Yaml;

/// <summary>A map that is being read: keys and values come in turn.</summary>
internal sealed class OpenMap(Place place, string? anchor, bool isTop, Problems problems) : OpenNode(place, anchor)
{
    /// <summary>What the keys at the top begin with that are free for anchors; all others there name services.</summary>
    internal const string SharedPrefix = "x-";

    private const string MergeKey = "<<";

    private readonly List<YamlEntry> _entries = [];
    private readonly Dictionary<string, Place> _places = [];
    private YamlNode? _key;
    private YamlEntry? _merge;

    internal bool IsKeyNext => _key is null;

    protected override void Take(YamlNode child)
    {
        if (_key is null)
        {
            _key = child;
            return;
        }
        TakeEntry(_key, child);
        _key = null;
    }

    // What has a mistake in its key is left out, and the rest of the map read on.
    private void TakeEntry(YamlNode key, YamlNode value)
    {
        switch (key)
        {
            case not YamlText:
                Mistake(
                    key.Place,
                    "a key must be a text, not a list or a map; put a text that begins with [ or { into quotes"
                );
                break;
            case YamlText { Text.Length: 0 }:
                Mistake(key.Place, "a key is empty (null and ~ are empty too); give it a name");
                break;
            case YamlText { IsQuoted: false, Text: MergeKey } merge:
                TakeMerge(merge, value);
                break;
            case YamlText text when _places.TryAdd(text.Text, text.Place):
                _entries.Add(new YamlEntry(text, value));
                break;
            case YamlText text:
                MistakeOfDuplicate(text, _places[text.Text]);
                break;
        }
    }

    private void TakeMerge(YamlText key, YamlNode value)
    {
        if (_merge is null)
        {
            _merge = new YamlEntry(key, value);
        }
        else
        {
            MistakeOfDuplicate(key, _merge.Key.Place);
        }
    }

    internal override YamlNode Close()
    {
        if (_key is not null)
        {
            // The parser lets a line that begins with ": " pass as a key without a value, or a value without a key.
            Mistake(_key.Place, "a key or a value is missing here; write \"key: value\"");
        }
        foreach (var map in Merged())
        {
            // The map's own keys win, then those of the maps named first.
            _entries.AddRange(map.Entries.Where(entry => _places.TryAdd(entry.Key.Text, entry.Key.Place)));
        }
        return new YamlMap(Place, _entries);
    }

    private IEnumerable<YamlMap> Merged()
    {
        switch (_merge?.Value)
        {
            case null:
                return [];
            case YamlMap map:
                return [map];
            case YamlList list when list.Items.All(item => item is YamlMap):
                return list.Items.Cast<YamlMap>();
            default:
                Mistake(
                    _merge.Key.Place,
                    "\"<<\" merges a map or a list of maps; put the key into quotes if it is meant as text"
                );
                return [];
        }
    }

    private void MistakeOfDuplicate(YamlText key, Place first)
    {
        var name = $"{Quote.Of(key.Text)}, first at line {first.Line}";
        var isService = isTop && !key.Text.StartsWith(SharedPrefix, StringComparison.Ordinal);
        problems.Mistake(
            key.Place,
            isTop ? Quote.Escaped(key.Text) : null,
            isService ? $"duplicate service {name}; give one of them another name" : $"duplicate key {name}"
        );
    }

    private void Mistake(Place place, string message) => problems.Mistake(place, service: null, message);
}
