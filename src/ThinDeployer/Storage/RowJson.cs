using System.Text.Json;
using System.Text.Json.Serialization;
using ThinDeployer.Deployments;

namespace ThinDeployer.Storage;

/// <summary>
/// The parts of an entry that are columns of JSON. The shapes are this room's own: renaming a member elsewhere does not
/// change the file.
/// </summary>
internal static class RowJson
{
    internal static string Write(DeploymentTrigger trigger) =>
        JsonSerializer.Serialize(
            new StoredTrigger(
                trigger.Address,
                trigger.Method,
                trigger.Who,
                trigger.DeliveryId,
                trigger.Event,
                trigger.Ref,
                trigger.Commit,
                trigger.Actor,
                trigger.PayloadBytes > 0 ? trigger.PayloadBytes : null
            ),
            StoredJson.Default.StoredTrigger
        );

    internal static string Write(IReadOnlyDictionary<string, string> values) =>
        JsonSerializer.Serialize(new Dictionary<string, string>(values), StoredJson.Default.DictionaryStringString);

    internal static string Write(IReadOnlyList<StepResult> steps) =>
        JsonSerializer.Serialize([.. steps.Select(Stored)], StoredJson.Default.StoredStepArray);

    /// <summary>A list, as a parameter of <c>json_each</c>.</summary>
    internal static string Write(IEnumerable<string> texts) =>
        JsonSerializer.Serialize([.. texts], StoredJson.Default.StringArray);

    internal static DeploymentTrigger ReadTrigger(string json)
    {
        var stored = Present(JsonSerializer.Deserialize(json, StoredJson.Default.StoredTrigger));
        return new DeploymentTrigger(stored.Address, stored.Method, stored.Who)
        {
            DeliveryId = stored.DeliveryId,
            Event = stored.Event,
            Ref = stored.Ref,
            Commit = stored.Commit,
            Actor = stored.Actor,
            PayloadBytes = stored.PayloadBytes ?? 0,
        };
    }

    internal static Dictionary<string, string> ReadValues(string json) =>
        Present(JsonSerializer.Deserialize(json, StoredJson.Default.DictionaryStringString));

    internal static StepResult[] ReadSteps(string json) =>
        [.. Present(JsonSerializer.Deserialize(json, StoredJson.Default.StoredStepArray)).Select(Step)];

    private static StoredStep Stored(StepResult step) =>
        new(
            step.Command,
            step.Status.Name(),
            step.ExitCode,
            step.Attempts,
            step.Message,
            step.StartedAt.ToUnixTimeMilliseconds(),
            step.Duration?.Ticks / TimeSpan.TicksPerMillisecond,
            step.LogStart,
            step.LogEnd
        );

    private static StepResult Step(StoredStep stored) =>
        new(
            stored.Command,
            EntryRow.Status(stored.Status),
            stored.ExitCode,
            stored.Attempts,
            stored.Message,
            DateTimeOffset.FromUnixTimeMilliseconds(stored.StartedAt),
            stored.DurationMs is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
            stored.LogStart,
            stored.LogEnd
        );

    private static T Present<T>(T? value)
        where T : class => value ?? throw new JsonException("The record holds a null where there can be none.");
}

internal sealed record StoredTrigger(
    string? Address,
    string Method,
    string? Who,
    string? DeliveryId = null,
    string? Event = null,
    string? Ref = null,
    string? Commit = null,
    string? Actor = null,
    long? PayloadBytes = null
);

/// <param name="Status">The word that clients see.</param>
/// <param name="StartedAt">UNIX milliseconds.</param>
/// <param name="DurationMs">Null while it runs.</param>
internal sealed record StoredStep(
    string Command,
    string Status,
    int? ExitCode,
    int Attempts,
    string? Message,
    long StartedAt,
    long? DurationMs,
    long? LogStart,
    long? LogEnd
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(StoredTrigger))]
[JsonSerializable(typeof(StoredStep[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class StoredJson : JsonSerializerContext;
