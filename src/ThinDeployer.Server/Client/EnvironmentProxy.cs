using System.Net;

namespace ThinDeployer.Server.Client;

/// <summary>The proxy that the environment names, and around it what <c>NO_PROXY</c> names, as curl reads it.</summary>
/// <param name="named">Of the runtime, which reads <c>http_proxy</c> and its like; its own exceptions are not asked.</param>
/// <param name="variable">The environment.</param>
internal sealed class EnvironmentProxy(IWebProxy named, Func<string, string?> variable) : IWebProxy
{
    private readonly string _exceptions =
        Array.Find([variable("no_proxy"), variable("NO_PROXY")], text => text is { Length: > 0 }) ?? "";

    public ICredentials? Credentials
    {
        get => named.Credentials;
        set => named.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => named.GetProxy(destination);

    public bool IsBypassed(Uri host) => named.GetProxy(host) is null || ProxyExceptions.Cover(_exceptions, host.Host);
}
