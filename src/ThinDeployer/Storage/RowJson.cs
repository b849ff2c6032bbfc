using System.Text.Json;
using System.Text.Json.Serialization;
using ThinDeployer.Audit;
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
            new StoredTrigger
            {
                Address = trigger.Address,
                Method = trigger.Method,
                Who = trigger.Who,
                DeliveryId = trigger.DeliveryId,
                Event = trigger.Event,
                Ref = trigger.Ref,
                Commit = trigger.Commit,
                Actor = trigger.Actor,
                CommitSubject = trigger.CommitSubject,
                CommitUrl = trigger.CommitUrl,
                ForgeDeployment = trigger.ForgeDeployment,
                TraceParent = trigger.TraceParent?.ToString(),
                TraceLink = trigger.TraceLink?.ToString(),
                RollbackTo = trigger.RollbackTo,
                After = trigger.After,
                OnMachine = trigger.OnMachine,
                PayloadBytes = trigger.PayloadBytes > 0 ? trigger.PayloadBytes : null,
            },
            StoredJson.Default.StoredTrigger
        );

    internal static string Write(IReadOnlyDictionary<string, string> values) =>
        JsonSerializer.Serialize(new Dictionary<string, string>(values), StoredJson.Default.DictionaryStringString);

    internal static string Write(IReadOnlyList<StepResult> steps) =>
        JsonSerializer.Serialize([.. steps.Select(Stored)], StoredJson.Default.StoredStepArray);

    internal static string Write(IReadOnlyList<ChainedDeployment> followed) =>
        JsonSerializer.Serialize(
            [.. followed.Select(one => new StoredLink { Service = one.Service, Id = one.Id })],
            StoredJson.Default.StoredLinkArray
        );

    internal static IReadOnlyList<ChainedDeployment> ReadFollowed(ReadOnlySpan<byte> json) =>
        Array.ConvertAll(
            Present(JsonSerializer.Deserialize(json, StoredJson.Default.StoredLinkArray)),
            link => new ChainedDeployment(Present(link.Service), Present(link.Id))
        );

    /// <summary>A list, as a parameter of <c>json_each</c>.</summary>
    internal static string Write(IEnumerable<string> texts) =>
        JsonSerializer.Serialize([.. texts], StoredJson.Default.StringArray);

    /// <summary>Null for an empty list, as most are.</summary>
    internal static string? WriteOrNull(IReadOnlyList<string> texts) => texts.Count == 0 ? null : Write(texts);

    internal static IReadOnlyList<string> ReadNames(ReadOnlySpan<byte> json) =>
        json.IsEmpty ? [] : Present(JsonSerializer.Deserialize(json, StoredJson.Default.StringArray));

    internal static DeploymentTrigger ReadTrigger(ReadOnlySpan<byte> json)
    {
        var stored = Present(JsonSerializer.Deserialize(json, StoredJson.Default.StoredTrigger));
        return new DeploymentTrigger(stored.Address, Present(stored.Method), stored.Who)
        {
            DeliveryId = stored.DeliveryId,
            Event = stored.Event,
            Ref = stored.Ref,
            Commit = stored.Commit,
            Actor = stored.Actor,
            CommitSubject = stored.CommitSubject,
            CommitUrl = stored.CommitUrl,
            ForgeDeployment = stored.ForgeDeployment,
            TraceParent = TraceParent.Parse(stored.TraceParent),
            TraceLink = TraceParent.Parse(stored.TraceLink),
            RollbackTo = stored.RollbackTo,
            After = stored.After,
            OnMachine = stored.OnMachine,
            PayloadBytes = stored.PayloadBytes ?? 0,
        };
    }

    internal static Dictionary<string, string> ReadValues(ReadOnlySpan<byte> json) =>
        Present(JsonSerializer.Deserialize(json, StoredJson.Default.DictionaryStringString));

    internal static StepResult[] ReadSteps(ReadOnlySpan<byte> json) =>
        Array.ConvertAll(Present(JsonSerializer.Deserialize(json, StoredJson.Default.StoredStepArray)), Step);

    internal static string Write(AuditEntry entry) =>
        JsonSerializer.Serialize(
            new StoredAudit
            {
                What = entry.What,
                Result = entry.Result,
                Who = entry.Who,
                Address = entry.Address,
                Service = entry.Service,
                DeploymentId = entry.DeploymentId,
                Reason = entry.Reason,
            },
            StoredJson.Default.StoredAudit
        );

    internal static AuditEntry ReadAudit(ReadOnlySpan<byte> json)
    {
        var stored = Present(JsonSerializer.Deserialize(json, StoredJson.Default.StoredAudit));
        return new AuditEntry(Present(stored.What), Present(stored.Result))
        {
            Who = stored.Who,
            Address = stored.Address,
            Service = stored.Service,
            DeploymentId = stored.DeploymentId,
            Reason = stored.Reason,
        };
    }

    private static StoredStep Stored(StepResult step) =>
        new()
        {
            Command = step.Command,
            Status = step.Status.Name(),
            ExitCode = step.ExitCode,
            Attempts = step.Attempts,
            Message = step.Message,
            StartedAt = step.StartedAt.ToUnixTimeMilliseconds(),
            DurationMs = step.Duration?.Ticks / TimeSpan.TicksPerMillisecond,
            LogStart = step.OutputStart,
            LogEnd = step.OutputEnd,
            Hook = step.Hook,
        };

    private static StepResult Step(StoredStep stored) =>
        new(
            Present(stored.Command),
            EntryRow.Status(Present(stored.Status)),
            stored.ExitCode,
            stored.Attempts,
            stored.Message,
            DateTimeOffset.FromUnixTimeMilliseconds(stored.StartedAt),
            stored.DurationMs is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
            stored.LogStart,
            stored.LogEnd,
            stored.Hook
        );

    private static T Present<T>(T? value)
        where T : class => value ?? throw new JsonException("The record holds a null where there can be none.");
}

