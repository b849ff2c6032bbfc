using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ThinDeployer.Deployments;

namespace ThinDeployer.Http;

/// <summary>One path of the server.</summary>
/// <param name="Template">In the notation of ASP.NET Core, without a slash in front.</param>
/// <param name="Methods">In upper case; others are answered by 405.</param>
public sealed record Route(string Template, IReadOnlyList<string> Methods);

/// <summary>The one table of routes: a host hands every request in and finds its answer written.</summary>
public sealed partial class RouteTable
{
    private static readonly TimeSpan TimeForSending = TimeSpan.FromMilliseconds(250);

    private readonly List<RouteEntry> _entries;
    private readonly ClientAddresses _clients;
    private readonly EngineRoom _engine;
    private readonly HostProfile _profile;
    private readonly TimeProvider _time;
    private readonly RequestLog _requests;
    private readonly ILogger<RouteTable> _logger;

    internal RouteTable(
        IEnumerable<RouteEntry> entries,
        ClientAddresses clients,
        EngineRoom engine,
        HostProfile profile,
        TimeProvider time,
        RequestLog requests,
        ILogger<RouteTable> logger
    )
    {
        _entries = [.. entries];
        _clients = clients;
        _engine = engine;
        _profile = profile;
        _time = time;
        _requests = requests;
        _logger = logger;
    }

    /// <summary>All routes; a host that registers them one by one finds here what it must register.</summary>
    public IReadOnlyList<Route> Routes => [.. _entries.Select(entry => entry.Route)];

    /// <summary>
    /// Answers a request, whatever its path. What fails inside is logged and answered by 500. It throws only to break an
    /// answer off, on a host that takes this as the end of the connection.
    /// </summary>
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var begin = _time.GetTimestamp();
        context.Remember(_clients.Of(context));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException
                && context.RequestAborted.IsCancellationRequested
            )
        {
            _requests.ClientLeft(context, MillisecondsSince(begin));
            return;
        }
        catch (AnswerBrokenOffException)
        {
            _requests.BrokeOff(context, MillisecondsSince(begin));
            if (_profile.BreaksOffByException)
            {
                throw;
            }

            await AbortWhenSentAsync(context);
            return;
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerFailureAsync(context, exception.StatusCode, "The request is not valid HTTP");
        }
#pragma warning disable CA1031 // The last line of defence: no stack trace leaves the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Faulted(_logger, context.Request.Method, context.Request.Path, exception);
            await AnswerFailureAsync(
                context,
                StatusCodes.Status500InternalServerError,
                "An internal error; the log tells more"
            );
        }

        _requests.Answered(context, MillisecondsSince(begin));
    }

    private long MillisecondsSince(long begin) => (long)_time.GetElapsedTime(begin).TotalMilliseconds;

    /// <summary>Most are answered at once; only who waits must hear that the server goes.</summary>
    private async Task AnswerAsync(HttpContext context)
    {
        var answering = DispatchAsync(context);
        if (answering.IsCompleted)
        {
            await answering;
            return;
        }

        await using var gone = _engine.Gone.UnsafeRegister(static request => ((HttpContext)request!).Abort(), context);
        await answering;
    }

    private Task DispatchAsync(HttpContext context)
    {
        if (IsChunkedTwice(context.Request.Headers.TransferEncoding))
        {
            context.Response.Headers.Connection = "close";
            throw new BadHttpRequestException("The transfer coding chunked is applied more than once.");
        }

        var path = context.Request.Path.Value ?? "";
        foreach (var entry in HasDots(context) ? [] : _entries)
        {
            if (entry.ValueIn(path) is not { } value)
            {
                continue;
            }

            if (entry.Route.Methods.Contains(context.Request.Method))
            {
                return entry.AnswerAsync(context, value);
            }

            var allowed = string.Join(", ", entry.Route.Methods);
            context.Response.Headers.Allow = allowed;
            return context.AnswerAsync(
                StatusCodes.Status405MethodNotAllowed,
                $"This path does not know the method; it knows {allowed}"
            );
        }

        return context.AnswerAsync(StatusCodes.Status404NotFound, "There is nothing at this path");
    }

    /// <summary>
    /// The host has taken "/x/.." away by now. A proxy that lets only some paths through may have seen another one.
    /// </summary>
    private static bool HasDots(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget is { } target && DotSegments.AreIn(target);

    /// <summary>No two programs need to agree on where such a body ends (RFC 9112, section 6.1).</summary>
    private static bool IsChunkedTwice(StringValues codings) =>
        codings.Count > 0
        && DeployRequest
            .CodingsIn(codings)
            .Count(coding => coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)) > 1;

    private static async Task AnswerFailureAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await context.AnswerAsync(status, message);
    }

    /// <summary>Aborting drops what the host has not sent yet, and nothing tells when it has.</summary>
    private async Task AbortWhenSentAsync(HttpContext context)
    {
        await Task.Delay(TimeForSending, _time, CancellationToken.None);
        context.Abort();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method} {Path} met an internal error")]
        internal static partial void Faulted(ILogger logger, string method, string path, Exception exception);
    }
}
