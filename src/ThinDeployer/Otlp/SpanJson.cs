using System.Text.Json;
using ThinDeployer.Deployments;
using ThinDeployer.Telemetry;

namespace ThinDeployer.Otlp;

/// <summary>
/// Deployments as spans, by OpenTelemetry's conventions for CI/CD (https://opentelemetry.io/docs/specs/semconv/cicd/cicd-spans/).
/// All texts come from the record, where secrets are masked.
/// </summary>
internal static class SpanJson
{
    private const int KindInternal = 1;
    private const int KindServer = 2;
    private const int StatusError = 2;

    /// <summary>Of a span, beside the flags of trace context: that the parent is known to be of another program, or of ours.</summary>
    private const int RemoteIsKnown = 0x100;
    private const int IsRemote = 0x200;

    internal static void Write(Utf8JsonWriter json, EndedSpans spans)
    {
        var trace = DeploymentTrace.Of(spans.Entry);
        if (spans.HasRoot)
        {
            WriteDeployment(json, spans.Entry, trace);
        }

        foreach (var (name, step) in spans.Steps)
        {
            WriteStep(json, spans.Entry, trace, name, step);
        }
    }

    /// <summary>It begins with the acceptance: who asked waits from then on.</summary>
    private static void WriteDeployment(Utf8JsonWriter json, DeploymentEntry entry, DeploymentTrace trace)
    {
        json.WriteStartObject();
        WriteIds(
            json,
            trace,
            trace.SpanId,
            trace.ParentId,
            trace.ParentId is null ? RemoteIsKnown : RemoteIsKnown | IsRemote
        );
        json.WriteString("name", $"RUN {entry.Service}");
        json.WriteNumber("kind", KindServer);
        WriteTimes(json, entry.AcceptedAt, entry.FinishedAt ?? entry.AcceptedAt);
        json.WriteStartArray("attributes");
        json.WriteAttribute("cicd.pipeline.name", entry.Service);
        json.WriteAttribute("cicd.pipeline.action.name", "RUN");
        json.WriteAttribute("cicd.pipeline.run.id", entry.Id);
        json.WriteAttribute("cicd.pipeline.result", RunWords.ResultOf(entry.Status));
        json.WriteAttribute("error.type", RunWords.ErrorOf(entry));
        WriteRef(json, entry.Trigger.Ref);
        json.WriteAttribute("vcs.ref.head.revision", entry.Trigger.Commit);
        if (entry.StartedAt is { } started)
        {
            json.WriteAttribute("thindeployer.queue.duration", Math.Max(0, (started - entry.AcceptedAt).TotalSeconds));
        }

        json.WriteEndArray();
        WriteLink(json, entry.Trigger.TraceLink);
        var message = entry.Steps.LastOrDefault(step => step.Status == entry.Status)?.Message;
        WriteStatus(json, RunWords.ErrorOf(entry) is not null, message);
        json.WriteEndObject();
    }

    private static void WriteStep(
        Utf8JsonWriter json,
        DeploymentEntry entry,
        DeploymentTrace trace,
        string name,
        StepResult step
    )
    {
        var command = step.Command.Trim();
        json.WriteStartObject();
        WriteIds(json, trace, trace.SpanOf(name), trace.SpanId, RemoteIsKnown);
        json.WriteString("name", OtlpJson.Cut(command));
        json.WriteNumber("kind", KindInternal);
        WriteTimes(json, step.StartedAt, step.StartedAt + (step.Duration ?? TimeSpan.Zero));
        json.WriteStartArray("attributes");
        json.WriteAttribute("cicd.pipeline.name", entry.Service);
        json.WriteAttribute("cicd.pipeline.run.id", entry.Id);
        json.WriteAttribute("cicd.pipeline.task.name", command);
        json.WriteAttribute("cicd.pipeline.task.run.id", $"{entry.Id}.{name}");
        json.WriteAttribute("cicd.pipeline.task.run.result", RunWords.ResultOf(step.Status));
        json.WriteAttribute("cicd.pipeline.task.type", "deploy");
        var error = step.Status is DeploymentStatus.Interrupted ? RunWords.Interrupted : RunWords.ErrorOf(step);
        json.WriteAttribute("error.type", error);
        json.WriteAttribute("process.exit.code", step.ExitCode);
        json.WriteAttribute("thindeployer.hook", step.Hook);
        json.WriteAttribute("thindeployer.attempts", step.Attempts > 1 ? step.Attempts : (long?)null);
        json.WriteEndArray();
        WriteStatus(json, error is not null, step.Message);
        json.WriteEndObject();
    }

    private static void WriteIds(
        Utf8JsonWriter json,
        DeploymentTrace trace,
        string span,
        string? parent,
        int parentFlags
    )
    {
        json.WriteString("traceId", trace.TraceId);
        json.WriteString("spanId", span);
        if (parent is not null)
        {
            json.WriteString("parentSpanId", parent);
        }

        json.WriteNumber("flags", trace.Flags | parentFlags);
    }

    /// <summary>The clock of the wall may have been set back meanwhile.</summary>
    private static void WriteTimes(Utf8JsonWriter json, DateTimeOffset start, DateTimeOffset end)
    {
        json.WriteTime("startTimeUnixNano", start);
        json.WriteTime("endTimeUnixNano", end > start ? end : start);
    }

    private static void WriteRef(Utf8JsonWriter json, string? reference)
    {
        var (name, type) = reference switch
        {
            null => (null, null),
            _ when reference.StartsWith("refs/heads/", StringComparison.Ordinal) => (
                reference["refs/heads/".Length..],
                "branch"
            ),
            _ when reference.StartsWith("refs/tags/", StringComparison.Ordinal) => (
                reference["refs/tags/".Length..],
                "tag"
            ),
            _ => (reference, (string?)null),
        };
        json.WriteAttribute("vcs.ref.head.name", name);
        json.WriteAttribute("vcs.ref.head.type", type);
    }

    private static void WriteLink(Utf8JsonWriter json, TraceParent? linked)
    {
        if (linked is null)
        {
            return;
        }

        json.WriteStartArray("links");
        json.WriteStartObject();
        json.WriteString("traceId", linked.TraceId);
        json.WriteString("spanId", linked.SpanId);
        json.WriteNumber("flags", linked.Flags | RemoteIsKnown | IsRemote);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>What is good, or was stopped by somebody, has none.</summary>
    private static void WriteStatus(Utf8JsonWriter json, bool isBad, string? message)
    {
        if (!isBad)
        {
            return;
        }

        json.WriteStartObject("status");
        json.WriteNumber("code", StatusError);
        if (message is not null)
        {
            json.WriteString("message", OtlpJson.Cut(message));
        }

        json.WriteEndObject();
    }
}
