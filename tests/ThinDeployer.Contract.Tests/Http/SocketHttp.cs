using System.Net.Sockets;

namespace ThinDeployer.Contract.Tests.Http;

/// <summary>An HTTP client whose connections go to a Unix socket.</summary>
internal static class SocketHttp
{
    /// <param name="path">Of the socket.</param>
    internal static HttpClient To(string path) =>
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectCallback = async (_, cancellationToken) =>
                    new NetworkStream(await ConnectAsync(path, cancellationToken), ownsSocket: true),
            }
        )
        {
            BaseAddress = new Uri("http://localhost"),
        };

    internal static async Task<Socket> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        return socket;
    }
}
