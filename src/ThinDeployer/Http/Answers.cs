using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Security;

namespace ThinDeployer.Http;

/// <summary>An error, or any answer that is one sentence.</summary>
internal sealed record MessageAnswer(string Message, string? ServiceName = null);

/// <summary>The answer to a request that was right, but asks for nothing.</summary>
/// <param name="Output">The original's sentence.</param>
/// <param name="Reason">The rule that says so.</param>
internal sealed record OutputAnswer(string Output, string Reason);

/// <summary>The form of py-healthcheck, which monitors of the original read. Times are UNIX seconds.</summary>
internal sealed record HealthAnswer(
    string Hostname,
    string Status,
    double Timestamp,
    IReadOnlyList<HealthResultAnswer> Results
);

internal sealed record HealthResultAnswer(
    string Checker,
    string Output,
    bool Passed,
    double Timestamp,
    double Expires,
    [property: JsonPropertyName("response_time")] double ResponseTime
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(MessageAnswer))]
[JsonSerializable(typeof(OutputAnswer))]
[JsonSerializable(typeof(AcceptedJson))]
[JsonSerializable(typeof(BusyJson))]
[JsonSerializable(typeof(ClosedJson))]
[JsonSerializable(typeof(PausedJson))]
[JsonSerializable(typeof(DeploymentJson))]
[JsonSerializable(typeof(DeploymentListJson))]
[JsonSerializable(typeof(ServiceListJson))]
[JsonSerializable(typeof(DeliveryListJson))]
[JsonSerializable(typeof(IReadOnlyList<MachineJson>))]
[JsonSerializable(typeof(OutputEvent))]
[JsonSerializable(typeof(OutboxJson))]
[JsonSerializable(typeof(MachineListJson))]
[JsonSerializable(typeof(AddedMachineJson))]
[JsonSerializable(typeof(AuditListJson))]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;

internal static class Answers
{
    /// <summary>
    /// Only what JSON itself demands is escaped, so that a person can read an output. The answer says that it is JSON
    /// and forbids sniffing, so no browser takes it for a page.
    /// </summary>
    internal static JsonWriterOptions WriterOptions { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Goes with <see cref="WriterOptions"/>. Options of its own with that encoder would make it forgo the code that was
    /// generated for writing.
    /// </summary>
    internal static AnswerJson Json => AnswerJson.Default;

    internal const string JsonType = "application/json; charset=utf-8";

    /// <summary>What a client that is told to come back should wait, in seconds.</summary>
    private const string RetryAfterSeconds = "10";

    internal static async Task AnswerAsync<T>(this HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        using var body = JsonBody.Of(answer, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = JsonType;
        context.Response.ContentLength = body.Bytes.Length;
        await context.Response.Body.WriteAsync(body.Bytes, context.RequestAborted);
    }

    internal static Task AnswerAsync(this HttpContext context, int status, string message, string? service = null) =>
        context.AnswerAsync(status, new MessageAnswer(message, service), Json.MessageAnswer);

    /// <summary>429: too many failed attempts.</summary>
    internal static Task AnswerTooManyAsync(this HttpContext context, int seconds, string? service = null)
    {
        RequestNote.Leave(context, RefusalReason.TooManyFailures);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return context.AnswerAsync(
            StatusCodes.Status429TooManyRequests,
            $"Too many failed attempts; try again in {seconds} s",
            service
        );
    }

    /// <summary>503: not now.</summary>
    internal static Task AnswerLaterAsync(this HttpContext context, string message, string? service = null)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return context.AnswerAsync(StatusCodes.Status503ServiceUnavailable, message, service);
    }
}
