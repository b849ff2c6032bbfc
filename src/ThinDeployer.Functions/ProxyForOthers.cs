using System.Net;

namespace ThinDeployer.Functions;

/// <summary>
/// The proxy that the environment names, for all but this machine. The worker speaks to its host by gRPC over the loopback
/// address: sent to a proxy, it would end at its start, wherever <c>http_proxy</c> is set for the commands.
/// </summary>
internal sealed class ProxyForOthers(IWebProxy proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
}
