using System.Net.Sockets;
using System.Runtime.InteropServices;
using ThinDeployer.Broker;
using ThinDeployer.Configuration;
using ThinDeployer.Listening;
using ThinDeployer.Operating.Diagnosis;
using ThinDeployer.Server.Systemd;
using ThinDeployer.Storage;

namespace ThinDeployer.Server;

/// <summary>Serves the core by Kestrel until it is told to stop.</summary>
internal static partial class StandaloneServer
{
    /// <summary>Lead to other machines, in both roles.</summary>
    internal static Transports Transports { get; } = new(BrokerTransport.OfFront, BrokerTransport.OfMachine);

    /// <returns>The exit code of the program.</returns>
    internal static Task<int> RunAsync(ServerSettings settings) =>
        StartAsync(passed => RunAsync(settings, passed, machine: null));

    /// <summary>As a machine that a front orders about.</summary>
    /// <param name="code">To join a front by; null for one that has joined.</param>
    /// <param name="stop">Ends the waiting for the front.</param>
    /// <returns>The exit code of the program.</returns>
    internal static Task<int> RunAsAgentAsync(ServerSettings settings, string? code, CancellationToken stop) =>
        StartAsync(async passed =>
        {
            var configuration = LoadedConfiguration.Load(settings);
            if (configuration.Mistakes.Count > 0)
            {
                // Before a code is used up.
                return Refuse(configuration.Mistakes);
            }

            return await AgentProgram.JoinAsync(settings, code, BrokerTransport.OfMachine, Say, stop) switch
            {
                AgentStart.Joined(var machine) => await RunAsync(settings, passed, machine),
                AgentStart.Refused(var reason) => Refuse([$"thin-deployer: {reason}"]),
                AgentStart.NotLetIn(var reason) => Fail(reason),
                _ => throw new InvalidOperationException("Joining gave an answer that is not known."),
            };
        });

    private static async Task<int> StartAsync(Func<IReadOnlyList<PassedSocket>, Task<int>> run)
    {
        try
        {
            // Before anything reads the environment, which tells of them.
            return await run(PassedSockets.Take());
        }
        catch (StorageException exception)
        {
            return Fail(exception.Message);
        }
        // Also where no descriptor is free to read the configuration or a certificate.
        catch (IOException exception)
        {
            return Fail(exception.Message);
        }
    }

    private static async Task<int> RunAsync(
        ServerSettings settings,
        IReadOnlyList<PassedSocket> passed,
        JoinedMachine? machine
    )
    {
        var configuration = LoadedConfiguration.Load(settings);
        var identity = IdentityOf(settings.Listen.Tls, out var inIdentity);
        string[] mistakes = [.. configuration.Mistakes, .. inIdentity];
        return mistakes.Length > 0
            ? Refuse(mistakes)
            : await ServeAsync(Build(settings, configuration, passed, identity, machine), configuration);
    }

    private static async Task<int> ServeAsync(IHost app, LoadedConfiguration configuration)
    {
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
            return Fail(exception.Message);
        }
        catch (Exception exception) when (exception is (IOException or SocketException) and not CantListenException)
        {
            return Fail(exception.GetBaseException().Message);
        }

        Announce(app, configuration, logger);
        systemd?.Ready();
        await app.WaitForShutdownAsync();
        return ExitCode.Good;
    }

    private static void Say(string what) => Console.Error.WriteLine($"thin-deployer: {what}");

    private static int Fail(string reason)
    {
        Say(reason);
        return ExitCode.CouldNotStart;
    }

    private static int Refuse(IReadOnlyList<string> mistakes)
    {
        Console.Error.WriteLine(string.Join(Environment.NewLine, mistakes));
        return ExitCode.Configuration;
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
        TlsIdentity? identity,
        JoinedMachine? machine
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddThinDeployer(settings, configuration, HostProfile.Standalone).AddPageTexts(Transports);
        builder.Services.AddSingleton(BrokerTransport.OfFront);
        if (machine is not null)
        {
            builder.Services.AddAgent(machine, BrokerTransport.OfMachine);
        }

        if (machine is null || settings.Listen.IsAsked || passed.Count > 0)
        {
            WebServer.AddTo(builder.Services, settings.Listen, passed, identity);
        }
        else
        {
            // Each output of what runs is a file.
            _ = Descriptors.Raise();
        }

        return builder.Build();
    }

    private static void Announce(IHost app, LoadedConfiguration configuration, ILogger logger)
    {
        foreach (var address in app.Services.GetService<WebServer>()?.Addresses ?? [])
        {
            Log.Listens(logger, address);
        }

        Log.Services(logger, string.Join(", ", configuration.ServiceNames));
        if (app.Services.GetService<ConnectionLimits>() is { AreFew: true } few)
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
