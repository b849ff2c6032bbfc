using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using ThinDeployer.FunctionsHost.Rpc;
using Yarp.ReverseProxy.Forwarder;

namespace ThinDeployer.FunctionsHost;

/// <summary>Answers requests as the host does: finds the function, calls it by gRPC, and forwards the HTTP to its worker.</summary>
internal sealed class FunctionCalls(WorkerSupervisor workers, IHttpForwarder forwarder, HostOptions options)
    : IDisposable
{
    private readonly HttpMessageInvoker _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
        }
    );

    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = options.Silence };

    private readonly ConcurrentDictionary<Task, byte> _running = new();

    /// <summary>Waits until no function runs any more, or until it may wait no longer.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_running.Keys)
            .WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    internal async Task HandleAsync(HttpContext context)
    {
        if (FunctionRoutes.IsReserved(context.Request.Path))
        {
            // Without storage for keys nobody has one.
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var loaded = await workers.ReadyAsync(context.RequestAborted);
        var function = await loaded.Routes.FindAsync(context);
        if (function is null || !string.Equals(function.Level, "anonymous", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = function is null
                ? StatusCodes.Status404NotFound
                : StatusCodes.Status401Unauthorized;
            return;
        }

        var call = CallAsync(loaded.Worker, function, context);
        _running[call] = 0;
        try
        {
            await call;
        }
        finally
        {
            _running.TryRemove(call, out _);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task CallAsync(Worker worker, HttpFunction function, HttpContext context)
    {
        var id = $"{Guid.NewGuid()}";
        var call = worker.Channel.InvokeAsync(id, function.Id);
        var error = await forwarder.SendAsync(
            context,
            worker.Address!.ToString(),
            _client,
            _config,
            new InvocationTransformer(id),
            context.RequestAborted
        );
        if (error != ForwarderError.None)
        {
            Console.WriteLine(
                $"not forwarded: {error}: {context.GetForwarderErrorFeature()?.Exception?.GetBaseException().Message}"
            );
            worker.Channel.Tell(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = id } });
        }

        if (!await IsGoodAsync(call) && !context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private static async Task<bool> IsGoodAsync(Task<StatusResult> call)
    {
        try
        {
            return (await call).Status != StatusResult.Types.Status.Failure;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>
    /// Adds the number by which the worker joins the request to the call. What the client sent under that name stays, as it
    /// does in the real host; what it sent as <c>X-Forwarded-*</c> does not.
    /// </summary>
    private sealed class InvocationTransformer(string invocationId) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext,
            HttpRequestMessage proxyRequest,
            string destinationPrefix,
            CancellationToken cancellationToken
        )
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            Set("X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString());
            Set("X-Forwarded-Host", httpContext.Request.Host.Value);
            Set("X-Forwarded-Proto", httpContext.Request.Scheme);
            proxyRequest.Headers.TryAddWithoutValidation("x-ms-invocation-id", invocationId);

            void Set(string name, string? value)
            {
                proxyRequest.Headers.Remove(name);
                proxyRequest.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }
}
