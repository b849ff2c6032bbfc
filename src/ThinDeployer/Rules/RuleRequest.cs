using System.Net;

namespace ThinDeployer.Rules;

/// <summary>A request as rules, variables and the facts about its sender see it. For one thread.</summary>
internal sealed class RuleRequest
{
    /// <summary>The argument of a form that carries a JSON body.</summary>
    internal const string PayloadArgument = "payload";

    private Payload? _payload;

    internal required string Method { get; init; }

    /// <summary>The values of a header in any case of its name, one for each line; empty when it is absent.</summary>
    internal required Func<string, IReadOnlyList<string>> Headers { get; init; }

    /// <summary>How often an argument came in the query, and its first value.</summary>
    internal required Func<string, (int Count, string First)> Query { get; init; }

    /// <summary>The same of the form, in UTF-8: a value may be as large as a body.</summary>
    internal required Func<string, (int Count, ReadOnlyMemory<byte> First)> Form { get; init; }

    internal required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Of the client; null where it is not known.</summary>
    internal required IPAddress? Address { get; init; }

    /// <summary>The JSON that came, read when it is first asked for.</summary>
    internal Payload Payload => _payload ??= PayloadReader.Read(this);

    /// <summary>The value of a header that came exactly once.</summary>
    internal string? SingleHeader(string name) => Headers(name) is [var value] ? value : null;
}
