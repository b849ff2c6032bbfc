using System.Text.Json;
using System.Text.Json.Serialization;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>What was decided before something begins, as JSON of this room's own shape.</summary>
internal static class GateJson
{
    internal static string Write(DeploymentGate gate) =>
        JsonSerializer.Serialize(
            new StoredGate
            {
                AskedAt = gate.AskedAt.ToUnixTimeMilliseconds(),
                Version = gate.Version,
                Approvals = gate.Approvals.Count > 0 ? [.. gate.Approvals.Select(Stored)] : null,
                Passed = gate.Passed is { } passed ? Stored(passed) : null,
                Rejected = gate.Rejected is { } rejected ? Stored(rejected) : null,
            },
            StoredGateJson.Default.StoredGate
        );

    internal static DeploymentGate Read(ReadOnlySpan<byte> json)
    {
        var stored = Present(JsonSerializer.Deserialize(json, StoredGateJson.Default.StoredGate));
        return new DeploymentGate
        {
            AskedAt = DateTimeOffset.FromUnixTimeMilliseconds(stored.AskedAt),
            Version = stored.Version ?? "",
            Approvals = [.. (stored.Approvals ?? []).Select(Decision)],
            Passed = stored.Passed is { } passed ? Decision(passed) : null,
            Rejected = stored.Rejected is { } rejected ? Decision(rejected) : null,
        };
    }

    internal static string Write(Pause pause) =>
        JsonSerializer.Serialize(
            new StoredPause
            {
                By = Stored(pause.By),
                Until = pause.Until?.ToUnixTimeMilliseconds(),
                Refuses = pause.Refuses ? true : null,
            },
            StoredGateJson.Default.StoredPause
        );

    internal static Pause ReadPause(ReadOnlySpan<byte> json)
    {
        var stored = Present(JsonSerializer.Deserialize(json, StoredGateJson.Default.StoredPause));
        return new Pause(
            Decision(Present(stored.By)),
            stored.Until is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null,
            stored.Refuses == true
        );
    }

    private static StoredDecision Stored(GateDecision decision) =>
        new()
        {
            Who = decision.Who,
            Address = decision.Address,
            At = decision.At.ToUnixTimeMilliseconds(),
            Reason = decision.Reason,
        };

    private static GateDecision Decision(StoredDecision stored) =>
        new(Present(stored.Who), stored.Address, DateTimeOffset.FromUnixTimeMilliseconds(stored.At), stored.Reason);

    private static T Present<T>(T? value)
        where T : class => value ?? throw new JsonException("The record holds null where something must be.");
}

internal sealed record StoredGate
{
    public long AskedAt { get; init; }
    public string? Version { get; init; }
    public IReadOnlyList<StoredDecision>? Approvals { get; init; }
    public StoredDecision? Passed { get; init; }
    public StoredDecision? Rejected { get; init; }
}

internal sealed record StoredPause
{
    public StoredDecision? By { get; init; }
    public long? Until { get; init; }
    public bool? Refuses { get; init; }
}

internal sealed record StoredDecision
{
    public string? Who { get; init; }
    public string? Address { get; init; }
    public long At { get; init; }
    public string? Reason { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(StoredGate))]
[JsonSerializable(typeof(StoredPause))]
internal sealed partial class StoredGateJson : JsonSerializerContext;
