using System.Text.Json;

namespace ThinDeployer.Rules;

/// <summary>Where a sender of webhooks writes what a commit says.</summary>
/// <param name="Path">To the commit. With <c>[*]</c> to several, of which the one that the request is about counts.</param>
/// <param name="Id">The commit's hash, from there.</param>
/// <param name="Message">From there.</param>
/// <param name="Url">From there; null where the sender has none.</param>
internal sealed record CommitPlace(JsonPath Path, JsonPath Id, JsonPath Message, JsonPath? Url)
{
    internal static CommitPlace At(string path, string id = "id", string message = "message", string? url = "url") =>
        new(Parsed(path), Parsed(id), Parsed(message), url is null ? null : Parsed(url));

    /// <summary>Null where there is none.</summary>
    /// <param name="root">Of the request's body.</param>
    /// <param name="hash">Of the commit that the request is about; null where it is not known.</param>
    internal FoundCommit? In(JsonElement root, string? hash)
    {
        foreach (var commit in Path.FindAll(root))
        {
            if (!Path.HasAny || (hash is not null && Text(Id, commit) == hash))
            {
                return Text(Message, commit) is { } message
                    ? new FoundCommit(message, Url is null ? null : Text(Url, commit))
                    : null;
            }
        }

        return null;
    }

    private static string? Text(JsonPath path, JsonElement commit) =>
        path.Find(commit) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonPath Parsed(string text) =>
        JsonPath.TryParse(text, out var path, out var fault) ? path : throw new ArgumentException(fault, nameof(text));
}

/// <summary>What a sender says of a commit, in any length and with any characters.</summary>
/// <param name="Url">Null where it gives none.</param>
internal sealed record FoundCommit(string Message, string? Url);
