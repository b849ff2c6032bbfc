using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThinDeployer.Machines;

/// <summary>What an envelope holds. Exactly one member is set.</summary>
internal sealed record Message
{
    /// <summary>Front to machine: deploy.</summary>
    public Order? Order { get; init; }

    /// <summary>Front to machine: I am here, every 15 s.</summary>
    public FrontAlive? Front { get; init; }

    /// <summary>Front to machine: the id of an order to stop, or not to begin.</summary>
    public CancelOrder? Cancel { get; init; }

    /// <summary>Front to machine: you are enrolled.</summary>
    public Joined? Joined { get; init; }

    /// <summary>Machine to front: let me in.</summary>
    public Join? Join { get; init; }

    /// <summary>Machine to front: I am here, every 15 s.</summary>
    public MachineAlive? Alive { get; init; }

    /// <summary>Machine to front: how an order stands.</summary>
    public OrderState? State { get; init; }

    /// <summary>Machine to front: what came next of an order.</summary>
    public OrderProgress? Progress { get; init; }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MessageJson.Default.Message);

    /// <summary>Null for what is none.</summary>
    internal static Message? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, MessageJson.Default.Message);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Deploy a service of your own configuration. It names no command.</summary>
/// <param name="Id">Of the child deployment, at the front and at the machine: a UUID version 7.</param>
/// <param name="Machine">Whom it is for.</param>
/// <param name="Deployment">The id of the whole, at the front.</param>
/// <param name="Service">Its name.</param>
/// <param name="Values">Of placeholders and variables, by name.</param>
/// <param name="Expires">Not begun from then on: milliseconds since 1970.</param>
internal sealed record Order(
    string Id,
    string Machine,
    string Deployment,
    string Service,
    IReadOnlyDictionary<string, string> Values,
    long Expires
)
{
    /// <summary>Bytes of a whole order; one that would be larger is refused at the front.</summary>
    internal const int Largest = 16 * 1024;

    public string? Who { get; init; }

    public string? Event { get; init; }

    public string? Ref { get; init; }

    public string? Commit { get; init; }

    public string? Actor { get; init; }

    public string? RollbackTo { get; init; }

    public string? TraceParent { get; init; }
}

/// <param name="At">The front's clock: milliseconds since 1970.</param>
/// <param name="Ask">Ids of orders of which the front wants to hear how they stand.</param>
internal sealed record FrontAlive(long At, IReadOnlyList<string> Ask);

/// <param name="By">Who wants it.</param>
internal sealed record CancelOrder(string Order, string By);

internal sealed record Joined(string Machine);

/// <param name="Key">The machine's public key: base64 of its SubjectPublicKeyInfo.</param>
/// <param name="Proof">HMAC-SHA256 of the machine's name and key by the secret of the join code, in base64.</param>
internal sealed record Join(string Machine, string Key, string Proof);

/// <param name="At">The machine's clock: milliseconds since 1970.</param>
/// <param name="Version">Of Thin Deployer.</param>
/// <param name="Services">The names of those that it can deploy.</param>
internal sealed record MachineAlive(string Machine, long At, string Version, IReadOnlyList<string> Services);

/// <param name="Status">A name of a state; <c>unknown</c> where the machine never saw the order.</param>
/// <param name="Reason">Why it was refused; null where it was not.</param>
internal sealed record OrderState(string Machine, string Order, string Status, long? StartedAt, string? Reason);

/// <summary>
/// The next piece of an order's output, step, or its end. A place is bytes of the output and steps told there; what was
/// told before is dropped by the front.
/// </summary>
/// <param name="From">Where it begins: bytes.</param>
/// <param name="FromMarks">And steps.</param>
/// <param name="To">Where the next one begins: bytes. More than the output's length where the middle was cut out.</param>
/// <param name="ToMarks">And steps.</param>
internal sealed record OrderProgress(string Machine, string Order, long From, int FromMarks, long To, int ToMarks)
{
    /// <summary>Bytes of a piece.</summary>
    internal const int LargestPiece = 32 * 1024;

    public byte[]? Output { get; init; }

    public ReportedStep? Step { get; init; }

    public ReportedEnd? End { get; init; }
}

/// <summary>As <c>StepResult</c>.</summary>
internal sealed record ReportedStep(
    string Command,
    string Status,
    int? ExitCode,
    int Attempts,
    string? Message,
    long StartedAt,
    long? DurationMs,
    long? OutputStart,
    long? OutputEnd,
    string? Hook
);

/// <summary>How it ended.</summary>
internal sealed record ReportedEnd(
    string Status,
    long? StartedAt,
    long FinishedAt,
    long? DurationMs,
    string? CancelledBy,
    string? HookStatus,
    string? Summary,
    IReadOnlyList<ReportedStep> Steps
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Message))]
internal sealed partial class MessageJson : JsonSerializerContext;
