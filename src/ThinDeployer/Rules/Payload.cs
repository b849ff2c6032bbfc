using System.Text.Json;

namespace ThinDeployer.Rules;

/// <summary>The JSON of a request.</summary>
internal abstract record Payload
{
    private Payload() { }

    internal sealed record Tree(JsonElement Root) : Payload;

    /// <summary>The request says of nothing that it is JSON.</summary>
    /// <param name="Hint">Why what looks like JSON does not count as such, and the cure; null where nothing does.</param>
    internal sealed record None(string? Hint = null) : Payload;

    /// <summary>It says so, and is wrong.</summary>
    /// <param name="Reason">Continues "the JSON body".</param>
    internal sealed record Broken(string Reason) : Payload
    {
        /// <summary>A sentence for who sent it.</summary>
        internal string Sentence => $"A rule or a variable needs the JSON body, which {Reason}";
    }
}
