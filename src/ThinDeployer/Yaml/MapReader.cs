using System.Globalization;

namespace ThinDeployer.Yaml;

/// <summary>
/// Reads a map key by key. What is wrong becomes a mistake in the context and reads as absent, so that a reader goes on
/// and finds the rest. Asking for a key makes it known; <see cref="Finish"/> then finds those that nobody asked for.
/// </summary>
internal sealed class MapReader
{
    private readonly YamlMap _map;
    private readonly ReadingContext _context;
    private readonly Dictionary<string, YamlNode> _values = [];
    private readonly List<string> _known = [];

    internal MapReader(YamlMap map, ReadingContext context)
    {
        _map = map;
        _context = context;
        foreach (var entry in map.Entries)
        {
            _values.TryAdd(entry.Key.Text, entry.Value);
        }
    }

    private MapReader(MapReader other, ReadingContext context)
    {
        (_map, _values, _known) = (other._map, other._values, other._known);
        _context = context;
    }

    internal Place Place => _map.Place;

    internal ReadingContext Context => _context;

    /// <summary>The same map: what is read by it is known, and what is wrong with that is nobody's business.</summary>
    internal MapReader Unheard() => new(this, _context with { Problems = new Problems() });

    /// <summary>The key is there, even without a value.</summary>
    internal bool Has(string key) => Node(key) is not null;

    /// <summary>The value of any shape; null when the key is absent.</summary>
    internal YamlNode? Node(string key)
    {
        if (!_known.Contains(key))
        {
            _known.Add(key);
            _context.Asked?.Invoke(key, new KeyShape.Own());
        }
        return _values.GetValueOrDefault(key);
    }

    /// <summary>Filled from the environment; null when absent or empty.</summary>
    internal string? Text(string key) =>
        Scalar(key) is { } text && Scalars.Interpolated(text, _context) is { Length: > 0 } filled ? filled : null;

    /// <summary>As written, for commands and patterns; null when absent or empty.</summary>
    internal string? RawText(string key) => Scalar(key) is { Text.Length: > 0 } text ? text.Text : null;

    internal bool Boolean(string key, bool byDefault) =>
        Read(
            key,
            new KeyShape.Boolean(),
            byDefault,
            "must be true or false (yes, no, on and off mean the same)",
            Scalars.TryBoolean
        );

    internal int Integer(string key, int byDefault, int minimum, int maximum) =>
        Read(
            key,
            new KeyShape.Integer(minimum, maximum),
            byDefault,
            $"must be a whole number from {minimum} to {maximum}",
            (string text, out int value) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && value >= minimum
                && value <= maximum
        );

    internal TimeSpan Duration(string key, TimeSpan byDefault, TimeSpan minimum, TimeSpan maximum) =>
        Read(
            key,
            new KeyShape.Duration(),
            byDefault,
            $"must be a duration from {Scalars.Written(minimum)} to {Scalars.Written(maximum)}, such as 30s, 5m or 2h",
            (string text, out TimeSpan value) =>
                Scalars.TryDuration(text, out value) && value >= minimum && value <= maximum
        );

    /// <summary>Bytes.</summary>
    internal long Size(string key, long byDefault, long minimum, long maximum) =>
        Read(
            key,
            new KeyShape.Size(),
            byDefault,
            $"must be a size from {minimum}B to {maximum}B, such as 64KiB or 16MiB",
            (string text, out long value) => Scalars.TrySize(text, out value) && value >= minimum && value <= maximum
        );

    /// <summary>By its IANA name; UTC when absent or empty.</summary>
    internal TimeZoneInfo TimeZone(string key)
    {
        if (Text(key) is not { } name)
        {
            return TimeZoneInfo.Utc;
        }

        if (TimeZoneName.TryParse(name, out var zone))
        {
            return zone;
        }

        _context.Mistake(Node(key)!.Place, $"{Quote.Of(key)} {TimeZoneName.Fault(name)}");
        return TimeZoneInfo.Utc;
    }

    /// <summary>What new files shall lack, in octal as for <c>umask</c>; null when absent or empty.</summary>
    internal UnixFileMode? FileMask(string key) =>
        Read<UnixFileMode?>(
            key,
            new KeyShape.FileMask(),
            byDefault: null,
            "must be an octal mask for the modes of files, such as 022 or 027",
            (string text, out UnixFileMode? value) =>
            {
                value = Yaml.FileMask.Parse(text);
                return value is not null;
            }
        );

