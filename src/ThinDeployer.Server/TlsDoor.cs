using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ThinDeployer.Server;

/// <summary>
/// What stands around the handshake: who speaks plain HTTP gets a hint, and of handshakes that fail the log hears as much as an operator
/// can read.
/// </summary>
internal sealed partial class TlsDoor(TlsCertificates certificates, TimeProvider time, ILogger<TlsDoor> logger)
{
    /// <summary>The first byte of a handshake (RFC 8446, section 5.1).</summary>
    private const byte Handshake = 22;

    /// <summary>As for the headers, less what the first byte may have taken.</summary>
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private static readonly byte[] Hint = HintOf("This port speaks TLS: use https");

    private readonly Lock _lock = new();
    private long _told;
    private int _untold;

    /// <summary>Puts TLS in front of what is added next.</summary>
    internal void AddTo(ListenOptions listen)
    {
        listen.Use(Before);
        listen.UseHttps(
            new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = HandshakeTime,
                OnConnection = context =>
                    ValueTask.FromResult(certificates.Options(reason => AttemptOf(context.Connection)?.Refuse(reason))),
            }
        );
        listen.Use(After);
    }

    private static Attempt? AttemptOf(ConnectionContext connection) => connection.Features.Get<Attempt>();

    private ConnectionDelegate Before(ConnectionDelegate next) =>
        async connection =>
        {
            var input = connection.Transport.Input;
            var read = await input.ReadAsync();
            var first = read.Buffer.IsEmpty ? (byte?)null : read.Buffer.FirstSpan[0];
            input.AdvanceTo(read.Buffer.Start);
            if (first is null)
            {
                // Who only looks whether the port is open.
                return;
            }

            if (first != Handshake)
            {
                await RefuseAsync(connection, isText: char.IsAsciiLetter((char)first));
                return;
            }

            var attempt = new Attempt();
            connection.Features.Set(attempt);
            try
            {
                await next(connection);
            }
            finally
            {
                if (!attempt.IsGood)
                {
                    Tell(connection, attempt.Reason);
                }
            }
        };

    private static ConnectionDelegate After(ConnectionDelegate next) =>
        connection =>
        {
            AttemptOf(connection)!.IsGood = true;
            return next(connection);
        };

    private async Task RefuseAsync(ConnectionContext connection, bool isText)
    {
        Tell(connection, isText ? "it speaks plain HTTP" : "it does not speak TLS");
        if (isText)
        {
            await connection.Transport.Output.WriteAsync(Hint);
        }
    }

    /// <summary>Once a minute, whatever strangers do.</summary>
    private void Tell(ConnectionContext connection, string reason)
    {
        int more;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_told != 0 && time.GetElapsedTime(_told, now) < Quiet)
            {
                _untold++;
                return;
            }

            (more, _untold, _told) = (_untold, 0, now);
        }

        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "an unknown address";
        Log.Failed(logger, address, reason);
        if (more > 0)
        {
            Log.Counted(logger, more);
        }
    }

    private static byte[] HintOf(string message)
    {
        var body = $"{{\"message\":\"{message}\"}}";
        return Encoding.ASCII.GetBytes(
            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\nCache-Control: no-store\r\n"
                + $"X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"
        );
    }

    /// <summary>Of one connection.</summary>
    private sealed class Attempt
    {
        internal bool IsGood { get; set; }

        internal string Reason { get; private set; } =
            "it gave up, took too long, or shares no version or cipher of TLS with this server";

        internal void Refuse(string reason) => Reason = reason;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "No TLS with {Address}: {Reason} (told at most once a minute)")]
        internal static partial void Failed(ILogger logger, string address, string reason);

        [LoggerMessage(LogLevel.Information, "No TLS with {Count} more connections since that was told last")]
        internal static partial void Counted(ILogger logger, int count);
    }
}
