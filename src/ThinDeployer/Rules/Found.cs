using System.Globalization;

namespace ThinDeployer.Rules;

/// <summary>What a request has at a place that a rule or a variable looks at.</summary>
internal abstract record Found
{
    private Found() { }

    /// <summary>Absent, or a null of JSON.</summary>
    /// <param name="Hint">Why it may be missed; null where there is nothing to say.</param>
    internal sealed record Nothing(string? Hint = null) : Found;

    /// <param name="Value">Numbers as written.</param>
    internal sealed record Text(string Value) : Found;

    /// <summary>A header or an argument that came several times: no one value is meant.</summary>
    internal sealed record Several(int Count) : Found;

    /// <param name="Kind">"a list" or "an object".</param>
    internal sealed record Composite(string Kind) : Found;

    /// <summary>What stands at a path with <c>[*]</c>: perhaps nothing, and read as it is gone through.</summary>
    internal sealed record Each(IEnumerable<Found> Values) : Found;

    /// <summary>The body where it stands is broken.</summary>
    internal sealed record Unreadable(string Reason) : Found;

    /// <summary>For a trace.</summary>
    internal string Describe(bool isSecret) =>
        this switch
        {
            Text(var value) => Excerpt.Cut($"it is {Excerpt.Quoted(value, isSecret)}"),
            Several(var count) => string.Create(CultureInfo.InvariantCulture, $"it came {count} times"),
            Composite(var kind) => $"it is {kind}",
            Unreadable(var reason) => Excerpt.Cut($"the JSON body {reason}"),
            Nothing({ } hint) => Excerpt.Cut($"it is missing; {hint}"),
            _ => "it is missing",
        };
}
