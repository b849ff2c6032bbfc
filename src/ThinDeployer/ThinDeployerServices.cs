using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThinDeployer.Configuration;
using ThinDeployer.Deployments;
using ThinDeployer.Health;
using ThinDeployer.Http;
using ThinDeployer.Logging;

namespace ThinDeployer;

/// <summary>All wiring of the core, in one call for a host.</summary>
public static class ThinDeployerServices
{
    /// <summary>
    /// Adds the core. The host serves <see cref="RouteTable"/>, and its shutdown must take longer than
    /// <paramref name="shutdownGrace"/> and the time that a stopped step gets together.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="settings">The switches.</param>
    /// <param name="configuration">The services, read before; with mistakes in it, nothing is deployed.</param>
    /// <param name="shutdownGrace">What running deployments get to finish by themselves.</param>
    public static IServiceCollection AddThinDeployer(
        this IServiceCollection services,
        ServerSettings settings,
        LoadedConfiguration configuration,
        TimeSpan shutdownGrace
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddLogging(logging => logging.AddLogOutputs(settings.LogFile));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(configuration.Snapshot);
        services.AddSingleton<StepRunner>();
        services.AddSingleton<DeploymentEngine>();
        services.AddSingleton<DeploymentQueue>();
        services.AddSingleton<HealthChecks>();
        services.AddSingleton<DeployEndpoint>();
        services.AddSingleton<HealthCheckEndpoint>();
        services.AddSingleton(provider => new RouteTable(
            provider.GetRequiredService<DeployEndpoint>(),
            provider.GetRequiredService<HealthCheckEndpoint>(),
            provider.GetRequiredService<ConfigurationSnapshot>(),
            provider.GetRequiredService<DeploymentQueue>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RouteTable>>()
        ));
        services.AddHostedService(provider => new QueueShutdown(
            provider.GetRequiredService<DeploymentQueue>(),
            shutdownGrace
        ));
        return services;
    }

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
