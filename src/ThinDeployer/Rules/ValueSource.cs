using System.Text;
using System.Text.Json;

namespace ThinDeployer.Rules;

/// <summary>A place of a request where a value may stand.</summary>
internal abstract record ValueSource
{
    private ValueSource() { }

    internal sealed record Header(string Name) : ValueSource;

    internal sealed record Query(string Name) : ValueSource;

    /// <summary>In the query or the form.</summary>
    internal sealed record Argument(string Name) : ValueSource;

    internal sealed record Json(JsonPath Path) : ValueSource;

    internal Found In(RuleRequest request) =>
        this switch
        {
            Header(var name) => request.Headers(name) switch
            {
                [] => new Found.Nothing(),
                [var value] => new Found.Text(value),
                var values => new Found.Several(values.Count),
            },
            Query(var name) => Of(request.Query(name), (0, "")),
            Argument(var name) => Of(request.Query(name), Text(request.Form(name))),
            Json(var path) => Of(request.Payload, path),
            _ => new Found.Nothing(),
        };

    /// <summary>Whether a value that stands there must not be shown.</summary>
    internal bool IsSecret => Excerpt.IsSecretName(Written.Name);

    private (string Kind, string Name) Written =>
        this switch
        {
            Header(var name) => ("header", name),
            Query(var name) => ("query", name),
            Argument(var name) => ("argument", name),
            Json(var path) => ("json", path.Source),
            _ => ("", ""),
        };

    public sealed override string ToString() => $"{Written.Kind} {Yaml.Quote.Escaped(Written.Name)}";

    private static (int Count, string First) Text((int Count, ReadOnlyMemory<byte> First) argument) =>
        (argument.Count, Encoding.UTF8.GetString(argument.First.Span));

    private static Found Of((int Count, string First) one, (int Count, string First) other) =>
        (one.Count + other.Count) switch
        {
            0 => new Found.Nothing(),
            1 => new Found.Text(one.Count == 1 ? one.First : other.First),
            var count => new Found.Several(count),
        };

    private static Found Of(Payload payload, JsonPath path) =>
        payload switch
        {
            Payload.Tree(var root) when path.HasAny => new Found.Each(path.FindAll(root).Select(Of)),
            Payload.Tree(var root) => path.Find(root) is { } element ? Of(element) : new Found.Nothing(),
            Payload.Broken(var reason) => new Found.Unreadable(reason),
            Payload.None(var hint) => new Found.Nothing(hint),
            _ => new Found.Nothing(),
        };

    private static Found Of(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => new Found.Text(element.GetString()!),
            JsonValueKind.Number => new Found.Text(element.GetRawText()),
            JsonValueKind.True => new Found.Text("true"),
            JsonValueKind.False => new Found.Text("false"),
            JsonValueKind.Array => new Found.Composite("a list"),
            JsonValueKind.Object => new Found.Composite("an object"),
            _ => new Found.Nothing(),
        };
}
