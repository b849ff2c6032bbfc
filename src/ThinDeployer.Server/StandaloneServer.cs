using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ThinDeployer.Configuration;
using ThinDeployer.Http;
using ThinDeployer.Storage;

namespace ThinDeployer.Server;

/// <summary>Serves the core by Kestrel until it is told to stop.</summary>
internal static partial class StandaloneServer
{
    /// <returns>The exit code of the program.</returns>
    internal static async Task<int> RunAsync(ServerSettings settings, IPEndPoint endpoint)
    {
        var configuration = LoadedConfiguration.Load(settings);
        foreach (var mistake in configuration.Mistakes)
        {
            await Console.Error.WriteLineAsync(mistake);
        }

        if (configuration.Mistakes.Count > 0)
        {
            return ExitCode.Configuration;
        }

        await using var app = Build(settings, configuration, endpoint);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ThinDeployer");
        using var reload = PosixSignalRegistration.Create(
            PosixSignal.SIGHUP,
            signal =>
            {
                // Without this, it would end the program; from the start on.
                signal.Cancel = true;
                app.Services.ReloadConfiguration();
            }
        );
        try
        {
            await app.StartAsync();
        }
        catch (StorageException exception)
        {
            await Console.Error.WriteLineAsync($"thin-deployer: {exception.Message}");
            return ExitCode.CouldNotStart;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            var reason = exception.GetBaseException().Message;
            await Console.Error.WriteLineAsync($"thin-deployer: can't listen on {endpoint}: {reason}");
            return ExitCode.CouldNotStart;
        }

        Announce(app, configuration, logger);
        await app.WaitForShutdownAsync();
        return ExitCode.Good;
    }

    private static WebApplication Build(ServerSettings settings, LoadedConfiguration configuration, IPEndPoint endpoint)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddThinDeployer(settings, configuration, HostProfile.Standalone);
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                ConnectionLimits.Apply(kestrel.Limits);
                kestrel.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);
            });
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<RouteTable>().HandleAsync);
        return app;
    }

    private static void Announce(WebApplication app, LoadedConfiguration configuration, ILogger logger)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Log.Listens(logger, string.Join(", ", addresses));
        Log.Services(logger, string.Join(", ", configuration.ServiceNames));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Thin Deployer listens on {Addresses}")]
        internal static partial void Listens(ILogger logger, string addresses);

        [LoggerMessage(LogLevel.Information, "Services: {Names}")]
        internal static partial void Services(ILogger logger, string names);
    }
}
