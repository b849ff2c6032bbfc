using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Deployments;
using ThinDeployer.Output;

namespace ThinDeployer.Http;

/// <summary>The answer to a deployment that was waited for. Its output goes from the disk to the client piece by piece.</summary>
internal static class ResultAnswer
{
    /// <summary>Bytes that may wait to be sent together.</summary>
    private const int SentTogether = 16 * 1024;

    internal static async Task WriteAsync(
        HttpContext context,
        DeploymentResult result,
        IReadOnlyList<SeenDeployment> machines
    )
    {
        if (result.Entry.OutputBytes > SentTogether)
        {
            // Who ended the deployment has others to tell.
            await Task.Yield();
        }

        context.Response.StatusCode = StatusOf(result);
        context.Response.ContentType = Answers.JsonType;
        var body = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(body, Answers.WriterOptions);
        var sent = 0L;
        json.WriteStartObject();
        json.WritePropertyName("output");
        await OutputReader.ReadAsync(
            result.Output,
            async piece =>
            {
                // What is no UTF-8 becomes U+FFFD here.
                json.WriteStringValueSegment(piece.Span, isFinalSegment: false);
                if (json.BytesCommitted + json.BytesPending - sent >= SentTogether)
                {
                    await json.FlushAsync(context.RequestAborted);
                    await body.FlushAsync(context.RequestAborted);
                    sent = json.BytesCommitted;
                }
            },
            context.RequestAborted
        );
        json.WriteStringValueSegment(""u8, isFinalSegment: true);
        WriteFacts(json, result.Entry, machines);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    internal static int StatusOf(DeploymentResult result) =>
        result.Status switch
        {
            DeploymentStatus.Succeeded => StatusCodes.Status202Accepted,
            DeploymentStatus.Superseded => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status500InternalServerError,
        };

    private static void WriteFacts(Utf8JsonWriter json, DeploymentEntry entry, IReadOnlyList<SeenDeployment> machines)
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
        if (entry.Hooks.Count > 0)
        {
            json.WritePropertyName("hooks");
            JsonSerializer.Serialize(json, StepJson.Of(entry.Hooks), Answers.Json.IReadOnlyListStepJson);
        }

        if (machines.Count > 0)
        {
            json.WritePropertyName("machines");
            JsonSerializer.Serialize(json, MachineJson.Of(machines), Answers.Json.IReadOnlyListMachineJson);
        }

        if (entry.WrittenSummary is { } summary)
        {
            json.WriteString("summary", summary);
        }

        WriteNames(json, "unfilled", entry.Unfilled);
        WriteNames(json, "unused", entry.Unused);
    }

    private static void WriteNames(Utf8JsonWriter json, string member, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            json.WritePropertyName(member);
            JsonSerializer.Serialize(json, names, Answers.Json.IReadOnlyListString);
        }
    }
}
