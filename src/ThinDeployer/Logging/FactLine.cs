using System.Collections;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ThinDeployer.Logging;

/// <summary>
/// A line whose facts are not all known each time, which the framework's templates can't say: in its pattern,
/// <c>{Name}</c> is a fact, and what stands in <c>[…]</c> is left out where a fact within is not known. It becomes text
/// only when somebody writes it. Facts that its pattern does not name are for programs.
/// </summary>
internal sealed class FactLine(string pattern, params KeyValuePair<string, object?>[] facts)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly KeyValuePair<string, object?>[] _known = Array.FindAll(facts, fact => fact.Value is not null);

    public int Count => _known.Length;

    public KeyValuePair<string, object?> this[int index] => _known[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _known.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString()
    {
        var text = new StringBuilder();
        var rest = pattern.AsSpan();
        while (!rest.IsEmpty)
        {
            var isOptional = rest[0] == '[';
            var end = isOptional ? rest.IndexOf(']') : rest.IndexOf('[');
            var part = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(isOptional ? end + 1 : end)..];
            var before = text.Length;
            if (!TryAppend(text, isOptional ? part[1..] : part) && isOptional)
            {
                text.Length = before;
            }
        }

        return text.ToString();
    }

    /// <summary>False where a fact is not known.</summary>
    private bool TryAppend(StringBuilder text, ReadOnlySpan<char> part)
    {
        var isWhole = true;
        while (part.IndexOf('{') is >= 0 and var begin)
        {
            var end = part.IndexOf('}');
            var name = part[(begin + 1)..end];
            text.Append(part[..begin]);
            var value = ValueOf(name);
            isWhole &= value is not null;
            text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
            part = part[(end + 1)..];
        }

        text.Append(part);
        return isWhole;
    }

    private object? ValueOf(ReadOnlySpan<char> name)
    {
        foreach (var fact in _known)
        {
            if (name.SequenceEqual(fact.Key))
            {
                return fact.Value;
            }
        }

        return null;
    }
}

/// <summary>Says such lines.</summary>
internal static class FactLines
{
    internal static void Say(this ILogger logger, LogLevel level, FactLine line, EventId kind = default) =>
        logger.Log(level, kind, line, exception: null, static (said, _) => said.ToString());
}
