using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ThinDeployer.FunctionsHost;

/// <summary>
/// The two web servers, on the loopback address: one for clients, one for workers. The second is an app of its own, because
/// its streams never end and would hold up the stop of the first.
/// </summary>
internal static class HostServers
{
    /// <summary>Bytes; the host's own limit.</summary>
    private const long LargestBody = 104_857_600;

    internal static WebApplication ForClients(HostOptions options, Action<IServiceCollection> add)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting().AddHttpForwarder();
        add(builder.Services);
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host =>
            host.ShutdownTimeout = options.RequestDrain
        );
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = LargestBody;
                kestrel.Listen(IPAddress.Loopback, options.Port);
            });
        return builder.Build();
    }

    internal static WebApplication ForWorkers(WorkerChannels channels)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(channels);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = null;
            grpc.MaxSendMessageSize = null;
        });
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(IPAddress.Loopback, port: 0, listen => listen.Protocols = HttpProtocols.Http2)
            );
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<FunctionRpcService>();
        return app;
    }
}