    /// <summary>One of some words, of which the first is the default.</summary>
    internal string Choice(string key, params string[] words) =>
        Read(
            key,
            new KeyShape.Choice(words),
            words[0],
            $"must be one of: {string.Join(", ", words)}",
            (string text, out string value) =>
            {
                value = text;
                return words.Contains(text, StringComparer.Ordinal);
            }
        );

    /// <summary>One of some words; null when absent or empty.</summary>
    internal string? OptionalChoice(string key, params string[] words) =>
        Read<string?>(
            key,
            new KeyShape.Choice(words),
            byDefault: null,
            $"must be one of: {string.Join(", ", words)}",
            (string text, out string? value) =>
            {
                value = text;
                return words.Contains(text, StringComparer.Ordinal);
            }
        );

    /// <summary>
    /// A full path, filled from the environment: <c>~</c> is the home folder, and what is relative starts at the folder
    /// of the file that names it. Null when absent or empty.
    /// </summary>
    internal string? Path(string key) =>
        Text(key) is { } text ? ConfiguredPath.Resolve(text, Node(key)!.Place.File, _context.HomeFolder) : null;

    /// <summary>Empty when absent.</summary>
    internal IReadOnlyList<YamlNode> List(string key) =>
        Shaped<YamlList>(key, "a list", new KeyShape.List())?.Items ?? [];

    /// <summary>Null when absent.</summary>
    internal MapReader? Map(string key) =>
        Shaped<YamlMap>(key, "a map", new KeyShape.Map()) is { } map ? new MapReader(map, _context) : null;

    /// <summary>A map of names of the operator's own to texts, filled from the environment. Empty when absent.</summary>
    internal IReadOnlyDictionary<string, string> Texts(string key)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Shaped<YamlMap>(key, "a map", new KeyShape.Texts())?.Entries ?? [])
        {
            if (entry.Value is not YamlText text)
            {
                _context.Mistake(
                    entry.Value.Place,
                    $"{Quote.Of(entry.Key.Text)} must be a text, not {ShapeOf(entry.Value)}"
                );
            }
            else if (Scalars.Interpolated(text, _context) is { } filled)
            {
                texts.TryAdd(entry.Key.Text, filled);
            }
        }
        return texts;
    }

    /// <summary>The entries of such a map, for a reader that looks at the values itself. Empty when absent.</summary>
    internal IReadOnlyList<YamlEntry> Entries(string key) =>
        Shaped<YamlMap>(key, "a map", new KeyShape.Own())?.Entries ?? [];

    /// <summary>Makes a mistake of every key that nobody asked for.</summary>
    /// <param name="advice">What would be right; null for the nearest name.</param>
    internal void Finish(string? advice = null)
    {
        foreach (var entry in _map.Entries.Where(entry => !_known.Contains(entry.Key.Text)))
        {
            _context.Mistake(
                entry.Key.Place,
                $"unknown key {Quote.Of(entry.Key.Text)}; {advice ?? Advice(entry.Key.Text)}"
            );
        }
    }

    private delegate bool TryParse<T>(string text, out T value);

    private T Read<T>(string key, KeyShape shape, T byDefault, string demand, TryParse<T> parse)
    {
        if (
            Shaped<YamlText>(key, "a text", shape) is not { } written
            || Scalars.Interpolated(written, _context) is not { Length: > 0 } text
        )
        {
            return byDefault;
        }
        if (parse(text, out var value))
        {
            return value;
        }
        _context.Mistake(written.Place, $"{Quote.Of(key)} {demand}");
        return byDefault;
    }

    private string Advice(string written) =>
        NearestName.Of(written, _known) is { } nearest ? $"did you mean {Quote.Of(nearest)}?"
        : _known.Count == 0 ? "no key is known here"
        : $"known here: {string.Join(", ", _known)}";

    private YamlText? Scalar(string key) => Shaped<YamlText>(key, "a text", new KeyShape.Text());

    private TNode? Shaped<TNode>(string key, string shape, KeyShape exactly)
        where TNode : YamlNode
    {
        var value = Node(key);
        _context.Asked?.Invoke(key, exactly);
        switch (value)
        {
            case TNode node:
                return node;
            case null or YamlText { IsNothing: true }:
                return null;
            case var other:
                _context.Mistake(other.Place, $"{Quote.Of(key)} must be {shape}, not {ShapeOf(other)}");
                return null;
        }
    }

    private static string ShapeOf(YamlNode node) =>
        node switch
        {
            YamlList => "a list",
            YamlMap => "a map",
            _ => "a text",
        };
}
