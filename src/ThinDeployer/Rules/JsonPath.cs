using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ThinDeployer.Rules;

/// <summary>
/// Where a value stands in a JSON tree: <c>commits.0.id</c>, or <c>commits[0].id</c>. A number between dots is an index in
/// a list and a key in an object; one in brackets is an index only. A backslash takes the meaning from a dot, a bracket or
/// a backslash: <c>a\.b</c> is the key <c>a.b</c>. <c>[*]</c> stands for every index of a list.
/// </summary>
internal sealed class JsonPath
{
    /// <summary>UTF-16 units.</summary>
    internal const int MaximumLength = 1_024;

    private readonly IReadOnlyList<Segment> _segments;

    private JsonPath(string source, IReadOnlyList<Segment> segments)
    {
        Source = source;
        _segments = segments;
        HasAny = segments.Any(segment => segment.IsAny);
    }

    /// <summary>As written.</summary>
    internal string Source { get; }

    /// <summary>Whether it may find several values.</summary>
    internal bool HasAny { get; }

    /// <summary>False when it is no path; then <paramref name="fault"/> continues "the path".</summary>
    internal static bool TryParse(
        string text,
        [NotNullWhen(true)] out JsonPath? path,
        [NotNullWhen(false)] out string? fault
    )
    {
        var segments = new List<Segment>();
        var at = 0;
        fault = text.Length > MaximumLength ? $"has more than {MaximumLength} characters" : null;
        while (fault is null)
        {
            fault = text.AsSpan(at) is ['[', ..] ? ReadIndex(text, ref at, segments) : ReadKey(text, ref at, segments);
            if (fault is not null || at == text.Length)
            {
                break;
            }

            // What follows a key or an index: a bracket, or a dot and a key.
            if (text[at] == '.')
            {
                at++;
                fault = text.AsSpan(at) is ['[', ..] ? "has an empty key" : null;
            }
        }

        path = fault is null ? new JsonPath(text, segments) : null;
        return path is not null;
    }

    /// <summary>Null when nothing is there. A null of JSON is something here. Of a path that finds one value.</summary>
    internal JsonElement? Find(JsonElement root)
    {
        JsonElement? at = root;
        foreach (var segment in _segments)
        {
            at = at is { } outer ? segment.In(outer) : null;
        }

        return at;
    }

    /// <summary>
    /// All that stands there, in the order written, each when it is asked for. It looks at no value twice, whatever the number
    /// of <c>[*]</c>: the size of the tree is the bound.
    /// </summary>
    internal IEnumerable<JsonElement> FindAll(JsonElement root) =>
        _segments.Aggregate((IEnumerable<JsonElement>)[root], (found, segment) => found.SelectMany(segment.AllIn));

    private static string? ReadIndex(string text, ref int at, List<Segment> segments)
    {
        var end = text.IndexOf(']', at);
        if (end < 0)
        {
            return "has a \"[\" without its \"]\"";
        }

        var inside = text[(at + 1)..end];
        var index = IndexOf(inside);
        if (index is null && inside != "*")
        {
            return "has something else than a number or * in its brackets";
        }

        segments.Add(new Segment(inside, index, IsIndexOnly: true));
        at = end + 1;
        return at < text.Length && text[at] is not ('.' or '[') ? "has no dot after a \"]\"" : null;
    }

    private static string? ReadKey(string text, ref int at, List<Segment> segments)
    {
        var key = new StringBuilder();
        var isEscaped = false;
        for (; at < text.Length && text[at] is not ('.' or '['); at++)
        {
            if (text[at] == '\\')
            {
                isEscaped = true;
                if (++at == text.Length)
                {
                    return "ends in a backslash";
                }
            }

            key.Append(text[at]);
        }

        if (key.Length == 0)
        {
            return "has an empty key";
        }

        segments.Add(new Segment(key.ToString(), isEscaped ? null : IndexOf(key.ToString()), IsIndexOnly: false));
        return null;
    }

    private static int? IndexOf(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private sealed record Segment(string Key, int? Index, bool IsIndexOnly)
    {
        internal bool IsAny => IsIndexOnly && Index is null;

        internal JsonElement? In(JsonElement at) =>
            at.ValueKind switch
            {
                JsonValueKind.Object when !IsIndexOnly => at.TryGetProperty(Key, out var member) ? member : null,
                JsonValueKind.Array when Index is { } index && index < at.GetArrayLength() => at[index],
                _ => null,
            };

        internal IEnumerable<JsonElement> AllIn(JsonElement at)
        {
            if (IsAny && at.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in at.EnumerateArray())
                {
                    yield return item;
                }
            }
            else if (In(at) is { } one)
            {
                yield return one;
            }
        }
    }
}
