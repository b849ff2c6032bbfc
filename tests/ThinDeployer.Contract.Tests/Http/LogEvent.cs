using System.Text.Json;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>An event of a live log.</summary>
/// <param name="Type">Such as <c>output</c>.</param>
/// <param name="Id">Null where it has none.</param>
public sealed record LogEvent(string Type, string? Id, JsonElement Data)
{
    /// <summary>Of a piece of output; empty for any other event.</summary>
    public string Text => Type == "output" ? Data.GetProperty("text").GetString()! : "";
}
