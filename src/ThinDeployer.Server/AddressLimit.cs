using System.Net;
using Microsoft.AspNetCore.Connections;
using ThinDeployer.Http;

namespace ThinDeployer.Server;

/// <summary>Closes what one address has opened beyond its share, so that it can't keep others out.</summary>
internal sealed partial class AddressLimit(AddressCrowd crowd, TimeProvider time, ILogger<AddressLimit> logger)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private long _told;

    internal ConnectionDelegate Before(ConnectionDelegate next) =>
        async connection =>
        {
            var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
            if (!crowd.TryEnter(address))
            {
                Tell(address);
                return;
            }

            try
            {
                await next(connection);
            }
            finally
            {
                crowd.Leave(address);
            }
        };

    /// <summary>Once a minute, whatever strangers do.</summary>
    private void Tell(IPAddress? address)
    {
        var (now, told) = (time.GetTimestamp(), Interlocked.Read(ref _told));
        if (
            (told == 0 || time.GetElapsedTime(told, now) >= Quiet)
            && Interlocked.CompareExchange(ref _told, now, told) == told
        )
        {
            Log.Closed(logger, address?.ToString() ?? "A Unix socket", crowd.Most);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Address} has {Most} connections, as many as one address may have; more are closed. If it is a proxy, name it in --trusted-proxies; a socket is named by the word unix"
        )]
        internal static partial void Closed(ILogger logger, string address, int most);
    }
}