/// <remarks>Has setters, as <see cref="StoredStep"/>: a reader of JSON fills what has a constructor at half the speed.</remarks>
internal sealed class StoredTrigger
{
    public string? Address { get; set; }
    public string? Method { get; set; }
    public string? Who { get; set; }
    public string? DeliveryId { get; set; }
    public string? Event { get; set; }
    public string? Ref { get; set; }
    public string? Commit { get; set; }
    public string? Actor { get; set; }
    public string? CommitSubject { get; set; }
    public string? CommitUrl { get; set; }
    public string? ForgeDeployment { get; set; }
    public string? TraceParent { get; set; }
    public string? TraceLink { get; set; }
    public string? RollbackTo { get; set; }

    public string? After { get; set; }
    public string? OnMachine { get; set; }

    /// <summary>Null for none.</summary>
    public long? PayloadBytes { get; set; }
}

internal sealed class StoredStep
{
    public string? Command { get; set; }

    /// <summary>The word that clients see.</summary>
    public string? Status { get; set; }
    public int? ExitCode { get; set; }
    public int Attempts { get; set; }
    public string? Message { get; set; }

    /// <summary>UNIX milliseconds.</summary>
    public long StartedAt { get; set; }

    /// <summary>Null while it runs.</summary>
    public long? DurationMs { get; set; }
    public long? LogStart { get; set; }
    public long? LogEnd { get; set; }

    /// <summary>Null for one of <c>commands</c>.</summary>
    public string? Hook { get; set; }
}

internal sealed class StoredLink
{
    public string? Service { get; set; }

    public string? Id { get; set; }
}

internal sealed class StoredAudit
{
    public string? What { get; set; }
    public string? Result { get; set; }
    public string? Who { get; set; }
    public string? Address { get; set; }
    public string? Service { get; set; }
    public string? DeploymentId { get; set; }
    public string? Reason { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(StoredAudit))]
[JsonSerializable(typeof(StoredTrigger))]
[JsonSerializable(typeof(StoredStep[]))]
[JsonSerializable(typeof(StoredLink[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class StoredJson : JsonSerializerContext;
