using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThinDeployer.Forges;

/// <summary>What a forge is told of a deployment, as it was when it happened. All of it is masked.</summary>
internal sealed record ForgeNews
{
    /// <summary>Of a description, in characters: GitHub takes no more.</summary>
    internal const int LongestDescription = 140;

    public required string Service { get; init; }

    /// <summary>The id.</summary>
    public required string Deployment { get; init; }

    public required ForgeState State { get; init; }

    /// <summary>The whole hash, in lower case.</summary>
    public required string Commit { get; init; }

    /// <summary>Such as <c>refs/heads/main</c>; null where it is not known.</summary>
    public string? Ref { get; init; }

    public required string Description { get; init; }

    /// <summary>The forge's own deployment that asked for this one; null where none did.</summary>
    public string? Asked { get; init; }

    internal string Write() => JsonSerializer.Serialize(this, ForgeNewsJson.Default.ForgeNews);

    internal static ForgeNews? Read(string text) => JsonSerializer.Deserialize(text, ForgeNewsJson.Default.ForgeNews);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(ForgeNews))]
internal sealed partial class ForgeNewsJson : JsonSerializerContext;
