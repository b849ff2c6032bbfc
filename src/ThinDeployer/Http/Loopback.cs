using System.Net;
using Microsoft.AspNetCore.Http;
using ThinDeployer.Addresses;

namespace ThinDeployer.Http;

/// <summary>Whether a request was made on this machine, by a program that asks for itself. In doubt it was not.</summary>
internal static class Loopback
{
    /// <summary>What a proxy says of whom it asks for, beside all that begins with <c>X-Forwarded-</c>.</summary>
    private static readonly string[] OfProxies =
    [
        "Forwarded",
        "Via",
        "X-Real-IP",
        "X-Client-IP",
        "X-Cluster-Client-IP",
        "X-Original-For",
        "X-Original-Forwarded-For",
        "X-Original-Host",
        "X-Envoy-External-Address",
        "X-Amzn-Trace-Id",
        "X-Azure-ClientIP",
        "Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
        "CF-Ray",
        // RFC 8586
        "CDN-Loop",
    ];

    internal static bool IsCaller(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } peer
        && IPAddress.IsLoopback(peer)
        && context.Client().Address is { } client
        && IPAddress.IsLoopback(client)
        && !IsForwarded(context.Request)
        && IsNamedByAddress(context.Request.Host);

    /// <summary>
    /// A proxy that adds no header, as nginx's <c>proxy_pass</c> alone, spoke HTTP/1.0 by default up to 1.29.6
    /// (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version). No program that reads metrics does.
    /// </summary>
    private static bool IsForwarded(HttpRequest request) =>
        HttpProtocol.IsHttp10(request.Protocol)
        || request.Headers.Keys.Any(name =>
            name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
            || OfProxies.Contains(name, StringComparer.OrdinalIgnoreCase)
        );

    /// <summary>A page in a browser of this machine can have its own name point to 127.0.0.1, but can't send another one.</summary>
    private static bool IsNamedByAddress(HostString host) => ThisMachine.IsNamedBy(host.Host);
}
