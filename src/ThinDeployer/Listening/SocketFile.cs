using System.Net.Sockets;
using ThinDeployer.Yaml;

namespace ThinDeployer.Listening;

/// <summary>What stands where a Unix socket is to be made.</summary>
public enum SocketFile
{
    /// <summary>Nothing, in a folder that is there.</summary>
    None,

    /// <summary>Not even the folder.</summary>
    NoFolder,

    /// <summary>A socket that nobody listens on any more.</summary>
    Stale,

    /// <summary>A socket that somebody listens on, or that does not tell.</summary>
    Live,

    /// <summary>Another kind of file.</summary>
    Other,
}

/// <summary>Looks at what stands where a Unix socket is to be made, and changes nothing.</summary>
public static class SocketFiles
{
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;

    /// <param name="path">Full, and short enough for a socket.</param>
    public static SocketFile At(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (new FileInfo(path).LinkTarget is not null)
        {
            return SocketFile.Other;
        }

        if (FileStatus.Of(path) is not { } status)
        {
            return Directory.Exists(Path.GetDirectoryName(path)) ? SocketFile.None : SocketFile.NoFolder;
        }

        return (status.Mode & TypeMask) != SocketType ? SocketFile.Other
            : IsLive(path) ? SocketFile.Live
            : SocketFile.Stale;
    }

    /// <summary>Only a refusal says that nobody listens: who may not connect, or finds the queue full, learns nothing.</summary>
    private static bool IsLive(string path)
    {
        using var socket = new Socket(
            AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            ProtocolType.Unspecified
        )
        {
            Blocking = false,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is not SocketError.ConnectionRefused;
        }
    }
}
