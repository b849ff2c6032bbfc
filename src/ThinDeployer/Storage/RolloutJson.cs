using System.Text.Json;
using System.Text.Json.Serialization;
using ThinDeployer.Deployments;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Storage;

/// <summary>Rollouts, and the places of machines in them, as JSON of this room's own shape.</summary>
internal static class RolloutJson
{
    internal static string Write(RolloutState rollout) =>
        JsonSerializer.Serialize(
            new StoredRollout
            {
                Batches = [.. rollout.Batches.Select(batch => batch.ToArray())],
                MaximumFailures = rollout.MaximumFailures,
                Pause = Milliseconds(rollout.Pause),
                IsManual = rollout.IsManual,
                Unavailable = NameOf(rollout.Unavailable),
                Expire = Milliseconds(rollout.Expire),
                Allowed = rollout.Allowed,
            },
            StoredRolloutJson.Default.StoredRollout
        );

    internal static RolloutState ReadRollout(ReadOnlySpan<byte> json)
    {
        var stored = Present(JsonSerializer.Deserialize(json, StoredRolloutJson.Default.StoredRollout));
        return new RolloutState(
            Present(stored.Batches),
            stored.MaximumFailures,
            TimeSpan.FromMilliseconds(stored.Pause),
            stored.IsManual,
            UnavailableOf(stored.Unavailable),
            TimeSpan.FromMilliseconds(stored.Expire),
            stored.Allowed
        );
    }

    /// <summary>What of a place has no column of its own.</summary>
    internal static string Write(ChildPlace place) =>
        JsonSerializer.Serialize(
            new StoredPlace
            {
                Expires = place.Expires?.ToUnixTimeMilliseconds(),
                IsTaken = place.IsTaken,
                IsSkipped = place.IsSkipped,
                Note = place.Note,
                SeenPosition = place.SeenPosition,
                SeenBytes = place.SeenBytes,
            },
            StoredRolloutJson.Default.StoredPlace
        );

    /// <param name="place">With what has a column of its own.</param>
    /// <param name="json">The rest.</param>
    internal static ChildPlace ReadPlace(ChildPlace place, ReadOnlySpan<byte> json)
    {
        var stored = Present(JsonSerializer.Deserialize(json, StoredRolloutJson.Default.StoredPlace));
        return place with
        {
            Expires = stored.Expires is { } expires ? DateTimeOffset.FromUnixTimeMilliseconds(expires) : null,
            IsTaken = stored.IsTaken,
            IsSkipped = stored.IsSkipped,
            Note = stored.Note,
            SeenPosition = stored.SeenPosition,
            SeenBytes = stored.SeenBytes,
        };
    }

    private static long Milliseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMillisecond;

    private static string NameOf(WhenUnavailable unavailable) =>
        unavailable switch
        {
            WhenUnavailable.Wait => "wait",
            WhenUnavailable.Skip => "skip",
            WhenUnavailable.Fail => "fail",
            _ => throw new ArgumentOutOfRangeException(nameof(unavailable), unavailable, message: null),
        };

    private static WhenUnavailable UnavailableOf(string? name) =>
        name switch
        {
            "wait" => WhenUnavailable.Wait,
            "skip" => WhenUnavailable.Skip,
            "fail" => WhenUnavailable.Fail,
            _ => throw new JsonException("The record holds what no machine that is away becomes."),
        };

    private static T Present<T>(T? value)
        where T : class => value ?? throw new JsonException("The record holds a null where there can be none.");
}

internal sealed class StoredRollout
{
    public string[][]? Batches { get; set; }
    public int MaximumFailures { get; set; }

    /// <summary>Milliseconds.</summary>
    public long Pause { get; set; }
    public bool IsManual { get; set; }
    public string? Unavailable { get; set; }

    /// <summary>Milliseconds.</summary>
    public long Expire { get; set; }
    public int Allowed { get; set; }
}

internal sealed class StoredPlace
{
    /// <summary>UNIX milliseconds.</summary>
    public long? Expires { get; set; }
    public bool IsTaken { get; set; }
    public bool IsSkipped { get; set; }
    public string? Note { get; set; }
    public long SeenPosition { get; set; }
    public long SeenBytes { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault
)]
[JsonSerializable(typeof(StoredRollout))]
[JsonSerializable(typeof(StoredPlace))]
internal sealed partial class StoredRolloutJson : JsonSerializerContext;
