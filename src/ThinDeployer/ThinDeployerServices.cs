using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Health;
using ThinDeployer.Http;
using ThinDeployer.Logging;
using ThinDeployer.Notifications;

namespace ThinDeployer;

/// <summary>All wiring of the core, in one call for a host. The host then serves <see cref="RouteTable"/>.</summary>
public static class ThinDeployerServices
{
    /// <summary>
    /// Adds the core to a host that has no command line: settings come from the environment, and a configuration with
    /// mistakes does not keep the host from starting. Deploys are then answered by 503, and the health check lists them.
    /// </summary>
    public static IServiceCollection AddThinDeployer(this IServiceCollection services)
    {
        var settings = ServerSettings.Read(_ => null, Environment.GetEnvironmentVariable);
        return services.AddThinDeployer(settings, LoadedConfiguration.Load(settings), HostProfile.Functions);
    }

    /// <summary>Adds the core.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="settings">The switches.</param>
    /// <param name="configuration">The services, read before; with mistakes in it, nothing is deployed.</param>
    /// <param name="profile">Which program this is.</param>
    public static IServiceCollection AddThinDeployer(
        this IServiceCollection services,
        ServerSettings settings,
        LoadedConfiguration configuration,
        HostProfile profile
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(profile);
        services.AddLogging(logging => logging.AddLogOutputs(profile.LogsToConsole, settings.LogFile));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(configuration.Snapshot);

        // Our own limit counts while reading and answers 413; the server's would break the connection.
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        return services.AddDeployments(profile).AddNotifications(profile).AddHealth().AddHttp(profile);
    }

    private static IServiceCollection AddDeployments(this IServiceCollection services, HostProfile profile) =>
        services
            .AddSingleton(provider => new StepRunner(profile.StopGrace, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<DeploymentEngine>()
            .AddSingleton<DeploymentQueue>()
            .AddHostedService(provider => new QueueShutdown(
                provider.GetRequiredService<DeploymentQueue>(),
                profile.ShutdownGrace
            ));

    private static IServiceCollection AddNotifications(this IServiceCollection services, HostProfile profile) =>
        services
            .AddSingleton(provider => new NotificationSender(
                service =>
                    provider
                        .GetRequiredService<ConfigurationSnapshot>()
                        .Services.GetValueOrDefault(service)
                        ?.Notification,
                profile.NotificationGrace,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<NotificationSender>>()
            ))
            .AddSingleton<IDeploymentListener>(provider => provider.GetRequiredService<NotificationSender>())
            .AddHostedService(provider => provider.GetRequiredService<NotificationSender>());

    private static IServiceCollection AddHealth(this IServiceCollection services) =>
        services.AddSingleton<HealthChecks>();

    private static IServiceCollection AddHttp(this IServiceCollection services, HostProfile profile) =>
        services
            .AddSingleton(provider => new DeployEndpoint(
                provider.GetRequiredService<ServerSettings>(),
                provider.GetRequiredService<ConfigurationSnapshot>(),
                provider.GetRequiredService<DeploymentQueue>(),
                profile.LongestWait ?? Timeout.InfiniteTimeSpan,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<HealthCheckEndpoint>()
            .AddSingleton(provider => new RouteTable(
                provider.GetRequiredService<DeployEndpoint>(),
                provider.GetRequiredService<HealthCheckEndpoint>(),
                provider.GetRequiredService<ConfigurationSnapshot>(),
                provider.GetRequiredService<DeploymentQueue>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<RouteTable>>()
            ));

    /// <summary>Stops the queue while the host still answers, so that new calls get a 503 and not a closed port.</summary>
    private sealed class QueueShutdown(DeploymentQueue queue, TimeSpan grace) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => queue.StopAsync(grace);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
