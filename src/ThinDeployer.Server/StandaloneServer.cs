using System.Net.Sockets;
using System.Runtime.InteropServices;
using ThinDeployer.Configuration;
using ThinDeployer.Server.Systemd;
using ThinDeployer.Storage;

namespace ThinDeployer.Server;

/// <summary>Serves the core by Kestrel until it is told to stop.</summary>
internal static partial class StandaloneServer
{
    /// <returns>The exit code of the program.</returns>
    internal static async Task<int> RunAsync(ServerSettings settings)
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

        var app = Build(settings, configuration);
        await using var end = (IAsyncDisposable)app;
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ThinDeployer");
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        using var systemd = SystemdNotices.Begin(app.Services, logger);
        using var stop = lifetime.ApplicationStopping.Register(() => systemd?.Stopping());
        using var reload = PosixSignalRegistration.Create(
            PosixSignal.SIGHUP,
            signal =>
            {
                // Without this, it would end the program; from the start on.
                signal.Cancel = true;
                systemd?.Reloading();
                app.Services.ReloadConfiguration();
            }
        );
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before it could listen, such as while it waited for the data folder.
            return ExitCode.Good;
        }
        catch (Exception exception) when (exception is StorageException or MissingProgramException)
        {
            await Console.Error.WriteLineAsync($"thin-deployer: {exception.Message}");
            return ExitCode.CouldNotStart;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            var reason = exception.GetBaseException().Message;
            await Console.Error.WriteLineAsync($"thin-deployer: can't listen on {settings.Endpoint}: {reason}");
            return ExitCode.CouldNotStart;
        }

        Announce(app, configuration, logger);
        systemd?.Ready();
        await app.WaitForShutdownAsync();
        return ExitCode.Good;
    }

    private static IHost Build(ServerSettings settings, LoadedConfiguration configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddThinDeployer(settings, configuration, HostProfile.Standalone);
        WebServer.AddTo(builder.Services, settings.Endpoint);
        return builder.Build();
    }

    private static void Announce(IHost app, LoadedConfiguration configuration, ILogger logger)
    {
        Log.Listens(logger, string.Join(", ", app.Services.GetRequiredService<WebServer>().Addresses));
        Log.Services(logger, string.Join(", ", configuration.ServiceNames));
        if (app.Services.GetRequiredService<ConnectionLimits>() is { AreFew: true } few)
        {
            Log.FewConnections(logger, few.Connections, few.Descriptors);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Thin Deployer listens on {Addresses}")]
        internal static partial void Listens(ILogger logger, string addresses);

        [LoggerMessage(
            LogLevel.Warning,
            "Only {Count} connections at once, and few deployments: the system lets this process have {Limit} files open. "
                + "Raise it: LimitNOFILE=65536 in the unit, or ulimit -n"
        )]
        internal static partial void FewConnections(ILogger logger, int count, ulong limit);

        [LoggerMessage(LogLevel.Information, "Services: {Names}")]
        internal static partial void Services(ILogger logger, string names);
    }
}
