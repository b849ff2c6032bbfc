using System.Net.Sockets;
using System.Runtime.InteropServices;
using ThinDeployer.Configuration;
using ThinDeployer.Listening;
using ThinDeployer.Operating.Diagnosis;
using ThinDeployer.Server.Systemd;
using ThinDeployer.Storage;

namespace ThinDeployer.Server;

/// <summary>Serves the core by Kestrel until it is told to stop.</summary>
internal static partial class StandaloneServer
{
    /// <returns>The exit code of the program.</returns>
    internal static async Task<int> RunAsync(ServerSettings settings)
    {
        try
        {
            // Before anything reads the environment, which tells of them.
            var passed = PassedSockets.Take();
            return await RunAsync(settings, passed);
        }
        // Also where no descriptor is free to read the configuration or a certificate.
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync($"thin-deployer: {exception.Message}");
            return ExitCode.CouldNotStart;
        }
    }

    private static async Task<int> RunAsync(ServerSettings settings, IReadOnlyList<PassedSocket> passed)
    {
        var configuration = LoadedConfiguration.Load(settings);
        var identity = IdentityOf(settings.Listen.Tls, out var inIdentity);
        string[] mistakes = [.. configuration.Mistakes, .. inIdentity];
        if (mistakes.Length == 0)
        {
            return await ServeAsync(settings, configuration, passed, identity);
        }

        await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, mistakes));
        return ExitCode.Configuration;
    }

    private static async Task<int> ServeAsync(
        ServerSettings settings,
        LoadedConfiguration configuration,
        IReadOnlyList<PassedSocket> passed,
        TlsIdentity? identity
    )
    {
        var app = Build(settings, configuration, passed, identity);
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
                app.Services.GetService<TlsCertificates>()?.ReloadNow();
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
        catch (Exception exception) when (exception is (IOException or SocketException) and not CantListenException)
        {
            await Console.Error.WriteLineAsync($"thin-deployer: {exception.GetBaseException().Message}");
            return ExitCode.CouldNotStart;
        }

        Announce(app, configuration, logger);
        systemd?.Ready();
        await app.WaitForShutdownAsync();
        return ExitCode.Good;
    }

    /// <summary>Null for plain HTTP, and for files that can't be used, with the reason.</summary>
    private static TlsIdentity? IdentityOf(TlsFiles? files, out IReadOnlyList<string> mistakes)
    {
        mistakes = [];
        if (files is null)
        {
            return null;
        }

        var identity = TlsIdentity.Load(files, out var mistake);
        mistakes = identity is null ? [$"thin-deployer: {mistake}"] : [];
        return identity;
    }

    private static IHost Build(
        ServerSettings settings,
        LoadedConfiguration configuration,
        IReadOnlyList<PassedSocket> passed,
        TlsIdentity? identity
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddThinDeployer(settings, configuration, HostProfile.Standalone).AddPageTexts();
        WebServer.AddTo(builder.Services, settings.Listen, passed, identity);
        return builder.Build();
    }

    private static void Announce(IHost app, LoadedConfiguration configuration, ILogger logger)
    {
        foreach (var address in app.Services.GetRequiredService<WebServer>().Addresses)
        {
            Log.Listens(logger, address);
        }

        Log.Services(logger, string.Join(", ", configuration.ServiceNames));
        if (app.Services.GetRequiredService<ConnectionLimits>() is { AreFew: true } few)
        {
            Log.FewConnections(logger, few.Connections, few.Descriptors);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Thin Deployer listens on {Address}")]
        internal static partial void Listens(ILogger logger, string address);

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
