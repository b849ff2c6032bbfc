using System.Text.Json;
using System.Text.Json.Serialization;
using ThinDeployer.Deployments;

namespace ThinDeployer.Notifications;

/// <summary>
/// What there is to tell of a deployment, as it was when it happened: a message may go out hours later, when the deployment is
/// forgotten. All of it is masked.
/// </summary>
internal sealed record News
{
    public required string Service { get; init; }

    /// <summary>The id.</summary>
    public required string Deployment { get; init; }

    public required NewsEvent Event { get; init; }

    public required DeploymentStatus Status { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Of one that waits: for the clock, and for nobody.</summary>
    public bool WaitsForWindow { get; init; }

    /// <summary>The hook that ran; null for none.</summary>
    public string? Hook { get; init; }

    /// <summary>Whether <see cref="Hook"/> ended well.</summary>
    public bool IsHookGood { get; init; }

    /// <summary>Milliseconds; null where it has not ended, or never began.</summary>
    public long? DurationMs { get; init; }

    /// <summary>The name of the credential; null where there is none.</summary>
    public string? Who { get; init; }

    /// <summary>Who did it, as a forge says; null where it is not known.</summary>
    public string? Actor { get; init; }

    /// <summary>Such as <c>push</c>; null where it is not known.</summary>
    public string? Trigger { get; init; }

    public string? CancelledBy { get; init; }

    /// <summary>Such as <c>refs/heads/main</c>; null where it is not known.</summary>
    public string? Ref { get; init; }

    /// <summary>The whole hash; null where it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The first line of its message.</summary>
    public string? CommitSubject { get; init; }

    /// <summary>By HTTP or HTTPS.</summary>
    public string? CommitUrl { get; init; }

    /// <summary>The command of the step that ended it; null where none did.</summary>
    public string? FailedStep { get; init; }

    /// <summary>Of <see cref="FailedStep"/>; null where it has none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why <see cref="FailedStep"/> failed, as a sentence without a full stop.</summary>
    public string? Reason { get; init; }

    /// <summary>The end of its output, plain, without escape sequences; empty where none is wanted.</summary>
    public string Output { get; init; } = "";

    /// <summary>Whether anything stands before <see cref="Output"/>.</summary>
    public bool IsCut { get; init; }

    /// <summary>What its steps wrote for people; null for nothing.</summary>
    public string? Summary { get; init; }

    /// <summary>The deployment as <c>GET /deployments/ID</c> shows it, where the kind sends that; else null.</summary>
    public string? Json { get; init; }

    /// <summary>What the target wants to read instead; null for the kind's own words.</summary>
    public string? Template { get; init; }

    /// <summary>How often the same failure came again since it was told; 0 for one that is told at once.</summary>
    [JsonIgnore]
    public int Repeats { get; init; }

    internal string Write() => JsonSerializer.Serialize(this, NewsJson.Default.News);

    internal static News? Read(string text) => JsonSerializer.Deserialize(text, NewsJson.Default.News);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(News))]
internal sealed partial class NewsJson : JsonSerializerContext;
