using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ThinDeployer.Fuzz.Serving;

/// <summary>A client that never ends what it began: it says nothing, half a head, or a part of a body.</summary>
/// <param name="From">Which address of this machine.</param>
/// <param name="Head">What it says of its request; empty for nothing.</param>
/// <param name="Sent">Bytes of the body that come.</param>
/// <param name="Drips">Whether a byte comes now and then.</param>
internal sealed record Lingerer(int From, string Head, int Sent, bool Drips)
{
    /// <summary>It may be given up meanwhile; that is what it is for.</summary>
    internal Socket Begin(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            SendTimeout = 5_000,
        };
        socket.Bind(new IPEndPoint(new IPAddress([127, 2, 0, (byte)From]), port: 0));
        socket.Connect(address.Host, address.Port);
        Send(socket, Encoding.Latin1.GetBytes(Head));
        Send(socket, new byte[Sent]);
        return socket;
    }

    internal void GoOn(Socket socket)
    {
        if (Drips && Head.Length > 0)
        {
            Send(socket, [(byte)'x']);
        }
    }

    private static void Send(Socket socket, byte[] bytes)
    {
        try
        {
            socket.Send(bytes);
        }
        catch (SocketException exception) when (exception.SocketErrorCode != SocketError.TimedOut) { }
    }
}
