using System.Text;
using System.Text.Unicode;

namespace ThinDeployer.Http;

/// <summary>
/// The arguments of one place, the query or the form. It keeps the wanted ones, and some names of others, so that its size
/// does not follow what strangers send.
/// </summary>
/// <param name="wanted">Names of arguments that may have an effect.</param>
/// <param name="alsoWanted">Whether a further name may, of as many as are kept; null for none.</param>
internal sealed class ArgumentCollection(IReadOnlySet<string> wanted, Func<string, bool>? alsoWanted = null)
{
    /// <summary>Names that are kept because nobody knows them before.</summary>
    private const int MaximumUnforeseen = 100;

    /// <summary>Names of arguments that are not wanted and are kept all the same, to be told.</summary>
    private const int MaximumOthers = 20;

    /// <summary>Bytes of such a name.</summary>
    private const int MaximumName = 64;

    /// <summary>Stands for a name that is longer than any that may have an effect; it could be anything, half a secret too.</summary>
    private const string LongName = "…";

    private List<string>? _others;

    /// <summary>Null until one comes: most requests have none.</summary>
    private Dictionary<string, (int Count, ReadOnlyMemory<byte> First)>? _values;

    private ReadOnlyMemory<byte>? _token;

    /// <summary>Bytes.</summary>
    private int? _longestName;

    /// <summary>False when any name or value was not valid UTF-8, or held NUL.</summary>
    internal bool IsText { get; private set; } = true;

    /// <summary>False when the whole could not be taken apart.</summary>
    internal bool IsWellFormed { get; set; } = true;

    /// <summary>How often the argument <c>token</c> came.</summary>
    internal int TokenCount { get; private set; }

    /// <summary>The bytes of the last of them, of any kind; null where there is none.</summary>
    internal byte[]? Token => _token?.ToArray();

    /// <summary>Where each of them stands in a multipart body, in order.</summary>
    internal List<Range> TokenPlaces { get; } = [];

    /// <param name="name">Decoded.</param>
    /// <param name="value">Decoded; it is not copied, because it may be as large as a body.</param>
    internal void Add(ReadOnlySpan<byte> name, ReadOnlyMemory<byte> value)
    {
        if (name.SequenceEqual("token"u8))
        {
            TokenCount++;
            _token = value;
        }

        if (!IsTextual(name) || !IsTextual(value.Span))
        {
            IsText = false;
        }
        else if (name.Length <= LongestName && Encoding.UTF8.GetString(name) is var text && IsWanted(text))
        {
            _values ??= new(StringComparer.Ordinal);
            _values[text] = _values.TryGetValue(text, out var before) ? (before.Count + 1, before.First) : (1, value);
        }
        else if (_others is null || _others.Count < MaximumOthers)
        {
            AddOther(name.Length <= MaximumName ? Encoding.UTF8.GetString(name) : LongName);
        }
    }

    /// <summary>The names that came, each once, without <c>token</c>; of those that are not wanted only some.</summary>
    internal IEnumerable<string> Names => (_others ?? []).Concat(_values?.Keys ?? Enumerable.Empty<string>());

    /// <summary>How often a wanted argument came, and its first value.</summary>
    internal (int Count, string First) Find(string name) =>
        FindUtf8(name) is var (count, first) && count > 0 ? (count, Encoding.UTF8.GetString(first.Span)) : (0, "");

    /// <summary>The same without a text that is twice as large.</summary>
    internal (int Count, ReadOnlyMemory<byte> First) FindUtf8(string name) =>
        _values is not null && _values.TryGetValue(name, out var found) ? found : default;

    private bool IsWanted(string name) =>
        wanted.Contains(name)
        || (
            alsoWanted?.Invoke(name) == true
            && (_values is null || _values.ContainsKey(name) || _values.Count < wanted.Count + MaximumUnforeseen)
        );

    private int LongestName =>
        _longestName ??= wanted.Select(Encoding.UTF8.GetByteCount).Append(alsoWanted is null ? 0 : MaximumName).Max();

    private void AddOther(string name)
    {
        _others ??= [];
        if (name != "token" && !_others.Contains(name))
        {
            _others.Add(name);
        }
    }

    private static bool IsTextual(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) && !bytes.Contains((byte)0);
}
