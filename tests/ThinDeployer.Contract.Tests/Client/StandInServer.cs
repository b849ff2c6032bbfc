using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Contract.Tests.Client;

/// <summary>Something else in the place of a server, on a free port: a proxy, or one that is not ours.</summary>
internal sealed class StandInServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StandInServer(RequestDelegate answer, X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(
                    IPAddress.Loopback,
                    0,
                    listen =>
                    {
                        if (certificate is not null)
                        {
                            listen.UseHttps(certificate);
                        }
                    }
                )
            );
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        _app = builder.Build();
        _app.Run(answer);
    }

    internal Uri Address => new(_app.Urls.Single());

    /// <param name="answer">To each request.</param>
    /// <param name="certificate">Null for plain HTTP.</param>
    internal static async Task<StandInServer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var server = new StandInServer(answer, certificate);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
