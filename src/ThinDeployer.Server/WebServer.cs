using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using ThinDeployer.Configuration;
using ThinDeployer.Http;

namespace ThinDeployer.Server;

/// <summary>Kestrel with the route table behind it, and nothing between: the framework's web host would cost more than both.</summary>
internal sealed class WebServer(IServer server, RouteTable routes)
    : IHostedService,
        IHttpApplication<DefaultHttpContext>
{
    /// <summary>Where it listens, as URLs, once it is started.</summary>
    internal IEnumerable<string> Addresses => server.Features.Get<IServerAddressesFeature>()!.Addresses;

    /// <summary>Adds it, to be started last and stopped first.</summary>
    internal static void AddTo(IServiceCollection services, IPEndPoint endpoint)
    {
        new KestrelServices(services)
            .UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                var provider = kestrel.ApplicationServices;
                provider.GetRequiredService<ConnectionLimits>().Apply(kestrel.Limits);
                kestrel.RequestHeaderEncodingSelector = StrictLength.Of;
                kestrel.Listen(
                    endpoint,
                    listen =>
                    {
                        listen.Protocols = HttpProtocols.Http1;
                        listen.Use(provider.GetRequiredService<AddressLimit>().Before);
                        listen.Use(new FirstByte(provider.GetRequiredService<TimeProvider>()).Before);
                        listen.Use(LengthlessPost.Before);
                    }
                );
            });

        services.AddSingleton(ConnectionLimits.Within(Descriptors.Raise()));
        services.AddSingleton(provider =>
            AddressCrowd.Within(
                provider.GetRequiredService<HttpSettings>(),
                provider.GetRequiredService<ConnectionLimits>().OfOneAddress
            )
        );
        services.AddSingleton<AddressLimit>();

        // A request is answered on the thread that read it: nothing in a handler waits but for the disk.
        services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        services.AddSingleton<WebServer>();
        services.AddHostedService(provider => provider.GetRequiredService<WebServer>());
    }

    /// <exception cref="IOException">The address is in use.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => server.StartAsync(this, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    /// <summary>The requests of a connection follow each other, so they share one context.</summary>
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> connection)
        {
            return new DefaultHttpContext(contextFeatures);
        }

        if (connection.HostContext is not { } context)
        {
            return connection.HostContext = new DefaultHttpContext(contextFeatures);
        }

        context.Initialize(contextFeatures);
        return context;
    }

    public Task ProcessRequestAsync(DefaultHttpContext context)
    {
        if (HttpProtocol.IsHttp10(context.Request.Protocol))
        {
            LengthlessPost.Restore(context);
        }

        return routes.HandleAsync(context);
    }

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
