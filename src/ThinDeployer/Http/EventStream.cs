using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ThinDeployer.Deployments;
using ThinDeployer.Output;

namespace ThinDeployer.Http;

/// <summary>
/// An output as <c>text/event-stream</c> (html.spec.whatwg.org, "Server-sent events"). Its events carry the place in it
/// as their id, so a client that lost the connection goes on where it was.
/// </summary>
internal static class EventStream
{
    internal const string ContentType = "text/event-stream";

    /// <summary>Proxies cut a connection that is silent for longer, some after 60 s.</summary>
    private static readonly TimeSpan CommentEvery = TimeSpan.FromSeconds(15);

    /// <summary>Writes the output from a place to its end, and disposes of it.</summary>
    /// <exception cref="AnswerBrokenOffException">The server ends before the deployment.</exception>
    /// <param name="context">To answer.</param>
    /// <param name="log">The output.</param>
    /// <param name="place">Where it begins.</param>
    /// <param name="whole">Adds its machines to a deployment that has ended.</param>
    /// <param name="time">The clock.</param>
    internal static async Task WriteAsync(
        HttpContext context,
        FollowedOutput log,
        OutputPlace place,
        Func<DeploymentEntry, SeenDeployment> whole,
        TimeProvider time
    )
    {
        var cancellationToken = context.RequestAborted;
        using var follower = new OutputFollower(log, place, wholeCharacters: true, time);
        context.Response.ContentType = ContentType;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var body = context.Response.BodyWriter;
        body.Write(": follows\n\n"u8);
        while (true)
        {
            await body.FlushAsync(cancellationToken);
            switch (await follower.NextAsync(CommentEvery, cancellationToken))
            {
                case FollowedEvent.Piece(var bytes, var at):
                    WriteEvent(
                        body,
                        "output",
                        at,
                        new OutputEvent(Encoding.UTF8.GetString(bytes.Span)),
                        Json.OutputEvent
                    );
                    break;
                case FollowedEvent.Step(var step, var at):
                    WriteEvent(body, "step", at, StepJson.Of(step), Json.StepJson);
                    break;
                case FollowedEvent.Silence:
                    body.Write(":\n\n"u8);
                    break;
                case FollowedEvent.End(var entry):
                    WriteEvent(body, "end", place: null, DeploymentJson.Of(whole(entry)), Json.DeploymentJson);
                    await body.FlushAsync(cancellationToken);
                    return;
                default:
                    throw new AnswerBrokenOffException();
            }
        }
    }

    private static AnswerJson Json => Answers.Json;

    private static void WriteEvent<T>(
        IBufferWriter<byte> body,
        string name,
        OutputPlace? place,
        T data,
        JsonTypeInfo<T> type
    )
    {
        var id = place is null ? "" : $"id: {place}\n";
        body.Write(Encoding.UTF8.GetBytes($"event: {name}\n{id}data: "));
        using (var json = new Utf8JsonWriter(body, Answers.WriterOptions))
        {
            JsonSerializer.Serialize(json, data, type);
        }

        body.Write("\n\n"u8);
    }
}

/// <summary>A piece of output.</summary>
internal sealed record OutputEvent(string Text);
