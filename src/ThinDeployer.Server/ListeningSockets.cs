using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using ThinDeployer.Listening;

namespace ThinDeployer.Server;

/// <summary>Makes the sockets that Kestrel listens on, and says in words why one can't be made.</summary>
/// <param name="addresses">All that are listened on.</param>
internal sealed partial class ListeningSockets(IReadOnlyList<ListenAddress> addresses)
{
    /// <param name="endpoint">Of one of the addresses.</param>
    /// <exception cref="CantListenException">It can't be had.</exception>
    internal Socket Bind(EndPoint endpoint)
    {
        try
        {
            return endpoint switch
            {
                UnixDomainSocketEndPoint => BindSocketFile(FileOf(endpoint)),
                IPEndPoint { Address: var address } tcp when address.Equals(IPAddress.IPv6Any) => BindVersionSix(tcp),
                _ => SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint),
            };
        }
        catch (SocketException exception)
        {
            throw new CantListenException(endpoint, exception.Message, exception);
        }
    }

    private ListenAddress.Unix FileOf(EndPoint endpoint) =>
        addresses.OfType<ListenAddress.Unix>().Single(file => file.Path == endpoint.ToString());

    /// <summary>It takes IPv4, too, unless an address of that has a socket of its own at this port.</summary>
    private Socket BindVersionSix(IPEndPoint endpoint)
    {
        var isAlone = !addresses.Any(one =>
            one.EndPoint is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } four && four.Port == endpoint.Port
        );
        var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
        {
            DualMode = isAlone,
        };
        return Bound(socket, endpoint);
    }

    private static Socket BindSocketFile(ListenAddress.Unix file)
    {
        var endpoint = new UnixDomainSocketEndPoint(file.Path);
        switch (SocketFiles.At(file.Path))
        {
            case SocketFile.NoFolder:
                throw new CantListenException(file, "its folder is missing");
            case SocketFile.Live:
                throw new CantListenException(file, "it is in use by another program");
            case SocketFile.Other:
                throw new CantListenException(file, "there is a file that is no socket, which stays");
            case SocketFile.Stale:
                Remove(file);
                break;
        }

        // Linux makes the file with the rights of the socket, less the umask: never wider than in the end.
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (SetMode(socket.SafeHandle, (uint)file.Mode) != 0)
        {
            var reason = Marshal.GetLastPInvokeErrorMessage();
            socket.Dispose();
            throw new CantListenException(file, reason);
        }

        Bound(socket, endpoint);
        try
        {
            File.SetUnixFileMode(file.Path, file.Mode);
            return socket;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new CantListenException(file, exception.Message, exception);
        }
    }

    private static void Remove(ListenAddress.Unix file)
    {
        try
        {
            File.Delete(file.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CantListenException(file, $"the old socket can't be removed: {exception.Message}", exception);
        }
    }

    private static Socket Bound(Socket socket, EndPoint endpoint)
    {
        try
        {
            socket.Bind(endpoint);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int SetMode(SafeHandle socket, uint mode);
}

/// <summary>An address that can't be listened on; its message is a sentence.</summary>
internal sealed class CantListenException : IOException
{
    internal CantListenException(object address, string reason, Exception? cause = null)
        : base($"can't listen on {Written(address)}: {reason}", cause) { }

    private static string Written(object address) =>
        address is UnixDomainSocketEndPoint ? $"unix:{address}" : $"{address}";
}
