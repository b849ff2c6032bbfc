using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>The answer to a deployment that was waited for. Its output goes from the log to the client piece by piece.</summary>
internal static class ResultAnswer
{
    internal static async Task WriteAsync(HttpContext context, DeploymentResult result)
    {
        context.Response.StatusCode = result.Status switch
        {
            DeploymentStatus.Succeeded => StatusCodes.Status202Accepted,
            DeploymentStatus.Superseded => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status500InternalServerError,
        };
        context.Response.ContentType = Answers.JsonType;
        var body = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(
            body,
            new JsonWriterOptions { Encoder = Answers.Json.Options.Encoder }
        );
        json.WriteStartObject();
        json.WritePropertyName("output");
        await LogReader.ReadTextAsync(
            result.Log,
            async piece =>
            {
                json.WriteStringValueSegment(piece.Span, isFinalSegment: false);
                await json.FlushAsync(context.RequestAborted);
                await body.FlushAsync(context.RequestAborted);
            },
            context.RequestAborted
        );
        json.WriteStringValueSegment("", isFinalSegment: true);
        WriteFacts(json, result.Entry);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
        await body.FlushAsync(context.RequestAborted);
    }

    private static void WriteFacts(Utf8JsonWriter json, DeploymentEntry entry)
    {
        json.WriteString("id", entry.Id);
        json.WriteString("status", entry.Status.Name());
        if (entry.DurationMs is { } duration)
        {
            json.WriteNumber("durationMs", duration);
        }

        if (entry.SupersededBy is { } by)
        {
            json.WriteString("supersededBy", by);
        }

        json.WritePropertyName("steps");
        JsonSerializer.Serialize(json, StepJson.Of(entry.Steps), Answers.Json.IReadOnlyListStepJson);
    }
}
