using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using ThinDeployer.Configuration;
using ThinDeployer.Http;
using ThinDeployer.Listening;
using ThinDeployer.Server.Systemd;

namespace ThinDeployer.Server;

/// <summary>Kestrel with the route table behind it, and nothing between: the framework's web host would cost more than both.</summary>
internal sealed class WebServer(IServer server, RouteTable routes)
    : IHostedService,
        IHttpApplication<DefaultHttpContext>
{
    /// <summary>Where it listens, as URLs, once it is started; a Unix socket as the switch names it.</summary>
    internal IEnumerable<string> Addresses =>
        server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(url => url.Replace("http://unix:", "unix:"));

    /// <summary>Adds it, to be started last and stopped first.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="settings">Where to listen.</param>
    /// <param name="passed">Sockets that listen already, which stand in for all addresses.</param>
    /// <param name="identity">The certificate; null for plain HTTP.</param>
    internal static void AddTo(
        IServiceCollection services,
        ListenSettings settings,
        IReadOnlyList<PassedSocket> passed,
        TlsIdentity? identity
    )
    {
        var sockets = new ListeningSockets(settings.Addresses);
        new KestrelServices(services)
            .UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                var provider = kestrel.ApplicationServices;
                provider.GetRequiredService<ConnectionLimits>().Apply(kestrel.Limits);
                kestrel.RequestHeaderEncodingSelector = StrictLength.Of;
                foreach (var (endpoint, isSocketFile) in EndPointsOf(settings, passed))
                {
                    kestrel.Listen(endpoint, listen => Prepare(listen, provider, isSocketFile));
                }
            });

        if (settings.Tls is { } files && identity is not null)
        {
            services
                .AddSingleton(provider => new TlsCertificates(
                    files,
                    identity,
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<TlsCertificates>>()
                ))
                .AddHostedService(provider => provider.GetRequiredService<TlsCertificates>())
                .AddSingleton<TlsDoor>();
        }

        services.AddSingleton(ConnectionLimits.Within(Descriptors.Raise()));
        services.AddSingleton(provider =>
            AddressCrowd.Within(
                provider.GetRequiredService<HttpSettings>(),
                provider.GetRequiredService<ConnectionLimits>().OfOneAddress
            )
        );
        services.AddSingleton<AddressLimit>();

        // A request is answered on the thread that read it: nothing in a handler waits but for the disk.
        services.Configure<SocketTransportOptions>(transport =>
        {
            transport.UnsafePreferInlineScheduling = true;
            transport.CreateBoundListenSocket = sockets.Bind;
        });
        services.AddSingleton<WebServer>();
        services.AddHostedService(provider => provider.GetRequiredService<WebServer>());
    }

    /// <exception cref="CantListenException">An address can't be had.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => server.StartAsync(this, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    private static IEnumerable<(EndPoint EndPoint, bool IsSocketFile)> EndPointsOf(
        ListenSettings settings,
        IReadOnlyList<PassedSocket> passed
    ) =>
        passed.Count > 0
            ? passed.Select(socket =>
                ((EndPoint)new FileHandleEndPoint((ulong)socket.Descriptor, FileHandleType.Auto), socket.IsSocketFile)
            )
            : settings.Addresses.Select(address => (address.EndPoint, address is ListenAddress.Unix));

    /// <summary>HTTP/1.1 alone, with TLS too: docs/decisions/0013.</summary>
    private static void Prepare(ListenOptions listen, IServiceProvider provider, bool isSocketFile)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(provider.GetRequiredService<AddressLimit>().Before);
        var firstByte = new FirstByte(provider.GetRequiredService<TimeProvider>());
        listen.Use(firstByte.Before);
        if (!isSocketFile && provider.GetService<TlsDoor>() is { } door)
        {
            door.AddTo(listen);
            listen.Use(firstByte.Before);
        }

        listen.Use(LengthlessPost.Before);
    }

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
