using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ThinDeployer.Deployments;
using ThinDeployer.Output;

namespace ThinDeployer.Http;

/// <summary>An output as plain text, byte by byte, while it grows.</summary>
internal static class TextStream
{
    internal const string ContentType = "text/plain";

    /// <summary>Writes the output to its end, and nothing else; disposes of it.</summary>
    /// <exception cref="AnswerBrokenOffException">The server ends before the deployment.</exception>
    internal static async Task WriteAsync(HttpContext context, FollowedOutput log, TimeProvider time)
    {
        var (end, _) = await FollowAsync(context, log, lead: "", Timeout.InfiniteTimeSpan, sign: "", time);
        if (end is null)
        {
            throw new AnswerBrokenOffException();
        }
    }

    /// <summary>
    /// Writes the output, and a line that says how the deployment ended. The status is long sent by then, so that a failure
    /// breaks the connection.
    /// </summary>
    /// <param name="context">Whose answer.</param>
    /// <param name="id">Of the deployment.</param>
    /// <param name="service">Whose.</param>
    /// <param name="log">Its output; it is disposed of.</param>
    /// <param name="lead">A line ahead of an output that may be long in coming; empty for none.</param>
    /// <param name="sign">After so long without output a line says that it still runs; infinite for never.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="AnswerBrokenOffException">The deployment did not succeed, or the server ends before it.</exception>
    internal static async Task WriteWithEndAsync(
        HttpContext context,
        string id,
        string service,
        FollowedOutput log,
        string lead,
        TimeSpan sign,
        TimeProvider time
    )
    {
        var (end, last) = await FollowAsync(context, log, lead, sign, $" # Deployment {id} has not ended yet\n", time);
        await SendAsync(
            context,
            LineBehind(
                last,
                end is null ? $" # The server is shutting down; see /deployments/{id}\n" : EndLine(end.Status, service)
            )
        );
        if (end?.Status is not DeploymentStatus.Succeeded)
        {
            throw new AnswerBrokenOffException();
        }
    }

    /// <summary>The same text at once when the deployment has ended: the status says how.</summary>
    internal static async Task WriteEndedAsync(HttpContext context, string service, DeploymentResult result)
    {
        var cancellationToken = context.RequestAborted;
        var body = context.Response.Body;
        context.Response.StatusCode = ResultAnswer.StatusOf(result);
        context.Response.ContentType = $"{ContentType}; charset=utf-8";
        var last = (byte)'\n';
        await OutputReader.ReadAsync(
            result.Output,
            piece =>
            {
                last = piece.Span[^1];
                return body.WriteAsync(piece, cancellationToken);
            },
            cancellationToken
        );
        await body.WriteAsync(LineBehind(last, EndLine(result.Status, service)), cancellationToken);
    }

    /// <summary>
    /// Whether the client can tell a broken answer from a whole one. HTTP/1.0, here or on the way to a proxy that says so (RFC 9110,
    /// section 7.6.3), knows no end but the connection's.
    /// </summary>
    internal static bool BreakIsSeen(HttpRequest request) =>
        !HttpProtocol.IsHttp10(request.Protocol)
        && !request.Headers.GetCommaSeparatedValues("Via").Any(by => by.StartsWith("1.0 ", StringComparison.Ordinal));

    private static string EndLine(DeploymentStatus status, string service) =>
        $" # Deployment {status.Name()}: {service}\n";

    private static byte[] LineBehind(byte last, string line) =>
        Encoding.UTF8.GetBytes(last is (byte)'\n' ? line : "\n" + line);

    /// <returns>The end, or null when the server ends before the deployment; and the last byte of the output.</returns>
    private static async Task<(DeploymentEntry? End, byte Last)> FollowAsync(
        HttpContext context,
        FollowedOutput log,
        string lead,
        TimeSpan patience,
        string sign,
        TimeProvider time
    )
    {
        var cancellationToken = context.RequestAborted;
        using var follower = new OutputFollower(log, OutputPlace.Start, wholeCharacters: false, time);
        context.Response.ContentType = $"{ContentType}; charset=utf-8";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.StartAsync(cancellationToken);
        if (lead.Length > 0)
        {
            await SendAsync(context, Encoding.UTF8.GetBytes(lead));
        }

        var last = (byte)'\n';
        while (true)
        {
            switch (await follower.NextAsync(patience, cancellationToken))
            {
                case FollowedEvent.Piece(var bytes, _):
                    last = bytes.Span[^1];
                    await SendAsync(context, bytes);
                    break;
                case FollowedEvent.Silence:
                    await SendAsync(context, Encoding.UTF8.GetBytes(sign));
                    break;
                case FollowedEvent.End(var entry):
                    return (entry, last);
                case FollowedEvent.Broken:
                    return (null, last);
                default:
                    break;
            }
        }
    }

    /// <summary>Now, and not when there is more.</summary>
    private static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
