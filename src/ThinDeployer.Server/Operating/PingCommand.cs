using System.CommandLine;
using System.Net;
using System.Security.Authentication;
using ThinDeployer.Listening;
using ThinDeployer.Server.Client;

namespace ThinDeployer.Server.Operating;

/// <summary><c>ping</c>: whether the server with these settings lives, for the health check of a container.</summary>
internal static class PingCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Option<bool> Ready = new("--ready")
    {
        Description = "ask whether it takes deployments, too",
    };

    internal static Command New()
    {
        var ping = new Command(
            "ping",
            "Ask the server of this machine with the same settings whether it lives: exit code 0, or 1 when not."
        );
        foreach (var option in (Option[])[Ready, .. ServerOptions.Of(one => one.IsEndpoint)])
        {
            ping.Options.Add(option);
        }

        ping.SetAction(PingAsync);
        return ping;
    }

    private static async Task<int> PingAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = ServerOptions.Read(parsed);
        if (settings.Mistakes.Count > 0)
        {
            return Refusal.Say(string.Join("; ", settings.Mistakes));
        }

        var address = settings.Listen.Addresses[0];
        if (address is ListenAddress.Tcp { Port: 0 })
        {
            return Refusal.Say("with port 0 nobody knows where the server listens");
        }

        var scheme = address is ListenAddress.Tcp && settings.Listen.Tls is not null ? "https" : "http";
        var isLocked = scheme is "https" && settings.Listen.Tls?.ClientAuthority is not null;
        if (isLocked && parsed.GetValue(Ready))
        {
            return Refusal.Say(
                "with --tls-client-ca it can't be asked whether it is ready: let it listen on a Unix socket, too, named first"
            );
        }

        var shookHands = false;
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectCallback = (_, cancel) => ServerConnection.ConnectAsync(EndOf(address), cancel),
#pragma warning disable CA5359 // It is our own server, on this machine; nothing secret is sent, and the name is not that of loopback.
                SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => shookHands = true },
#pragma warning restore CA5359
            }
        )
        {
            Timeout = Patience,
        };
        var path = $"{settings.PathBase}/technical/{(parsed.GetValue(Ready) ? "ready" : "live")}";
        try
        {
            using var answer = await client.GetAsync(new Uri($"{scheme}://localhost{path}"), cancellationToken);
            return answer.StatusCode is HttpStatusCode.NoContent
                ? ExitCode.Good
                : Fail($"{address}{path} answers {(int)answer.StatusCode}");
        }
        catch (HttpRequestException) when (isLocked && shookHands)
        {
            // It listens, and asks for a certificate that we have not.
            return ExitCode.Good;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException or AuthenticationException)
        {
            return Fail($"{address} can't be reached: {(exception.InnerException ?? exception).Message}");
        }
    }

    private static int Fail(string reason)
    {
        Console.Error.WriteLine($"thin-deployer: {reason}");
        return ExitCode.Failed;
    }

    /// <summary>Where all addresses are listened on, one of this machine.</summary>
    private static EndPoint EndOf(ListenAddress address) =>
        address.EndPoint is IPEndPoint end
        && (end.Address.Equals(IPAddress.Any) || end.Address.Equals(IPAddress.IPv6Any))
            ? new IPEndPoint(end.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback, end.Port)
            : address.EndPoint;
}
