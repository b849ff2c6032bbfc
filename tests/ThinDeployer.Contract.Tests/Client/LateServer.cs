using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>A server whose address is known before it listens: until then, connections are refused.</summary>
internal sealed class LateServer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    internal LateServer() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    internal Uri Address => new($"http://{_socket.LocalEndPoint}");

    /// <summary>Listens from now on, and answers so many requests.</summary>
    internal async Task AnswerAsync(params string[] answers)
    {
        _socket.Listen();
        foreach (var answer in answers)
        {
            using var connection = await _socket.AcceptAsync();
            await ReadAsync(connection);
            await connection.SendAsync(Encoding.UTF8.GetBytes(answer));
            connection.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>An answer with a body of JSON.</summary>
    internal static string Json(string status, string json, string headers = "") =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\nConnection: close\r\n{headers}\r\n{json}";

    public void Dispose() => _socket.Dispose();

    /// <summary>Its head, and a body that says how long it is.</summary>
    private static async Task ReadAsync(Socket connection)
    {
        var buffer = new byte[16 * 1024];
        var text = "";
        while (!IsWhole(text))
        {
            var count = await connection.ReceiveAsync(buffer);
            if (count == 0)
            {
                return;
            }

            text += Encoding.UTF8.GetString(buffer, 0, count);
        }
    }

    private static bool IsWhole(string text)
    {
        const string length = "Content-Length: ";
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var begin = text.IndexOf(length, StringComparison.OrdinalIgnoreCase);
        return head >= 0 && (begin < 0 || text.Length - head - 4 >= Number(text[(begin + length.Length)..]));
    }

    private static int Number(string text) => int.Parse(text.Split('\r')[0], CultureInfo.InvariantCulture);
}
