using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace ThinDeployer.Server;

/// <summary>
/// Answers what Kestrel refuses before it is a request. Kestrel tells of it by this event, when it has not begun its own answer, an empty
/// one, and gives that up when another has begun.
/// </summary>
internal sealed partial class RefusedRequests(ILogger<RefusedRequests> logger) : DiagnosticSource
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public override bool IsEnabled(string name) => name == Event;

    [RequiresUnreferencedCode("As it stands at what is overridden; nothing is looked up here.")]
    public override void Write(string name, object? value)
    {
        if (
            name == Event
            && value is IFeatureCollection features
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException refusal
            && features.Get<IHttpResponseFeature>() is { HasStarted: false } response
        )
        {
            var message = MessageOf(refusal.StatusCode);
            var address = features.Get<IHttpConnectionFeature>()?.RemoteIpAddress;
            Log.Refused(logger, refusal.StatusCode, message, address?.ToString() ?? "a Unix socket");
            response.StatusCode = refusal.StatusCode;
            Answer(features, response.Headers, $"{{\"message\":\"{message}\"}}");
        }
    }

    /// <summary>
    /// Never the exception's text: it quotes the request line, which may hold a token. No text here needs to be escaped.
    /// </summary>
    private static string MessageOf(int status) =>
        status switch
        {
            StatusCodes.Status408RequestTimeout => "The request did not come in time",
            StatusCodes.Status414UriTooLong => "The request line is too long",
            StatusCodes.Status431RequestHeaderFieldsTooLarge => "The headers are too many or too long",
            StatusCodes.Status505HttpVersionNotsupported => "This version of HTTP is not known here",
            _ => "The request is not valid HTTP",
        };

    private static void Answer(IFeatureCollection features, IHeaderDictionary headers, string body)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentType = "application/json; charset=utf-8";
        headers.ContentLength = body.Length;
        headers.Connection = "close";

        // Fills the head in and completes at once; there is no body yet that could be written to, only the connection.
        var head = features.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync(CancellationToken.None);
        Debug.Assert(head.IsCompletedSuccessfully, "Nobody else has a part in this answer.");
        if (features.Get<IHttpRequestFeature>()?.Method != HttpMethods.Head)
        {
            // Sent when the connection is closed, which is next.
            features
                .GetRequiredFeature<IConnectionTransportFeature>()
                .Transport.Output.Write(Encoding.ASCII.GetBytes(body));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Status} ({Message}) for {Address}: refused before it was a request")]
        internal static partial void Refused(ILogger logger, int status, string message, string address);
    }
}
